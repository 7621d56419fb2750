import assert from 'node:assert/strict';
import { test } from 'node:test';

import { JoinedRooms } from '../../../../web/app/model/joined-rooms.js';
import { MAX_ROOMS } from '../../../../web/app/model/room-list.js';
import { message } from '../../fakes.mjs';
import { memoryWith, storage } from '../../storage.mjs';

const names = (conversations) => conversations.map(({ room }) => room);

test('rooms are joined once, remembered, and left', () => {
    const kept = storage();
    const joinedRooms = new JoinedRooms(memoryWith({}, kept));
    const { added, removed } = joinedRooms.join('a');
    assert.deepEqual([names(added), removed], [['a'], []]);
    joinedRooms.join('b');
    assert.deepEqual(joinedRooms.join('a').added, []);
    assert.deepEqual(new JoinedRooms(memoryWith({}, kept)).rooms, ['a', 'b']);
    joinedRooms.leave('a');
    assert.deepEqual(new JoinedRooms(memoryWith({}, kept)).rooms, ['b']);
    assert.equal(joinedRooms.get('a'), undefined);
});

test('a room that makes one too many takes the place of the first', () => {
    const joinedRooms = new JoinedRooms(
        memoryWith({ joined: Array.from({ length: MAX_ROOMS }, (_, index) => `r${index}`) }),
    );
    assert.deepEqual(joinedRooms.join('x').removed, ['r0']);
    assert.equal(joinedRooms.conversations.length, MAX_ROOMS);
});

test('the next visit goes on where this one had read to; a room that was left begins anew', () => {
    const kept = storage();
    const joinedRooms = new JoinedRooms(memoryWith({}, kept));
    joinedRooms.join('a');
    joinedRooms.get('a').receive([message('e-7')]);
    assert.equal(joinedRooms.markRead(joinedRooms.get('a')), true);
    assert.equal(new JoinedRooms(memoryWith({}, kept)).get('a').cursor, undefined, 'not with every message');
    joinedRooms.save();
    assert.equal(joinedRooms.markRead(joinedRooms.get('a')), false);
    assert.equal(new JoinedRooms(memoryWith({}, kept)).get('a').cursor, 'e-7');
    joinedRooms.leave('a');
    joinedRooms.join('a');
    assert.equal(joinedRooms.get('a').cursor, undefined);
});

test('adds up what is unread', () => {
    const joinedRooms = new JoinedRooms(memoryWith({ joined: ['a', 'b'], 'read.a': 'e-1', 'read.b': 'e-1' }));
    joinedRooms.get('a').receive([message('e-2')]);
    joinedRooms.get('b').receive([message('e-2'), message('e-3')]);
    assert.equal(joinedRooms.unread, 3);
});

test('what another tab joins, leaves and reads', () => {
    const kept = storage();
    const here = new JoinedRooms(memoryWith({ joined: ['a', 'b'], 'read.b': 'e-1' }, kept));
    const there = new JoinedRooms(memoryWith({}, kept));
    here.get('b').receive([message('e-2'), message('e-3')]);

    there.join('c');
    const joined = here.storageChanged('joined', 'a');
    assert.deepEqual([names(joined.added), joined.removed, joined.changed], [['c'], [], true]);

    there.get('b').receive([message('e-2')]);
    there.markRead(there.get('b'));
    there.save();
    assert.equal(here.storageChanged('read.b', 'a').changed, true);
    assert.equal(here.unread, 1);

    there.leave('a');
    there.leave('b');
    assert.deepEqual(here.storageChanged('joined', 'a').removed, ['b'], 'the room that is shown stays');
    assert.deepEqual(here.rooms, ['a', 'c']);
    assert.equal(here.storageChanged('name', 'a').changed, false);
    assert.equal(here.storageChanged('read.b', 'a').changed, false);
});
