// Rooms that come and go, where they begin, presence, names, and the page around it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscribe } from '../../../web/client/anteroom.js';
import { message, settled } from '../fakes.mjs';
import { empty, following, live } from '../following.mjs';

const inRoom = (room, id) => ({ room, ...message(id) });

test('several rooms without a cursor begin now, with one question', async () => {
    const { network, handle } = await following({ rooms: ['a', 'b c'] });
    assert.equal(network.last.url, '/subscribe?room=a&room=b%20c&wait=0');
    assert.equal(handle.cursor, undefined);
    await network.last.answer(empty('a@e-1,b%20c@0'));
    assert.equal(network.last.url, '/subscribe?room=a&room=b%20c&after=a@e-1,b%2520c@0&wait=25');
    assert.equal(handle.cursor, 'a@e-1,b%20c@0');
});

test('of several rooms, what does not say its room is no answer', async () => {
    for (const body of [empty('e-1'), { messages: [message('e-2')], next: 'a@e-2,b@f-1' }]) {
        const { network, lastState, handle } = await following({ rooms: ['a', 'b'], after: 'a@e-1,b@f-1' });
        await network.last.answer(body);
        assert.match(lastState().error.message, /not from an anteroom/);
        assert.equal(handle.cursor, 'a@e-1,b@f-1');
    }
});

test('messages of several rooms, and gaps of one', async () => {
    const { network, log } = await following({ rooms: ['a', 'b'], after: 'a@e-1,b@f-1' });
    const messages = [inRoom('a', 'e-2'), inRoom('b', 'f-5'), inRoom('a', 'e-3')];
    const gaps = [{ room: 'b', reason: 'evicted', missed: 3 }];
    await network.last.answer({ messages, next: 'a@e-3,b@f-5', gaps });
    assert.deepEqual(log.slice(-2), [
        ['gap', { ...gaps[0], next: 'f-4' }, 'a@e-1,b@f-4'],
        ['messages', messages, 'a@e-3,b@f-5'],
    ]);
});

test('each room begins with its history, several at the same time', async () => {
    const rooms = ['a', 'b', 'c', 'd', 'e'];
    const { network, log } = await following({ rooms, history: 2, after: { c: 'e-7' } });
    const asked = () => network.requests.map(({ path }) => path);
    assert.deepEqual(asked(), ['/room/c/subscribe', ...['a', 'b', 'd', 'e'].map((room) => `/room/${room}/messages`)]);
    for (const request of network.requests.slice(1, 5))
        await request.answer({ messages: [message('e-1')], next: 'e-1', more: false });
    assert.deepEqual(
        log.filter(([kind]) => kind === 'history').map(([, { room, messages }]) => [room, messages[0].room]),
        ['a', 'b', 'd', 'e'].map((room) => [room, room]),
    );
    assert.equal(new URLSearchParams(network.last.url.split('?')[1]).getAll('room').length, 5);
});

test('rooms join and leave while it runs; those that stay go on', async () => {
    const { network, handle, log, states } = await live();
    const poll = network.last;
    handle.add('b', { after: 'f-3' });
    await settled();
    assert.equal(poll.aborted, true);
    assert.equal(network.last.url, '/subscribe?room=lobby&room=b&after=lobby@e-1,b@f-3&wait=25');
    await network.last.answer({ messages: [inRoom('b', 'f-4')], next: 'lobby@e-1,b@f-4' });
    assert.equal(log.at(-1)[2], 'lobby@e-1,b@f-4');
    handle.remove('lobby');
    await settled();
    assert.equal(network.last.url, '/room/b/subscribe?after=f-4&wait=25');
    assert.deepEqual([handle.rooms, handle.cursor, handle.cursorOf('lobby')], [['b'], 'b@f-4', undefined]);
    handle.setRooms(['c', 'b']);
    await settled();
    assert.equal(network.last.url, '/room/c/subscribe?wait=0', 'where c begins');
    await network.last.answer(empty('0'));
    assert.equal(network.last.query.after, 'b@f-4,c@0');
    assert.deepEqual(states(), ['connecting', 'live']);
});

test('a room that was left and joined again begins anew', async () => {
    const { network, handle, log } = await following({ rooms: ['a', 'b'], after: 'a@e-1,b@f-1' });
    handle.remove('b');
    handle.add('b', { after: 'f-9' });
    await settled();
    assert.equal(network.last.query.after, 'a@e-1,b@f-9');
    assert.ok(log.every(([kind]) => kind === 'state'));
});

