import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createTyping, typingParts } from '../../../../web/app/model/typing.js';
import { fakeClock } from '../../fakes.mjs';

function watching() {
    const clock = fakeClock();
    const sent = [];
    const changes = [];
    const typing = createTyping({ send: (room) => sent.push(room), onChange: (room) => changes.push(room), ...clock });
    return { clock, typing, sent, changes };
}

test('is sent when one begins, and now and then while one writes', async () => {
    const { clock, typing, sent } = watching();
    typing.input('a', 'h');
    typing.input('a', 'he');
    assert.deepEqual(sent, ['a']);
    await clock.advance(2999);
    typing.input('a', 'hel');
    assert.deepEqual(sent, ['a']);
    await clock.advance(1);
    typing.input('a', 'hell');
    assert.deepEqual(sent, ['a', 'a']);
    typing.input('b', 'h');
    assert.deepEqual(sent, ['a', 'a', 'b'], 'each room by itself');
});

test('is not sent for nothing, and again at once after a message', () => {
    const { typing, sent } = watching();
    typing.input('a', '');
    typing.input('a', ' \n');
    assert.deepEqual(sent, []);
    typing.input('a', 'h');
    typing.sent('a');
    typing.input('a', 'w');
    assert.deepEqual(sent, ['a', 'a']);
});

test('is shown for five seconds after the last time', async () => {
    const { clock, typing, changes } = watching();
    typing.received('a', 'Ann');
    await clock.advance(4000);
    typing.received('a', 'Ann');
    await clock.advance(4999);
    assert.deepEqual([typing.names('a'), changes], [['Ann'], ['a']], 'drawn once');
    await clock.advance(1);
    assert.deepEqual([typing.names('a'), changes, clock.pending], [[], ['a', 'a'], []]);
});

test('ends with a message of theirs, in that room only', () => {
    const { clock, typing, changes } = watching();
    typing.received('a', 'Ann');
    typing.received('a', 'Bo');
    typing.received('b', 'Ann');
    typing.stopped('a', 'Ann');
    typing.stopped('a', 'Cy');
    typing.stopped('c', 'Ann');
    assert.deepEqual([typing.names('a'), typing.names('b'), typing.names('c')], [['Bo'], ['Ann'], []]);
    assert.deepEqual(changes, ['a', 'a', 'b', 'a']);
    assert.equal(clock.pending.length, 2, 'no timer is left behind');
});

test('is said in words', () => {
    const words = (...names) =>
        typingParts(names)
            .map(({ text, name }) => (name ? `<${text}>` : text))
            .join('');
    assert.equal(words(), '');
    assert.equal(words('Ann'), '<Ann> is typing…');
    assert.equal(words('Ann', 'Bo'), '<Ann> and <Bo> are typing…');
    assert.equal(words('Ann', 'Bo', 'Cy'), '3 people are typing…');
});
