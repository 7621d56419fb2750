import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AnteroomError } from '../../../../web/client/anteroom.js';
import { Conversation } from '../../../../web/app/model/conversation.js';
import { createMessageSender } from '../../../../web/app/model/message-sender.js';
import { fakeClock, message, settled } from '../../fakes.mjs';

/** A writer whose messages wait until the test answers them. */
function writingTo(...names) {
    const sent = [];
    const asked = [];
    const said = [];
    const changed = [];
    const waiting = [];
    const clock = fakeClock();
    const sender = createMessageSender(
        {
            onChange: (room) => changed.push(room),
            announce: (text) => said.push(text),
            onWaiting: (messages) => waiting.push(messages),
        },
        {
            publish: (options) => new Promise((accept, refuse) => sent.push({ options, accept, refuse })),
            history: (options) => new Promise((accept, refuse) => asked.push({ options, accept, refuse })),
        },
        clock,
    );
    const rooms = names.map((room) => {
        const conversation = new Conversation(room);
        conversation.open({ messages: [message('e-1')], next: 'e-1', more: false });
        return conversation;
    });
    return { sender, sent, asked, said, changed, waiting, rooms, clock };
}

const look = ({ timeline }) => timeline.entries.map(({ data, status }) => `${data} ${status}`).slice(1);

test('is shown at once, and settled by the answer', async () => {
    const { sender, sent, changed, rooms } = writingTo('a');
    sender.send(rooms[0], 'hi', 'ann');
    assert.deepEqual(look(rooms[0]), ['hi sending']);
    await settled();
    const { room, data, as, key } = sent[0].options;
    assert.deepEqual([room, data, as, typeof key], ['a', 'hi', 'ann', 'string']);
    sent[0].accept({ id: 'e-2', time: 7 });
    await settled();
    assert.deepEqual([look(rooms[0]), changed], [['hi sent'], ['a', 'a']]);
});

test('one after the other in a room; a slow room holds up no other', async () => {
    const { sender, sent, rooms } = writingTo('a', 'b');
    sender.send(rooms[0], 'one', 'ann');
    sender.send(rooms[0], 'two', 'ann');
    sender.send(rooms[1], 'three', 'ann');
    await settled();
    assert.deepEqual(
        sent.map(({ options }) => options.data),
        ['one', 'three'],
    );
    sent[0].refuse(new AnteroomError('too long', { status: 413 }));
    await settled();
    assert.equal(sent[2].options.data, 'two');
    assert.deepEqual(look(rooms[0]), ['one failed', 'two sending']);
});

test('without a server it waits, is said once, and goes with its key when the server is back', async () => {
    const { sender, sent, said, waiting, rooms, clock } = writingTo('a');
    sender.send(rooms[0], 'one', 'ann');
    sender.send(rooms[0], 'two', 'ann');
    await settled();
    for (let attempt = 0; attempt < 3; attempt += 1) {
        sent.at(-1).refuse(new AnteroomError('it cannot be reached'));
        await settled();
        assert.deepEqual(look(rooms[0]), ['one waiting', 'two waiting']);
        await clock.advance(5000);
    }
    assert.deepEqual(said, ['Message waits to be sent. It cannot be reached.']);
    assert.deepEqual(
        waiting.at(-1).map(({ room, data, as }) => [room, data, as]),
        [
            ['a', 'one', 'ann'],
            ['a', 'two', 'ann'],
        ],
    );
    sent.at(-1).accept({ id: 'e-2', time: 7 });
    await settled();
    sent.at(-1).accept({ id: 'e-3', time: 8 });
    await settled();
    assert.deepEqual(look(rooms[0]), ['one sent', 'two sent']);
    assert.equal(new Set(sent.slice(0, 4).map(({ options }) => options.key)).size, 1);
    assert.deepEqual(waiting.at(-1), []);
});

test('while the server is away nothing is sent, so that all of it can be taken back', async () => {
    const { sender, sent, said, rooms } = writingTo('a');
    sender.connected({ state: 'live' });
    sender.connected({ state: 'waiting', error: new AnteroomError('away') });
    sender.connected({ state: 'connecting' });
    sender.send(rooms[0], 'one', 'ann');
    sender.send(rooms[0], 'two', 'ann');
    await settled();
    assert.deepEqual([look(rooms[0]), sent.length], [['one waiting', 'two waiting'], 0]);
    assert.deepEqual(said, ['Message waits to be sent.']);
    sender.connected({ state: 'waiting', error: new AnteroomError('too many rooms', { status: 503 }) });
    await settled();
    assert.deepEqual([look(rooms[0]), sent.length], [['one sending', 'two waiting'], 1], 'it is there');
});

