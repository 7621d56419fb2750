// After the machine has slept: a monotonic clock may have stood still meanwhile, a wall clock may have been set back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createFeed } from '../../../web/client/feed.js';
import { fakeClock, fakeNetwork, fakeSockets, settled } from '../fakes.mjs';

/** A feed that is live by a stream, with two clocks that can be set. */
async function streaming(transport) {
    const clock = fakeClock();
    const network = fakeNetwork();
    const sockets = fakeSockets();
    const offsets = { now: 0, wallClock: 0 };
    const env = {
        ...clock,
        base: 'http://server',
        fetch: network.fetch,
        random: () => 0,
        now: () => clock.now() + offsets.now,
        wallClock: () => clock.now() + offsets.wallClock,
        WebSocket: sockets.WebSocket,
    };
    const states = [];
    const feed = createFeed(env, {
        transport,
        isHidden: () => false,
        onBatch() {},
        onState: ({ state }) => states.push(state),
    });
    feed.follow(new Map([['lobby', 'e-1']]));
    await settled();
    if (transport === 'sse') await (await network.last.stream()).send(': hello\n\n');
    else if (transport === 'websocket') await sockets.open();
    else await network.last.answer({ messages: [], next: 'e-1' });
    await settled();
    assert.equal(states.at(-1), 'live');
    const asked = () => network.requests.length + sockets.sockets.length;
    return { feed, network, sockets, offsets, states, asked };
}

const cases = [
    ['both clocks went on', { now: 3_600_000, wallClock: 3_600_000 }, true],
    ['the monotonic clock stood still', { now: 0, wallClock: 3_600_000 }, true],
    ['the wall clock was set back', { now: 3_600_000, wallClock: -86_400_000 }, true],
    ['both stood still: it was a moment', { now: 1000, wallClock: 1000 }, false],
    ['the wall clock was set back within a moment', { now: 1000, wallClock: -86_400_000 }, false],
];

for (const transport of ['sse', 'websocket']) {
    for (const [what, by, isReopened] of cases) {
        test(`somebody looks at the page again (${transport}): ${what}`, async () => {
            const { feed, asked, offsets } = await streaming(transport);
            const before = asked();
            Object.assign(offsets, by);
            feed.visible();
            await settled();
            assert.equal(asked() > before, isReopened);
            feed.close();
        });
    }
}

test('a poll that hangs is left alone: it has a deadline', async () => {
    const { feed, asked, offsets } = await streaming('poll');
    const before = asked();
    Object.assign(offsets, { now: 3_600_000, wallClock: 3_600_000 });
    feed.visible();
    await settled();
    assert.equal(asked(), before);
    feed.close();
});
