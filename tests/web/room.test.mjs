import assert from 'node:assert/strict';
import { test } from 'node:test';

import { roomChoices, roomFromInput, roomFromPath, roomProblem, roomUrl, visited } from '../../web/room.js';

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

test('remembers the rooms visited last', () => {
    assert.deepEqual(visited(undefined, 'a'), ['a']);
    assert.deepEqual(visited(['b', 'a', 'c'], 'a'), ['a', 'b', 'c']);
    assert.deepEqual(visited(['b', 7, null], undefined), ['b']);
    assert.deepEqual(visited('broken', 'a'), ['a']);
    assert.equal(visited('abcdefghijkl'.split(''), 'z').length, 8);
});

test('offers the rooms in use and those visited, the lobby first', () => {
    const inUse = [
        { room: 'b', subscribers: 2, messages: 9 },
        { room: 'a', subscribers: 0 },
        { room: 'b:presence', subscribers: 1 },
        { room: '..', subscribers: 1 },
    ];
    assert.deepEqual(roomChoices(inUse, ['c', 'b', '']), [
        { room: 'lobby' },
        { room: 'a', subscribers: 0 },
        { room: 'b', subscribers: 2 },
        { room: 'c' },
    ]);
    assert.deepEqual(roomChoices([{ room: 'lobby', subscribers: 3 }], []), [{ room: 'lobby', subscribers: 3 }]);
});
