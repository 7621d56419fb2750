import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MOST_ROOMS, join, joinedFrom, neighbour } from '../../../../web/app/model/room-list.js';

test('takes what memory holds, as far as it is rooms', () => {
    assert.deepEqual(joinedFrom(['b', 'a', 'b', 7, null, 'x/y', 'a:presence']), ['b', 'a']);
    for (const other of [undefined, 'broken', {}]) assert.deepEqual(joinedFrom(other), []);
});

test('a room joins at the end; where there are too many, the first goes', () => {
    assert.deepEqual(join(['a'], 'b'), { rooms: ['a', 'b'], left: [] });
    assert.deepEqual(join(['a', 'b'], 'a'), { rooms: ['a', 'b'], left: [] });
    const full = Array.from({ length: MOST_ROOMS }, (_, index) => `r${index}`);
    const { rooms, left } = join(full, 'x');
    assert.deepEqual([rooms.length, rooms.at(-1), left], [MOST_ROOMS, 'x', ['r0']]);
});

test('the rooms are a ring', () => {
    const rooms = ['a', 'b', 'c'];
    assert.equal(neighbour(rooms, 'c', 1), 'a');
    assert.equal(neighbour(rooms, 'a', -1), 'c');
    assert.equal(neighbour(rooms, 'elsewhere', 1), 'a');
});
