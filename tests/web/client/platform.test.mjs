// Platforms that lack something, or refuse it when it is asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { history, publish, publishBatch, rooms, subscribe } from '../../../web/client/anteroom.js';
import { environment, randomKey } from '../../../web/client/platform.js';
import { fakeBrowser } from '../browser.mjs';
import { fakeClock, fakeNetwork, settled } from '../fakes.mjs';
import { fakeInternet, fakeServer } from '../server.mjs';

const denied = () => {
    throw new DOMException('The page may keep nothing.', 'SecurityError');
};

class DeniedChannel {
    constructor() {
        denied();
    }
}

/** Two tabs of one browser, whose platforms have `differences`. */
function twoTabs(differences) {
    const clock = fakeClock();
    const server = fakeServer(clock);
    const internet = fakeInternet(server, clock, () => 0.5);
    const browser = fakeBrowser(clock);
    const tabs = [1, 2].map(() => {
        const received = [];
        const onMessages = (messages) => received.push(...messages);
        const { env } = browser.open(internet);
        const handle = subscribe({ room: 'lobby', random: () => 0.5, onMessages, ...env, ...differences });
        return { handle, received };
    });
    return { clock, server, tabs };
}

const refusals = (asked) => ({
    'locks that reject': { locks: { request: async () => asked.push(1) && denied() } },
    'locks that throw': { locks: { request: () => asked.push(1) && denied() } },
    'channels that throw': { BroadcastChannel: DeniedChannel },
});

for (const name of Object.keys(refusals([]))) {
    test(`${name}: each tab has a connection of its own, and does not ask again`, async () => {
        const asked = [];
        const { clock, server, tabs } = twoTabs(refusals(asked)[name]);
        await clock.advance(100);
        assert.equal(server.hanging(), 2);
        server.publish('lobby');
        await clock.advance(100);
        for (const { handle, received } of tabs) {
            assert.equal(received.length, 1);
            assert.equal(handle.state.state, 'live');
            assert.equal(handle.state.leads, true);
        }
        await clock.advance(60_000);
        assert.ok(asked.length <= tabs.length, `${asked.length} requests for a lock`);
        for (const { handle } of tabs) handle.close();
        await clock.advance(1000);
        assert.deepEqual(clock.pending, []);
    });
}

test('a getter of the platform that throws is a part that it lacks', () => {
    const names = ['navigator', 'WebSocket', 'BroadcastChannel', 'document', 'location'];
    const own = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const name of names) Object.defineProperty(globalThis, name, { get: denied, configurable: true });
    try {
        const { locks, WebSocket, BroadcastChannel, document } = environment({ base: 'http://a' });
        assert.deepEqual([locks, WebSocket, BroadcastChannel, document], [undefined, undefined, undefined, undefined]);
    } finally {
        for (const [name, property] of own) {
            if (property) Object.defineProperty(globalThis, name, property);
            else delete globalThis[name];
        }
    }
});

test('keys are unique, also without crypto', () => {
    for (const crypto of [globalThis.crypto, undefined, {}, { getRandomValues: denied }]) {
        const keys = Array.from({ length: 100 }, () => randomKey(crypto ?? null));
        assert.equal(new Set(keys).size, 100);
        for (const key of keys) assert.match(key, /^[\da-f]{32}$/);
    }
});

test('`base` may end in slashes and have a path', async () => {
    const cases = [
        ['http://a', 'http://a/rooms'],
        ['http://a/', 'http://a/rooms'],
        ['http://a/chat//', 'http://a/chat/rooms'],
        ['/chat/', '/chat/rooms'],
        ['/', '/rooms'],
        ['', '/rooms'],
        [undefined, '/rooms'],
        [null, '/rooms'],
    ];
    for (const [base, url] of cases) {
        const network = fakeNetwork();
        rooms({ base, fetch: network.fetch }).catch(() => {});
        await settled();
        assert.equal(network.last.url, url);
        await network.last.answer({ rooms: [] });
    }
});

test('outside of a page, a missing `base` is said at once', async () => {
    for (const base of [undefined, '', '/chat', 'localhost']) {
        const options = { base, room: 'lobby', data: 'x', messages: ['x'] };
        assert.throws(() => subscribe(options), /`base` has to be/);
        for (const call of [publish, publishBatch, history, rooms])
            await assert.rejects(call(options), /`base` has to be/);
    }
});

test('a subscription without a room says what it needs; one from nowhere in particular begins now', async () => {
    for (const options of [{}, { room: undefined }, { rooms: null }])
        assert.throws(() => subscribe({ base: 'http://a', ...options }), /needs `room`/);
    for (const after of [null, undefined, { lobby: null }, {}]) {
        const clock = fakeClock();
        const network = fakeNetwork();
        const handle = subscribe({ room: 'lobby', after, fetch: network.fetch, transport: 'poll', ...clock });
        await clock.advance(0);
        assert.equal(network.last.query.after, undefined);
        handle.setRooms(['lobby', 'b'], { after: null });
        handle.close();
    }
});

test('halves of characters are replaced in every kind of data', async () => {
    const half = '\uD83D';
    const pair = '\u{1F600}';
    const escaped = String.raw`\ud83d`;
    const cases = [
        [publish, { data: `a${half}b${pair}${half}` }, `a\uFFFDb${pair}\uFFFD`],
        [publish, { data: { [`k${half}`]: [half, pair, escaped] } }, { 'k\uFFFD': ['\uFFFD', pair, escaped] }],
        [publishBatch, { messages: [half, { x: `\\${half}` }] }, ['\uFFFD', { x: '\\\uFFFD' }]],
    ];
    for (const [call, options, expected] of cases) {
        const network = fakeNetwork();
        call({ room: 'lobby', fetch: network.fetch, attempts: 1, ...options }).catch(() => {});
        await settled();
        const { body } = network.last.init;
        assert.doesNotMatch(body, /\p{Surrogate}/u);
        const lines = body.split('\n').filter(Boolean);
        const sent = call === publishBatch ? lines.map((line) => JSON.parse(line)) : body;
        assert.deepEqual(typeof expected === 'object' && call === publish ? JSON.parse(sent) : sent, expected);
        network.last.fail();
    }
    await assert.rejects(publish({ room: 'a', base: 'http://a', data: undefined }), /cannot be written as JSON/);
});
