// In a long pause the server is asked whether it is back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backoff } from '../../../web/client/backoff.js';
import { AnteroomError } from '../../../web/client/request.js';
import { following, live, empty } from '../following.mjs';
import { fakeClock, settled } from '../fakes.mjs';

const AWAY = new AnteroomError('The server cannot be reached.');

/** A pause of 30 s that has begun; `probe` answers as given. */
async function pausing({ error = AWAY, probe, isHidden, ...how } = {}) {
    const clock = fakeClock();
    const start = clock.now();
    const probes = [];
    const states = [];
    const env = { ...clock, random: () => 1 };
    const backoff = new Backoff(env, {
        isHidden,
        report: ({ state }) => states.push(state),
        probe: () => (probes.push(clock.now() - start), probe()),
    });
    backoff.attempt = 10;
    const facts = { probes, states, clock, backoff, endedAfter: undefined };
    backoff.wait({ error, ...how }).then(() => (facts.endedAfter = clock.now() - start));
    await settled();
    return facts;
}

test('a server that is back ends the pause', async () => {
    let isBack = false;
    const it = await pausing({ probe: async () => isBack });
    await it.clock.advance(10_000);
    assert.deepEqual([it.probes, it.states], [[3750, 7500], ['waiting']]);
    isBack = true;
    await it.clock.advance(5000);
    assert.deepEqual([it.endedAfter, it.states, it.clock.pending], [11_250, ['waiting', 'connecting'], []]);
});

test('a black hole does not lengthen the pause, and is asked one question at a time', async () => {
    const it = await pausing({ probe: () => new Promise(() => {}) });
    await it.clock.advance(29_999);
    assert.deepEqual([it.probes, it.endedAfter], [[3750], undefined]);
    await it.clock.advance(1);
    assert.deepEqual([it.endedAfter, it.clock.pending], [30_000, []]);
});

test('a probe that fails late does not lengthen the pause either', async () => {
    let clock;
    const it = await pausing({ probe: () => new Promise((resolve) => clock.setTimeout(() => resolve(false), 3000)) });
    clock = it.clock;
    await clock.advance(29_999);
    assert.equal(it.endedAfter, undefined);
    assert.ok(it.probes.length > 3, String(it.probes));
    await clock.advance(1);
    assert.equal(it.endedAfter, 30_000);
});

test('cancel() ends it, whatever it waits for', async () => {
    for (const after of [1000, 3750, 5000]) {
        const it = await pausing({ probe: () => new Promise(() => {}) });
        await it.clock.advance(after);
        it.backoff.cancel();
        await settled();
        assert.deepEqual([it.endedAfter, it.clock.pending], [after, []]);
    }
});

test('asked is who does not answer, and a proxy that does not reach the server', async () => {
    const cases = [
        [{ status: 0 }, true],
        [{ status: 502 }, true],
        [{ status: 503 }, true],
        [{ status: 504 }, true],
        [{ status: 503, retryAfter: 1000 }, false],
        [{ status: 429 }, false],
        [{ status: 500 }, false],
    ];
    for (const [facts, isAsked] of cases) {
        const it = await pausing({ error: new AnteroomError('No.', facts), probe: async () => false });
        await it.clock.advance(29_000);
        assert.equal(it.probes.length > 0, isAsked, JSON.stringify(facts));
    }
    const draining = await pausing({ draining: true, error: undefined, probe: async () => true });
    await draining.clock.advance(29_000);
    assert.deepEqual(draining.probes, []);
});

test('nobody looks: no questions until somebody does', async () => {
    let hidden = true;
    const it = await pausing({ probe: async () => true, isHidden: () => hidden });
    await it.clock.advance(15_000);
    assert.deepEqual([it.probes, it.endedAfter], [[], undefined]);
    hidden = false;
    await it.clock.advance(3750);
    assert.equal(it.endedAfter, 18_750);
});

/** Fails until the pauses are 30 s long. */
async function failOften({ network, clock, lastState }, fail) {
    for (let failure = 0; failure < 7; failure += 1) {
        await fail(network.last);
        if (failure < 6) await clock.advance(lastState().delay);
    }
    assert.equal(lastState().delay, 30_000);
}

test('a subscription: a 503 of a proxy, which has no Retry-After, is asked as well', async () => {
    const it = await live();
    await failOften(it, (request) => request.answer('<html>Bad gateway</html>', { status: 503 }));
    const before = it.network.requests.length;
    it.network.isUp = true;
    await it.clock.advance(5000);
    assert.equal(it.network.requests.length, before + 1);
    await it.network.last.answer(empty('e-1'));
    assert.equal(it.lastState().state, 'live');
});

test('a subscription that does not know yet where its room begins is asked as well', async () => {
    const it = await following({ history: 10 });
    await failOften(it, (request) => request.fail());
    assert.match(it.network.last.path, /messages$/);
    const before = it.network.requests.length;
    await it.clock.advance(5000);
    assert.equal(it.network.requests.length, before, 'the server is still away');
    it.network.isUp = true;
    await it.clock.advance(5000);
    assert.equal(it.network.requests.length, before + 1);
    await it.network.last.answer({ ...empty('e-1'), more: false });
    assert.equal(it.log.filter(([kind]) => kind === 'history').length, 1);
});
