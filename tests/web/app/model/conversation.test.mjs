import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Conversation } from '../../../../web/app/model/conversation.js';
import { message } from '../../fakes.mjs';

const from = (first, last, epoch = 'e') =>
    Array.from({ length: last - first + 1 }, (_, index) => message(`${epoch}-${first + index}`));

const look = ({ timeline }) => timeline.entries.map(({ kind, id, missed }) => id ?? `${kind} ${missed ?? '?'}`);

test('a room that is new here opens with its newest', () => {
    const room = new Conversation('a');
    assert.deepEqual([room.cursor, room.wasReadBefore, room.needsContext], [undefined, false, false]);
    room.open({ messages: from(4, 5), next: 'e-5', more: true });
    room.receive(from(6, 6), 'me');
    assert.deepEqual(look(room), ['e-4', 'e-5', 'e-6']);
    assert.deepEqual([room.cursor, room.unread.count, room.history.more], ['e-6', 0, true]);
});

test('a room that was read before: what one read comes above what is new, whichever is first', () => {
    for (const contextFirst of [true, false]) {
        const room = new Conversation('a', 'e-3');
        assert.deepEqual([room.cursor, room.wasReadBefore, room.needsContext], ['e-3', true, true]);
        const steps = [
            () => room.addContext({ messages: from(1, 5), next: 'e-5', more: false }),
            () => room.receive(from(4, 6), 'me'),
        ];
        for (const step of contextFirst ? steps : steps.reverse()) step();
        assert.deepEqual(look(room), ['e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e-6']);
        assert.deepEqual([room.unread.since, room.unread.missed, room.history.more], ['e-4', 3, false]);
        assert.equal(room.needsContext, false);
    }
});

test('one was away for long: what one read is further up', () => {
    const room = new Conversation('a', 'e-3');
    room.addContext({ messages: from(50, 99), next: 'e-99', more: true });
    assert.deepEqual(look(room), [], 'what is new is delivered, in order');
    assert.equal(room.history.more, true);
    room.gap({ room: 'a', reason: 'evicted', missed: 16, next: 'e-19' });
    room.receive(from(20, 21), 'me');
    assert.deepEqual(look(room), ['gap 16', 'e-20', 'e-21']);
    assert.equal(room.cursor, 'e-21');
});

test('the room has begun another life meanwhile: nothing of it was read', () => {
    const room = new Conversation('a', 'e-3');
    room.addContext({ messages: from(1, 5, 'f'), next: 'f-5', more: true });
    room.gap({ room: 'a', reason: 'restarted', next: 'f-0' });
    assert.deepEqual([look(room), room.cursor, room.history.more], [['gap ?'], 'f-0', false]);
});

test('older messages, until there are no more', () => {
    const room = new Conversation('a');
    room.open({ messages: from(4, 5), next: 'e-5', more: true });
    room.addOlder({ messages: from(2, 3), more: true });
    assert.deepEqual([look(room), room.history.more], [['e-2', 'e-3', 'e-4', 'e-5'], true]);
    room.addOlder({ messages: [], more: true });
    assert.equal(room.history.more, false);
    room.trim(2);
    assert.deepEqual([look(room), room.history.more], [['e-4', 'e-5'], true]);
});

test('an emptied room has no older messages', () => {
    const room = new Conversation('a');
    room.open({ messages: from(4, 5), next: 'e-5', more: true });
    room.gap({ room: 'a', reason: 'deleted', missed: 0, next: 'e-5' });
    assert.equal(room.history.more, false);
});

test('what one said in another tab is no news, what nobody said by name is', () => {
    const room = new Conversation('a', 'e-1');
    room.receive(
        [message('e-2', 'hi', 'me'), message('e-3', 'hi', 'bo'), { ...message('e-4'), from: undefined }],
        'me',
    );
    assert.equal(room.unread.count, 2);
    room.markReadElsewhere('e-3');
    assert.deepEqual([room.unread.count, room.unread.since], [1, 'e-4']);
});

test('others who join are noted, oneself is only present', () => {
    const room = new Conversation('a');
    assert.equal(room.receivePresence({ event: 'join', as: 'me' }, 'me'), true);
    assert.equal(room.receivePresence({ event: 'join', as: 'bo' }, 'me'), true);
    assert.equal(room.receivePresence({ event: 'join', as: 'bo' }, 'me'), false);
    assert.deepEqual(room.present.names, ['bo', 'me']);
    assert.deepEqual(
        room.timeline.entries.map(({ events }) => events),
        [[{ event: 'join', as: 'bo' }]],
    );
});

test('who comes back after the server forgot everybody is no news', () => {
    const room = new Conversation('a');
    room.present.reset({ present: [{ as: 'bo' }] });
    room.present.reset({ present: [] });
    room.receivePresence({ event: 'join', as: 'bo' }, 'me');
    room.receivePresence({ event: 'join', as: 'cay' }, 'me');
    assert.deepEqual(room.present.names, ['bo', 'cay']);
    assert.deepEqual(room.timeline.entries.length, 1);
});
