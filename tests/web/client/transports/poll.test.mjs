import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscribe } from '../../../../web/client/anteroom.js';
import { message } from '../../fakes.mjs';
import { POLLING, empty, following, live } from '../../following.mjs';

const inLobby = (id) => ({ ...message(id), room: 'lobby' });

test('asks without hanging first, is live with the answer, then hangs from the cursor', async () => {
    const { network, log, handle, states } = await following();
    assert.equal(network.last.path, '/room/lobby/subscribe');
    assert.deepEqual(network.last.query, { wait: '0' });
    assert.equal(network.last.init.headers.Accept, 'application/json');
    assert.equal(network.last.init.cache, 'no-store');
    assert.deepEqual(states(), ['connecting']);

    await network.last.answer(empty('e-7'));
    assert.deepEqual(states(), ['connecting', 'live']);
    assert.deepEqual(network.last.query, { after: 'e-7', wait: '25' });
    assert.equal(handle.cursor, 'lobby@e-7');
    assert.equal(handle.cursorOf('lobby'), 'e-7');

    await network.last.answer({ messages: [message('e-8'), message('e-9')], next: 'e-9' });
    assert.deepEqual(log.at(-1), ['messages', [inLobby('e-8'), inLobby('e-9')], 'lobby@e-9']);
    assert.deepEqual(network.last.query, { after: 'e-9', wait: '25' });
    assert.equal(network.requests.length, 3);
});

test('sends what was asked for, percent-encoded', async () => {
    const { network } = await following({
        room: 'a b/ü?#',
        after: 'e-1',
        limit: 5,
        as: 'Ann & Bo',
        client: 'c1',
        base: 'http://h',
    });
    const url = new URL(network.last.url);
    assert.equal(url.pathname, '/room/a%20b%2F%C3%BC%3F%23/subscribe');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
        after: 'e-1',
        wait: '0',
        limit: '5',
        as: 'Ann & Bo',
        client: 'c1',
    });
});

test('refuses rooms that no address can carry', () => {
    for (const room of ['', '.', '..', undefined]) assert.throws(() => subscribe({ room }), TypeError);
});

test('reads the history first and follows from its end', async () => {
    const { network, log } = await following({ history: 50 });
    assert.equal(network.last.path, '/room/lobby/messages');
    assert.deepEqual(network.last.query, { limit: '50' });
    await network.last.answer({ messages: [message('e-1')], next: 'e-1', more: true });
    assert.deepEqual(log.slice(1), [
        ['history', { room: 'lobby', messages: [inLobby('e-1')], next: 'e-1', more: true }],
        ['state', { state: 'live', ...POLLING }],
    ]);
    assert.deepEqual(network.last.query, { after: 'e-1', wait: '25' });
});

test('tries the history again until it is there', async () => {
    const { network, clock, log } = await following({ history: 50 });
    await network.last.fail();
    await clock.advance(500);
    assert.equal(network.last.path, '/room/lobby/messages');
    await network.last.answer({ messages: [], next: '0', more: false });
    assert.deepEqual(log.at(-2), ['history', { room: 'lobby', messages: [], next: '0', more: false }]);
});

test('tells gaps before the messages of the same answer', async () => {
    const { network, log } = await live();
    const gaps = [{ reason: 'evicted', missed: 17 }, { reason: 'restarted' }];
    await network.last.answer({ messages: [message('f-1')], next: 'f-1', gaps });
    assert.deepEqual(
        log.slice(-3).map(([kind, value]) => [kind, value.reason ?? value.length]),
        [
            ['gap', 'evicted'],
            ['gap', 'restarted'],
            ['messages', 1],
        ],
    );
    assert.deepEqual(log.at(-2).slice(1), [{ reason: 'restarted', room: 'lobby', next: 'f-0' }, 'lobby@f-0']);
    assert.equal(log.at(-1)[2], 'lobby@f-1');
});

test('pauses grow with every failure, up to 30 s, and start small again after a success', async () => {
    const { network, clock, log, lastState } = await live();
    const delays = [];
    for (let failure = 0; failure < 9; failure += 1) {
        await network.last.fail();
        delays.push(lastState().delay);
        assert.equal(lastState().attempt, failure + 1);
        assert.match(lastState().error.message, /cannot be reached/);
        const before = network.requests.length;
        await clock.advance(lastState().delay - 1);
        assert.equal(network.requests.length, before);
        await clock.advance(1);
        assert.equal(network.requests.length, before + 1);
        assert.deepEqual(log.at(-1)[1], { state: 'connecting', attempt: failure + 1, ...POLLING });
        assert.equal(network.last.query.wait, '0');
    }
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);

    await network.last.answer(empty('e-1'));
    assert.equal(lastState().state, 'live');
    await network.last.fail();
    assert.equal(lastState().delay, 500);
});

