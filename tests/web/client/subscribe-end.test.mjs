// close(), retryNow(), and callbacks that misbehave.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscribe } from '../../../web/client/anteroom.js';
import { fakeClock, fakeNetwork, message, settled } from '../fakes.mjs';
import { POLLING, empty, live } from '../following.mjs';

test('close() while a poll hangs ends it and all callbacks', async () => {
    const { network, clock, log, handle } = await live();
    const told = log.length;
    handle.close();
    await settled();
    assert.equal(network.last.aborted, true);
    assert.deepEqual(clock.pending, []);
    await clock.advance(60_000);
    assert.equal(log.length, told);
    assert.equal(network.requests.length, 2);
    handle.close();
    handle.retryNow();
});

test('close() during a pause ends it', async () => {
    const { network, clock, log, handle } = await live();
    await network.last.fail();
    const told = log.length;
    handle.close();
    await clock.advance(60_000);
    assert.equal(log.length, told);
    assert.equal(network.requests.length, 2);
});

test('close() before anything was asked asks nothing', async () => {
    const network = fakeNetwork();
    subscribe({ room: 'lobby', fetch: network.fetch, ...fakeClock(), onState: () => assert.fail() }).close();
    await settled();
    assert.equal(network.requests.length, 0);
});

test('close() within a callback keeps the rest of the answer back', async () => {
    const { network, log, handle } = await live({ onGap: () => handle.close() });
    await network.last.answer({ messages: [message('f-1')], next: 'f-1', gaps: [{ reason: 'evicted' }] });
    assert.equal(log.at(-1)[0], 'state');
    assert.equal(network.requests.length, 2);
});

test('a callback may close at the first state', async () => {
    const network = fakeNetwork();
    const states = [];
    const handle = subscribe({
        room: 'lobby',
        fetch: network.fetch,
        ...fakeClock(),
        onState: ({ state }) => {
            states.push(state);
            handle.close();
        },
    });
    await settled();
    assert.deepEqual(states, ['connecting']);
    assert.equal(network.requests.length, 0);
});

test('callbacks that throw or reject are reported and change nothing', async (t) => {
    const reported = t.mock.method(console, 'error', () => {});
    const fail = () => {
        throw new Error('thrown');
    };
    const callbacks = { onState: fail, onGap: fail, onMessages: () => Promise.reject(new Error('rejected')) };
    const { network, handle } = await live(callbacks);
    await network.last.answer({ messages: [message('f-1')], next: 'f-1', gaps: [{ reason: 'evicted' }] });
    assert.equal(handle.cursor, 'lobby@f-1');
    assert.equal(network.last.query.after, 'f-1');
    const texts = reported.mock.calls.map(({ arguments: [error] }) => error.message);
    assert.deepEqual(texts, ['thrown', 'thrown', 'thrown', 'rejected']);
});

test('waits for a callback that takes its time', async () => {
    let done;
    const { network } = await live({ onMessages: () => new Promise((resolve) => (done = resolve)) });
    await network.last.answer({ messages: [message('e-2')], next: 'e-2' });
    assert.equal(network.requests.length, 2);
    done();
    await settled();
    assert.equal(network.requests.length, 3);
});

test('retryNow() ends a pause', async () => {
    const { network, handle, states } = await live();
    await network.last.fail();
    handle.retryNow();
    await settled();
    assert.equal(network.requests.length, 3);
    await network.last.answer(empty('e-1'));
    assert.deepEqual(states(), ['connecting', 'live', 'waiting', 'connecting', 'live']);
});

test('retryNow() while a poll hangs asks anew without hanging, and is no failure', async () => {
    const { network, handle, states } = await live();
    const poll = network.last;
    handle.retryNow();
    await settled();
    assert.equal(poll.aborted, true);
    assert.deepEqual(network.last.query, { after: 'e-1', wait: '0' });
    await network.last.answer(empty('e-1'));
    assert.deepEqual(network.last.query, { after: 'e-1', wait: '25' });
    assert.deepEqual(states(), ['connecting', 'live']);
});

test('superseded ends it', async () => {
    const { network, clock, lastState } = await live();
    await network.last.answer({ ...empty('e-1'), superseded: true });
    assert.deepEqual(lastState(), { state: 'superseded', ...POLLING });
    await clock.advance(3_600_000);
    assert.equal(network.requests.length, 2);
});
