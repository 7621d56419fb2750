import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MAX_ROOMS, addRoom, storedRooms, adjacentRoom } from '../../../../web/app/model/room-list.js';

test('takes what memory holds, as far as it is rooms', () => {
    assert.deepEqual(storedRooms(['b', 'a', 'b', 7, null, 'x/y', 'a:presence']), ['b', 'a']);
    for (const other of [undefined, 'broken', {}]) assert.deepEqual(storedRooms(other), []);
});

test('a room joins at the end; where there are too many, the first goes', () => {
    assert.deepEqual(addRoom(['a'], 'b'), { rooms: ['a', 'b'], left: [] });
    assert.deepEqual(addRoom(['a', 'b'], 'a'), { rooms: ['a', 'b'], left: [] });
    const full = Array.from({ length: MAX_ROOMS }, (_, index) => `r${index}`);
    const { rooms, left } = addRoom(full, 'x');
    assert.deepEqual([rooms.length, rooms.at(-1), left], [MAX_ROOMS, 'x', ['r0']]);
});

test('the rooms are a ring', () => {
    const rooms = ['a', 'b', 'c'];
    assert.equal(adjacentRoom(rooms, 'c', 1), 'a');
    assert.equal(adjacentRoom(rooms, 'a', -1), 'c');
    assert.equal(adjacentRoom(rooms, 'elsewhere', 1), 'a');
});
