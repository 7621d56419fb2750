import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PresenceList, presenceCount, presenceNoteParts } from '../../../../web/app/model/presence.js';

test('a list, and who joins and leaves after it', () => {
    const present = new PresenceList();
    assert.equal(presenceCount(present), '');
    present.reset({ present: [{ as: 'bo' }, { as: 'ann' }], subscribers: 5 });
    assert.deepEqual([present.names, present.anonymous, presenceCount(present)], [['ann', 'bo'], 3, '5 here']);
    assert.equal(present.apply({ event: 'join', as: 'cay' }), true);
    assert.equal(present.apply({ event: 'join', as: 'cay' }), false);
    assert.equal(present.apply({ event: 'leave', as: 'ann' }), true);
    assert.equal(present.apply({ event: 'leave', as: 'ann' }), false);
    assert.equal(present.apply({ event: 'wave', as: 'zoe' }), false);
    assert.equal(present.apply({ event: 'join' }), false);
    assert.deepEqual(present.names, ['bo', 'cay']);
    present.reset({ present: [{ as: 'bo' }], subscribers: 0 });
    assert.deepEqual([present.names, present.anonymous], [['bo'], 0], 'between two polls');
});

test('joins and leaves in words', () => {
    const say = (...events) => presenceNoteParts(events.map(([event, as]) => ({ event, as }))).map(({ text }) => text);
    const text = (...events) => say(...events).join('');
    assert.equal(text(['join', 'Ann']), 'Ann joined');
    assert.equal(text(['join', 'Ann'], ['join', 'Bo'], ['leave', 'Cay']), 'Ann and Bo joined · Cay left');
    assert.equal(text(['join', 'Ann'], ['leave', 'Ann']), 'Ann came by');
    assert.equal(text(['leave', 'Ann'], ['join', 'Ann']), 'Ann came back');
    const many = (count) => Array.from({ length: count }, (_, index) => ['join', `n${index}`]);
    assert.equal(text(...many(4)), 'n0, n1, n2 and n3 joined');
    assert.equal(text(...many(14)), 'n0, n1, n2 and 11 others joined');
});

test('a name is told from the words around it', () => {
    const parts = presenceNoteParts([{ event: 'join', as: 'Bo joined · Ann' }]);
    assert.deepEqual(parts, [{ text: 'Bo joined · Ann', name: true }, { text: ' joined' }]);
});
