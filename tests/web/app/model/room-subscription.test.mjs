import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRoomSubscription } from '../../../../web/app/model/room-subscription.js';
import { message } from '../../fakes.mjs';

/** A roomSubscription on subscriptions that only note what they are told. */
function receiving(conversations) {
    const made = [];
    const told = [];
    function subscribe(options) {
        const note =
            (what) =>
            (...values) =>
                told.push([what, ...values]);
        const subscription = { options, state: { state: 'live' }, rooms: options.rooms };
        for (const what of ['close', 'add', 'remove', 'retryNow', 'setTransport']) subscription[what] = note(what);
        made.push(subscription);
        return subscription;
    }
    const heard = [];
    const roomSubscription = createRoomSubscription({
        subscribe,
        conversations: () => conversations,
        settings: () => ({ as: 'ann', transport: 'auto' }),
        events: { onMessages: (room, messages) => heard.push([room, messages.map(({ id }) => id)]) },
    });
    return { roomSubscription, made, told, heard };
}

test('one subscription for all rooms, each from its own place', () => {
    const conversations = [{ room: 'a b', cursor: 'e-1' }, { room: 'c' }];
    const { roomSubscription, made, told } = receiving(conversations);
    roomSubscription.start();
    const { rooms, after, history, share, as, transport } = made[0].options;
    assert.deepEqual(
        { rooms, after, share, as, transport },
        {
            rooms: ['a b', 'c'],
            after: 'a%20b@e-1',
            share: true,
            as: 'ann',
            transport: 'auto',
        },
    );
    assert.ok(history > 0);
    conversations[1].cursor = 'f-2';
    roomSubscription.start();
    assert.deepEqual(told, [['close']]);
    assert.equal(made[1].options.after, 'a%20b@e-1,c@f-2');
});

test('messages come by room', () => {
    const { roomSubscription, made, heard } = receiving([{ room: 'a' }, { room: 'b' }]);
    roomSubscription.start();
    made[0].options.onMessages([
        { ...message('e-1'), room: 'a' },
        { ...message('f-1'), room: 'b' },
        { ...message('e-2'), room: 'a' },
    ]);
    assert.deepEqual(heard, [
        ['a', ['e-1', 'e-2']],
        ['b', ['f-1']],
    ]);
});

test('rooms come and go while it runs', () => {
    const conversations = [];
    const { roomSubscription, made, told } = receiving(conversations);
    roomSubscription.start();
    assert.equal(made.length, 0, 'nothing to follow');
    conversations.push({ room: 'a' });
    roomSubscription.change({ added: [], removed: [] });
    assert.deepEqual(made[0].options.rooms, ['a']);
    assert.equal(made[0].options.after, undefined);
    roomSubscription.change({ added: [{ room: 'b', cursor: 'e-4' }, { room: 'c' }], removed: ['a'] });
    assert.deepEqual(told, [
        ['add', 'b', { after: 'b@e-4' }],
        ['add', 'c', { after: undefined }],
    ]);
    made[0].rooms = ['a', 'b'];
    roomSubscription.change({ added: [], removed: ['a'] });
    assert.deepEqual(told.at(-1), ['remove', 'a']);
});

test('trying again: at once where it pauses, anew where it is over', () => {
    const { roomSubscription, made, told } = receiving([{ room: 'a', cursor: 'e-3' }]);
    roomSubscription.start();
    roomSubscription.retry();
    assert.deepEqual(told, [['retryNow']]);
    for (const state of ['failed', 'superseded']) {
        made.at(-1).state = { state };
        roomSubscription.retry();
        assert.equal(made.at(-1).options.after, 'a@e-3');
    }
    assert.equal(made.length, 3);
});

/** A subscription to `conversations` that runs, and what is heard of typing and of everything else. */
function typingIn(conversations, watched) {
    const heard = [];
    const sets = [];
    const note =
        (what) =>
        (...values) =>
            void heard.push([what, ...values]);
    let options;
    const roomSubscription = createRoomSubscription({
        subscribe(given) {
            options = given;
            const handle = {
                state: { state: 'live' },
                rooms: given.rooms,
                close() {},
                add(room) {
                    handle.rooms = [...handle.rooms, room];
                },
            };
            handle.setRooms = (rooms) => sets.push((handle.rooms = [...new Set(rooms)]));
            return handle;
        },
        conversations: () => conversations,
        settings: () => ({}),
        events: {
            onHistory: note('history'),
            onMessages: note('messages'),
            onTyping: note('typing'),
            onGap: note('gap'),
            onPresence: note('presence'),
        },
    });
    roomSubscription.start();
    if (watched) roomSubscription.watchTyping(watched);
    return { roomSubscription, heard, sets, options: () => options };
}

const typing = (room, from, data = { type: 'typing' }) => ({ ...message('t-1', data, from), room });

test('the room of typing messages is followed beside the others, and is only about who is typing', () => {
    const { heard, sets, options } = typingIn([{ room: 'a' }], 'a:typing');
    assert.deepEqual(sets, [['a', 'a:typing']]);
    const { onHistory, onGap, onPresence, onMessages } = options();
    onHistory({ room: 'a:typing', messages: [typing('a:typing', 'bo')] });
    onGap({ room: 'a:typing', reason: 'evicted' });
    onPresence({ room: 'a:typing', event: 'join', as: 'bo' });
    assert.deepEqual(heard, [], 'nothing of its own');
    const nameless = { ...typing('a:typing'), from: undefined };
    onMessages([typing('a:typing', 'bo'), nameless, typing('a:typing', 'cy', 'hello')]);
    assert.deepEqual(heard, [['typing', 'a', 'bo']]);
    onPresence({ room: 'a', event: 'join', as: 'bo' });
    assert.equal(heard.length, 2);
});

test('another room is shown: its typing room is followed instead', () => {
    const { roomSubscription, sets, options } = typingIn([{ room: 'a' }, { room: 'b' }], 'a:typing');
    roomSubscription.watchTyping('b:typing');
    roomSubscription.watchTyping('b:typing');
    assert.deepEqual(sets, [
        ['a', 'b', 'a:typing'],
        ['a', 'b', 'b:typing'],
    ]);
    roomSubscription.start();
    assert.deepEqual(options().rooms, ['a', 'b', 'b:typing'], 'also when it starts again');
    assert.equal(options().after, undefined, 'from now on');
});

test('a typing room that was joined as a room stays one', () => {
    const conversations = [{ room: 'a' }, { room: 'a:typing' }];
    const { roomSubscription, heard, sets, options } = typingIn(conversations, 'a:typing');
    options().onMessages([typing('a:typing', 'bo')]);
    assert.equal(heard[0][0], 'messages');
    roomSubscription.watchTyping('b:typing');
    assert.deepEqual(sets.at(-1), ['a', 'a:typing', 'b:typing']);
});

test('a room whose name leaves no space for the suffix has none', () => {
    const long = 'x'.repeat(128);
    const { sets, roomSubscription } = typingIn([{ room: long }, { room: 'a' }], `${long}:typing`);
    assert.deepEqual(sets, []);
    roomSubscription.watchTyping('a:typing');
    roomSubscription.watchTyping(`${long}:typing`);
    assert.deepEqual(sets, [
        [long, 'a', 'a:typing'],
        [long, 'a'],
    ]);
});