test('in a long pause the server is asked whether it is back, unless nobody looks or it asked for the pause', async () => {
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const { network, clock, lastState } = await live({ document });
    const failOften = async () => {
        for (let failure = 0; failure < 7; failure += 1) {
            await network.last.fail();
            await clock.advance(failure < 6 ? lastState().delay : 0);
        }
        assert.equal(lastState().delay, 30_000);
    };
    await failOften();
    await clock.advance(10_000);
    const before = network.requests.length;
    network.isUp = true;
    await clock.advance(5000);
    assert.equal(network.requests.length, before + 1);
    await network.last.answer(empty('e-1'));
    assert.equal(lastState().state, 'live');

    document.visibilityState = 'hidden';
    network.isUp = false;
    await failOften();
    network.isUp = true;
    await clock.advance(15_000);
    assert.equal(lastState().state, 'waiting');
    document.visibilityState = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    await clock.advance(0);
    await network.last.answer({ detail: 'Too busy.' }, { status: 503, headers: { 'Retry-After': '20' } });
    await clock.advance(15_000);
    assert.equal(lastState().state, 'waiting');
});

test('the jitter is full: luck makes a pause of nothing', async () => {
    const { network, lastState } = await live({ random: () => 0 });
    await network.last.fail();
    assert.equal(lastState().delay, 0);
});

test('waits Retry-After out, with the jitter on top', async () => {
    const { network, clock, lastState } = await live();
    const date = (ms) => new Date(clock.now() + ms).toUTCString();
    for (const [status, value, delay] of [
        [503, () => '7', 7500],
        [429, () => date(9000), 9000 + 1000],
    ]) {
        await clock.advance(1000 - (clock.now() % 1000)); // dates have whole seconds
        await network.last.answer({ detail: 'Too busy.' }, { status, headers: { 'Retry-After': value() } });
        assert.equal(lastState().delay, delay);
        assert.equal(lastState().error.message, 'Too busy.');
        assert.equal(lastState().error.status, status);
        await clock.advance(delay);
    }
});

test('a draining answer hands its messages over, then stays away', async () => {
    const { network, clock, log, lastState, states } = await live();
    const body = { messages: [message('e-2')], next: 'e-2', draining: true };
    await network.last.answer(body, { headers: { 'Retry-After': '3' } });
    assert.equal(log.at(-2)[0], 'messages');
    const facts = { attempt: 1, delay: 3500, draining: true, error: undefined };
    assert.deepEqual(lastState(), { state: 'waiting', ...facts, ...POLLING });
    await clock.advance(3500);
    assert.deepEqual(network.last.query, { after: 'e-2', wait: '0' });
    await network.last.answer({ ...empty('e-2'), draining: true });
    assert.equal(lastState().attempt, 2, 'draining is no success');
    assert.deepEqual(states(), ['connecting', 'live', 'waiting', 'connecting', 'waiting']);
});

test('gives a poll up that is not answered in time', async () => {
    const { network, clock, lastState } = await live({ wait: 20 });
    const poll = network.last;
    await clock.advance(29_999);
    assert.equal(poll.aborted, false);
    await clock.advance(1);
    assert.equal(poll.aborted, true);
    assert.equal(lastState().state, 'waiting');
    assert.match(lastState().error.message, /did not answer in time/);
});

test('an error that only repeats itself ends it', async () => {
    for (const status of [400, 401, 403, 404, 406, 410]) {
        const { network, clock, lastState } = await live();
        await network.last.answer({ title: 'No', detail: 'Ask elsewhere.' }, { status });
        assert.equal(lastState().state, 'failed');
        assert.equal(lastState().error.message, 'Ask elsewhere.');
        assert.equal(lastState().error.status, status);
        const before = network.requests.length;
        await clock.advance(3_600_000);
        assert.equal(network.requests.length, before);
    }
});

test('an error that may pass does not', async () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504]) {
        const { network, lastState } = await live();
        await network.last.answer('<html>proxy</html>', { status });
        assert.equal(lastState().state, 'waiting', String(status));
    }
});

test('answers of something else than an anteroom are failures', async () => {
    const bodies = ['<html>captive portal</html>', '', '{}', 'null', '{"messages":{},"next":"e-1"}', '{"messages":[]}'];
    for (const body of [...bodies, '{"messages":[],"next":"e-1","gaps":7}']) {
        const { network, lastState, handle } = await live();
        await network.last.answer(body);
        assert.equal(lastState().state, 'waiting', body);
        assert.match(lastState().error.message, /not from an anteroom/);
        assert.equal(handle.cursor, 'lobby@e-1');
    }
});

test('a server that answers nothing at once is asked once a second', async () => {
    const { network, clock, states } = await live();
    for (let second = 0; second < 3; second += 1) {
        const before = network.requests.length;
        await network.last.answer(empty('e-1'));
        await clock.advance(999);
        assert.equal(network.requests.length, before);
        await clock.advance(1);
        assert.equal(network.requests.length, before + 1);
    }
    await clock.advance(25_000);
    const before = network.requests.length;
    await network.last.answer(empty('e-1'));
    assert.equal(network.requests.length, before + 1, 'after a poll that hung there is no pause');
    assert.deepEqual(states(), ['connecting', 'live']);
});
