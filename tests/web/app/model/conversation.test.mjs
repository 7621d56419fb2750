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

const reaction = (id, to, { from = 'bo', emoji = '👍', remove, time } = {}) =>
    message(id, { type: 'reaction', to, emoji, ...(remove && { remove }) }, from, time);
const given = ({ reactions }, to) => reactions.of(to).map(({ emoji, names }) => [emoji, ...names].join(' '));

test('reactions are applied and not shown, neither counted', () => {
    const room = new Conversation('a', 'e-0');
    const others = room.receive([message('e-1'), reaction('e-2', 'e-1'), reaction('e-3', 'e-1', { from: 'cy' })], 'me');
    assert.deepEqual([look(room), given(room, 'e-1')], [['e-1'], ['👍 bo cy']]);
    assert.deepEqual(
        others.map(({ id }) => id),
        ['e-1'],
    );
    assert.deepEqual([room.unread.count, room.cursor], [1, 'e-3'], 'but they were received');
    room.receive([reaction('e-4', 'e-1', { remove: true })], 'me');
    assert.deepEqual([given(room, 'e-1'), room.cursor, room.unread.count], [['👍 cy'], 'e-4', 1]);
});

test('a reaction that was taken back stays so when the page with it comes later', () => {
    const room = new Conversation('a');
    room.open({
        messages: [reaction('e-9', 'e-1', { remove: true, time: 9 }), message('e-10')],
        next: 'e-10',
        more: true,
    });
    room.addOlder({ messages: [message('e-1'), reaction('e-2', 'e-1', { time: 2 })], more: false });
    assert.deepEqual([look(room), given(room, 'e-1')], [['e-1', 'e-10'], []]);
});

test('a page of only reactions shows nothing, and the next begins before it', () => {
    const room = new Conversation('a');
    room.open({ messages: from(21, 22), next: 'e-22', more: true });
    assert.equal(room.addOlder({ messages: [reaction('e-19', 'e-1'), reaction('e-20', 'e-21')], more: true }), false);
    assert.deepEqual([room.oldestRead, look(room), given(room, 'e-21')], ['e-19', ['e-21', 'e-22'], ['👍 bo']]);
    assert.equal(room.addOlder({ messages: from(17, 18), more: false }), true);
    assert.deepEqual([room.oldestRead, look(room).length], ['e-17', 4]);
    room.trim(3);
    assert.equal(room.oldestRead, 'e-18', 'what was dropped is read again');
});

test('a room whose newest page is only reactions needs older ones, an empty one does not', () => {
    const room = new Conversation('a');
    assert.equal(room.needsOlder, false);
    room.open({ messages: [reaction('e-8', 'e-1')], next: 'e-8', more: true });
    assert.deepEqual([room.needsOlder, room.oldestRead], [true, 'e-8']);
    room.addOlder({ messages: from(7, 7), more: true });
    assert.equal(room.needsOlder, false);

    const small = new Conversation('a');
    small.open({ messages: [reaction('e-1', 'd-1')], next: 'e-1', more: false });
    assert.equal(small.needsOlder, false);
    const empty = new Conversation('a');
    empty.open({ messages: [], next: 'e-0', more: false });
    assert.equal(empty.needsOlder, false);
});

test('what a room does not understand is shown, what is about nobody is not', () => {
    const room = new Conversation('a');
    room.receive([message('e-1', { type: 'photo' }), message('e-2', { type: 'typing' }), message('e-3', 7)], 'me');
    assert.deepEqual(look(room), ['e-1', 'e-3']);
});

const notes = ({ timeline }) => timeline.entries.filter(({ kind }) => kind === 'note').flatMap(({ events }) => events);

test('a new name is one note, without the leave and the join that come with it', () => {
    const renamed = message('e-2', { type: 'renamed', was: 'bo' }, 'bob');
    const expected = [{ event: 'renamed', as: 'bob', was: 'bo' }];
    for (const presenceFirst of [false, true]) {
        const room = new Conversation('a');
        room.present.reset({ present: [{ as: 'bo' }, { as: 'me' }] });
        const steps = [
            () => room.receive([renamed], 'me'),
            () => room.receivePresence({ event: 'join', as: 'bob' }, 'me'),
        ];
        steps[0]();
        if (presenceFirst) room.receivePresence({ event: 'leave', as: 'bo' }, 'me');
        steps[1]();
        room.receivePresence({ event: 'leave', as: 'bo' }, 'me');
        assert.deepEqual([notes(room), room.present.names], [expected, ['bob', 'me']]);
        assert.deepEqual([look(room).length, room.unread.count, room.cursor], [1, 0, 'e-2']);
        room.receivePresence({ event: 'leave', as: 'bob' }, 'me');
        assert.deepEqual(notes(room).at(-1), { event: 'leave', as: 'bob' }, 'who leaves later leaves');
    }
});

test('a new name in the history is past, and one of nobody is none', () => {
    const room = new Conversation('a', 'e-9');
    room.addContext({ messages: [message('e-8', { type: 'renamed', was: 'bo' }, 'bob')], more: false });
    room.receive([{ ...message('e-10', { type: 'renamed', was: 'bo' }), from: undefined }], 'me');
    assert.deepEqual([notes(room), look(room)], [[], []]);
});
