// The early request, and the page's first one for the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answerEarly, requestEarly } from '../../../../web/app/model/early-messages.js';
import { createSite } from '../../../../web/app/model/site.js';

/** A server that answers everything with the number of the request. */
function server() {
    const asked = [];
    const fetch = async (url, options) => {
        asked.push({ url, ...options });
        const body = { messages: [], next: `e-${asked.length}` };
        return { ok: true, headers: new Headers(), json: async () => body };
    };
    return { fetch, asked, urls: () => asked.map(({ url }) => url) };
}

const NEWEST = '/room/a%20b/messages?limit=100';

test('the first request for the newest messages is answered by the early one, the next anew', async () => {
    const { fetch, urls } = server();
    const early = requestEarly('/', '/room/a%20b', fetch);
    const answering = answerEarly(early, fetch);
    const nextOf = async (url) => (await (await answering(url, {})).json()).next;
    assert.equal(await nextOf('/rooms'), 'e-2');
    assert.equal(await nextOf(NEWEST), 'e-1');
    assert.equal(await nextOf(NEWEST), 'e-3');
    assert.deepEqual(urls(), [NEWEST, '/rooms', NEWEST]);
});

test('it is for the room of the path, below the root; without a room there is none', () => {
    for (const [root, path, url] of [
        ['/', '/', '/room/lobby/messages?limit=100'],
        ['/', "/room/it's:(a,@b)", "/room/it's%3A(a%2C%40b)/messages?limit=100"],
        ['/chat/', '/chat/', '/chat/room/lobby/messages?limit=100'],
        ['/chat/', '/chat/room/%C3%BC', '/chat/room/%C3%BC/messages?limit=100'],
        ['/', '/room/a/b', undefined],
        ['/chat/', '/room/a', undefined],
    ]) {
        const { fetch, asked } = server();
        const early = requestEarly(root, path, fetch);
        assert.deepEqual([early?.url, asked[0]?.url], [url, url], path);
    }
});

test('what the page asks for is what was asked for early', async () => {
    for (const [root, room] of [
        ['/', 'lobby'],
        ['/chat/', "it's:(a,@b)+ü"],
    ]) {
        const { fetch, asked } = server();
        const site = createSite(root, requestEarly(root, createSite(root).roomUrl(room), fetch));
        assert.equal((await site.history({ room, limit: 100 })).next, 'e-1');
        assert.equal(asked.length, 1);
        assert.deepEqual([asked[0].cache, asked[0].headers], ['no-store', { Accept: 'application/json' }]);
    }
});

test('a failure is that of who waits for it, and of nobody else', async () => {
    const fetch = async () => {
        throw new TypeError('no network');
    };
    requestEarly('/', '/', fetch); // not handled otherwise: the test would fail
    await new Promise(setImmediate);
    const site = createSite('/', requestEarly('/', '/', fetch));
    await assert.rejects(site.history({ room: 'lobby', limit: 100 }), { message: 'The server cannot be reached.' });
});

test('who does not want to wait any longer ends it', async () => {
    const fetch = (url, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const answering = answerEarly(requestEarly('/', '/room/a%20b', fetch), fetch);
    const controller = new AbortController();
    const response = answering(NEWEST, { signal: controller.signal });
    controller.abort();
    await assert.rejects(response, { message: 'aborted' });
});
