import assert from 'node:assert/strict';
import { test } from 'node:test';

import { House } from '../../../../web/app/model/joined-rooms.js';
import { MOST_ROOMS } from '../../../../web/app/model/room-list.js';
import { message } from '../../fakes.mjs';
import { memoryWith, storage } from '../../storage.mjs';

const names = (conversations) => conversations.map(({ room }) => room);

test('rooms are joined once, remembered, and left', () => {
    const kept = storage();
    const house = new House(memoryWith({}, kept));
    const { added, removed } = house.join('a');
    assert.deepEqual([names(added), removed], [['a'], []]);
    house.join('b');
    assert.deepEqual(house.join('a').added, []);
    assert.deepEqual(new House(memoryWith({}, kept)).rooms, ['a', 'b']);
    house.leave('a');
    assert.deepEqual(new House(memoryWith({}, kept)).rooms, ['b']);
    assert.equal(house.get('a'), undefined);
});

test('a room that makes one too many takes the place of the first', () => {
    const house = new House(memoryWith({ joined: Array.from({ length: MOST_ROOMS }, (_, index) => `r${index}`) }));
    assert.deepEqual(house.join('x').removed, ['r0']);
    assert.equal(house.conversations.length, MOST_ROOMS);
});

test('the next visit goes on where this one had read to; a room that was left begins anew', () => {
    const kept = storage();
    const house = new House(memoryWith({}, kept));
    house.join('a');
    house.get('a').receive([message('e-7')]);
    assert.equal(house.read(house.get('a')), true);
    assert.equal(new House(memoryWith({}, kept)).get('a').cursor, undefined, 'not with every message');
    house.save();
    assert.equal(house.read(house.get('a')), false);
    assert.equal(new House(memoryWith({}, kept)).get('a').cursor, 'e-7');
    house.leave('a');
    house.join('a');
    assert.equal(house.get('a').cursor, undefined);
});

test('adds up what is unread', () => {
    const house = new House(memoryWith({ joined: ['a', 'b'], 'read.a': 'e-1', 'read.b': 'e-1' }));
    house.get('a').receive([message('e-2')]);
    house.get('b').receive([message('e-2'), message('e-3')]);
    assert.equal(house.unread, 3);
});

test('what another tab joins, leaves and reads', () => {
    const kept = storage();
    const here = new House(memoryWith({ joined: ['a', 'b'], 'read.b': 'e-1' }, kept));
    const there = new House(memoryWith({}, kept));
    here.get('b').receive([message('e-2'), message('e-3')]);

    there.join('c');
    const joined = here.takeMemory('joined', 'a');
    assert.deepEqual([names(joined.added), joined.removed, joined.changed], [['c'], [], true]);

    there.get('b').receive([message('e-2')]);
    there.read(there.get('b'));
    there.save();
    assert.equal(here.takeMemory('read.b', 'a').changed, true);
    assert.equal(here.unread, 1);

    there.leave('a');
    there.leave('b');
    assert.deepEqual(here.takeMemory('joined', 'a').removed, ['b'], 'the room that is shown stays');
    assert.deepEqual(here.rooms, ['a', 'c']);
    assert.equal(here.takeMemory('name', 'a').changed, false);
    assert.equal(here.takeMemory('read.b', 'a').changed, false);
});