test('rooms and cursors that cannot be are refused at once', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `r${index}`);
    for (const bad of [
        { rooms: [] },
        { rooms: many },
        { rooms: many.slice(50), onPresence() {} },
        { rooms: ['a', '..'] },
    ])
        assert.throws(() => subscribe(bad), TypeError);
    for (const after of ['x', 'a@x', 'e-1', { a: 'x' }])
        assert.throws(() => subscribe({ rooms: ['a', 'b'], after }), TypeError, JSON.stringify(after));
    assert.throws(() => subscribe({ room: 'a', transport: 'pigeon' }), TypeError);
    const { handle, network } = await live();
    assert.throws(() => handle.remove('lobby'), TypeError);
    assert.throws(() => handle.add('b', { after: 'x' }), TypeError);
    assert.deepEqual([handle.rooms, network.requests.length], [['lobby'], 2]);
});

test('presence: the rooms beside the rooms are followed, and told apart', async () => {
    const events = [];
    const { network, log, handle } = await following({
        after: 'e-1',
        as: 'ann',
        onPresence: (event) => events.push(event),
    });
    assert.equal(network.requests[0].url, '/room/lobby/subscribe?after=e-1&wait=0&as=ann');
    assert.equal(network.last.url, '/room/lobby%3Apresence/subscribe?wait=0');
    await network.last.answer(empty('p-4'));
    assert.deepEqual(events, [{ room: 'lobby', event: 'refresh' }]);
    assert.equal(network.last.query.after, 'lobby@e-1,lobby%3Apresence@p-4');
    const said = { room: 'lobby:presence', id: 'p-5', time: 7, data: { event: 'join', as: 'bo' } };
    await network.last.answer({ messages: [said, inRoom('lobby', 'e-2')], next: 'lobby@e-2,lobby%3Apresence@p-5' });
    assert.deepEqual(events.at(-1), { room: 'lobby', event: 'join', as: 'bo', time: 7 });
    assert.deepEqual(log.at(-1)[1], [inRoom('lobby', 'e-2')]);
    assert.deepEqual(handle.rooms, ['lobby']);
    await network.last.answer({
        ...empty('lobby@e-2,lobby%3Apresence@q-0'),
        gaps: [{ room: 'lobby:presence', reason: 'restarted' }],
    });
    assert.deepEqual(events.at(-1), { room: 'lobby', event: 'refresh' });
    assert.ok(log.every(([kind]) => kind !== 'gap'));
});

test('a new name is used from the next question on', async () => {
    const { network, handle, states } = await live({ as: 'ann' });
    handle.setAs('bo');
    await settled();
    assert.deepEqual([network.last.query.as, network.last.query.after], ['bo', 'e-1']);
    await network.last.answer(empty('e-1'));
    assert.deepEqual(states(), ['connecting', 'live']);
});

/** A page that is looked at or not, and online. */
function page() {
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    return {
        env: { document, events: new EventTarget(), share: false },
        look(state) {
            document.visibilityState = state;
            document.dispatchEvent(new Event('visibilitychange'));
            return settled();
        },
        online() {
            this.env.events.dispatchEvent(new Event('online'));
            return settled();
        },
    };
}

test('retries at once when the network is back and when somebody looks', async () => {
    for (const happens of [(it) => it.online(), (it) => it.look('visible')]) {
        const it = page();
        const { network } = await live(it.env);
        await network.last.fail();
        await happens(it);
        assert.equal(network.requests.length, 3);
        assert.equal(network.last.aborted, false);
    }
});

test('a page that is looked at again does not disturb a poll that hangs; a network that is back does', async () => {
    const it = page();
    const { network } = await live(it.env);
    await it.look('visible');
    assert.equal(network.requests.length, 2);
    await it.online();
    assert.equal(network.requests.length, 3);
    assert.equal(network.last.query.wait, '0');
});

test('a page that nobody looks at does not hurry', async () => {
    const it = page();
    const { network, lastState } = await live(it.env);
    await it.look('hidden');
    await network.last.fail();
    assert.equal(lastState().delay, 4000);
});

test('after close() the page is let go', async () => {
    const it = page();
    const { network, handle } = await live(it.env);
    handle.close();
    await it.online();
    await it.look('visible');
    assert.equal(network.requests.length, 2);
});

test('where rooms begin is asked for until there is an answer, and refusals end it', async () => {
    const { network, clock, states, lastState } = await following();
    await network.last.fail();
    await network.last.answer({}, { status: 503 });
    assert.equal(lastState().state, 'waiting');
    await clock.advance(lastState().delay);
    await network.last.answer(empty('e-1'));
    assert.deepEqual(states(), ['connecting', 'waiting', 'connecting', 'live']);

    const denied = await following({ history: 5 });
    await denied.network.last.answer({ detail: 'No.' }, { status: 403 });
    assert.equal(denied.lastState().error.message, 'No.');
    assert.equal(denied.lastState().state, 'failed');
    assert.deepEqual(denied.clock.pending, []);
});
