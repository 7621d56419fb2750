import assert from 'node:assert/strict';
import { test } from 'node:test';

import { roomChoices, roomFromInput, roomFromPath, roomProblem, roomUrl } from '../../../../web/app/model/room.js';

test('the address names the room', () => {
    const cases = [
        ['/', 'lobby'],
        ['/room/kitchen', 'kitchen'],
        ['/room/a%20b', 'a b'],
        ['/room/%C3%BC', 'ü'],
        ['/room/', undefined],
        ['/room/a/b', undefined],
        ['/room/a%2Fb', undefined],
        ['/room/%', undefined],
        ['/room/%FF', undefined],
        ['/room/%00', undefined],
        ['/elsewhere', undefined],
    ];
    for (const [path, room] of cases) assert.equal(roomFromPath(path), room, path);
});

test('from the name to the address and back', () => {
    for (const room of ['lobby', 'a b', 'ü', '日本', 'a?b#c&d%', 'a+b', "it's", ':presence', '🎉']) {
        assert.equal(roomFromPath(new URL(roomUrl(room), 'http://h').pathname), room);
    }
});

test('names that cannot be a room are explained', () => {
    for (const good of ['a', 'a b', 'ü'.repeat(64), 'a'.repeat(128), '...']) assert.equal(roomProblem(good), '', good);
    for (const bad of ['', '.', '..', 'a/b', 'a\n', '\u0085', 'a'.repeat(129), 'ü'.repeat(65), '\ud800']) {
        assert.notEqual(roomProblem(bad), '', JSON.stringify(bad));
    }
});

test('takes what people type', () => {
    assert.equal(roomFromInput('  #kitchen '), 'kitchen');
    assert.equal(roomFromInput('## a b'), 'a b');
    assert.equal(roomFromInput('u\u0308'), 'ü');
    assert.equal(roomFromInput('#'), '');
});

test('offers the rooms joined, in their order, and the others in use, the lobby first', () => {
    const inUse = [
        { room: 'b', subscribers: 2, messages: 9 },
        { room: 'a', subscribers: 0 },
        { room: 'z', subscribers: 1 },
        { room: 'b:presence', subscribers: 1 },
        { room: '..', subscribers: 1 },
    ];
    const joined = [
        { room: 'z', unread: 3 },
        { room: 'new', unread: 0 },
    ];
    assert.deepEqual(roomChoices(inUse, joined), {
        joined,
        others: [
            { room: 'lobby', subscribers: undefined },
            { room: 'a', subscribers: 0 },
            { room: 'b', subscribers: 2 },
        ],
    });
    const { others } = roomChoices([{ room: 'lobby', subscribers: 3 }], [{ room: 'lobby', unread: 0 }]);
    assert.deepEqual(others, []);
});

test('other rooms are sorted as people count, filtered by what is written, and of many the busy ones are shown', () => {
    const names = (inUse, filter) => roomChoices(inUse, [], filter).others.map(({ room }) => room);
    const some = ['b-10', 'b-2', 'B-1', 'ab-3'].map((room) => ({ room, subscribers: 0 }));
    assert.deepEqual(names(some), ['lobby', 'ab-3', 'B-1', 'b-2', 'b-10']);
    assert.deepEqual(names(some, 'B-'), ['ab-3', 'B-1', 'b-2', 'b-10']);
    assert.deepEqual(names(some, 'nothing'), []);
    const many = Array.from({ length: 100 }, (_, i) => ({ room: `r${i}`, subscribers: i }));
    const busy = Array.from({ length: 40 }, (_, i) => `r${i + 60}`);
    assert.deepEqual(names(many), busy);
});