test('what waits can be taken back, and what an earlier visit left goes before it', async () => {
    const { sender, sent, asked, waiting, rooms } = writingTo('a');
    const left = { key: 'k1', data: 'left', as: 'ann', time: 1, since: 1, after: 'e-1' };
    sender.restore([{ room: 'a', ...left }, { room: 'gone', ...left }], (room) => rooms.find((one) => one.room === room));
    assert.deepEqual(look(rooms[0]), ['left sending']);
    sender.send(rooms[0], 'hi', 'ann');
    await settled();
    assert.deepEqual([sent.length, asked[0].options], [0, { room: 'a', after: 'e-1', limit: 1000 }]);
    asked[0].refuse(new AnteroomError('away'));
    await settled();
    assert.deepEqual(look(rooms[0]), ['left waiting', 'hi waiting']);
    const { key } = waiting.at(-1)[1];
    assert.equal(sender.takeBack(rooms[0], key), 'hi');
    assert.equal(sender.takeBack(rooms[0], key), undefined);
    assert.deepEqual(
        waiting.at(-1).map(({ data }) => data),
        ['left'],
    );
    assert.equal(sender.takeBack(rooms[0], 'k1'), undefined, 'it may have been published');
    assert.deepEqual(look(rooms[0]), ['left failed']);
    assert.equal(rooms[0].timeline.get('k1').problem, 'It may have been published.');
    rooms[0].receive([message('e-2', 'left', 'ann')], 'ann');
    assert.deepEqual([look(rooms[0]), rooms[0].timeline.get('k1').mine], [['left settled'], true]);
    sender.remove('a');
    assert.deepEqual(waiting.at(-1), []);
});

test('the same words of another do not settle what was not sent', async () => {
    const { sender, sent, rooms, clock } = writingTo('a');
    sender.send(rooms[0], 'ok', 'ann');
    await settled();
    sent[0].refuse(new AnteroomError('away'));
    await settled();
    rooms[0].receive([message('e-2', 'ok', 'ann')], 'ann'); // by another page of the same name
    await clock.advance(500);
    assert.equal(sent.length, 2, 'its key decides');
    sent[1].accept({ id: 'e-3', time: 7 });
    await settled();
    assert.deepEqual(look(rooms[0]), ['ok settled', 'ok sent']);
});

test('a room that was left and joined again has another conversation', async () => {
    const { sender, sent, rooms } = writingTo('a');
    sender.send(rooms[0], 'one', 'ann');
    await settled();
    sent[0].accept({ id: 'e-2', time: 7 });
    await settled();
    const again = new Conversation('a');
    again.open({ messages: [message('e-1')], next: 'e-1', more: false });
    sender.send(again, 'two', 'ann');
    await settled();
    sent[1].accept({ id: 'e-3', time: 8 });
    await settled();
    assert.deepEqual(look(again), ['two sent']);
});

test('a message in doubt is looked for page by page', async () => {
    const { sender, sent, asked, rooms } = writingTo('a');
    sender.restore([{ room: 'a', key: 'k', data: 'left', as: 'ann', time: 1, since: 1, after: 'e-1' }], () => rooms[0]);
    await settled();
    asked[0].accept({ messages: [message('e-2')], next: 'e-2', more: true });
    await settled();
    assert.equal(asked[1].options.after, 'e-2');
    asked[1].accept({ messages: [message('e-3', 'left', 'bo'), message('e-4', 'left', 'ann')], next: 'e-4', more: false });
    await settled();
    assert.deepEqual([look(rooms[0]), sent.length], [['left sent'], 0]);

    const gap = writingTo('a');
    gap.sender.restore([{ room: 'a', key: 'k', data: 'left', as: 'ann', time: 1, since: 1 }], () => gap.rooms[0]);
    await settled();
    assert.equal(gap.asked[0].options.after, '0');
    gap.asked[0].accept({ messages: [message('e-9')], gaps: [{}], next: 'e-9', more: false });
    await settled();
    assert.deepEqual([look(gap.rooms[0]), gap.sent.length], [['left failed'], 0]);
    gap.sender.retry(gap.rooms[0], 'k');
    await settled();
    assert.deepEqual([look(gap.rooms[0]), gap.sent.length], [['left sending'], 1]);
});

test('a refusal is said, and sent again with the same key', async () => {
    const { sender, sent, said, rooms } = writingTo('a');
    sender.send(rooms[0], 'hi', 'ann');
    await settled();
    sent[0].refuse(new AnteroomError('the body is too long', { status: 413 }));
    await settled();
    assert.deepEqual(said, ['Message not sent. The body is too long.']);
    const { key } = sent[0].options;
    sender.retry(rooms[0], key);
    await settled();
    assert.deepEqual([sent[1].options.key, sent[1].options.as, look(rooms[0])], [key, 'ann', ['hi sending']]);
    sent[1].refuse(new TypeError('a bug'));
    await settled();
    sender.discard(rooms[0], key);
    assert.deepEqual(look(rooms[0]), []);
    assert.match(said.at(-1), /^Discarded: hi/);
});

test('writing ends the line above what is new', () => {
    const { sender, rooms } = writingTo('a');
    rooms[0].unread.setActive(false);
    rooms[0].receive([message('e-2')], 'me');
    rooms[0].unread.setActive(true);
    assert.equal(rooms[0].unread.since, 'e-2');
    sender.send(rooms[0], 'hi', 'ann');
    assert.equal(rooms[0].unread.since, undefined);
});
