// Pages of origins that are listed do and read what the server's own page may; others gain nothing from that.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WITH_ORIGIN, attack } from './attacks.mjs';
import { visit } from './people.mjs';
import { NOTHING, publish, startServer, subscribersOf, until } from './server.mjs';
import { LIMIT, sitesFixture } from './sites.mjs';

const here = sitesFixture({
    listed: (site) => startServer({ flags: ['--allow-origin', site.as('app.example'), '--host', 'chat.example'] }),
});

test('the page of a listed origin does and reads everything', LIMIT, async () => {
    const app = here.site.as('app.example');
    const listed = await startServer({
        flags: ['--allow-origin', app, '--history-messages', '3', '--max-body', '1K', '--allow-delete'],
    });
    try {
        await here.at(app, async (page) => {
            /** The answer to a request of the page, as the page can read it. */
            const get = (path, options) =>
                page.evaluate(
                    async ([url, options]) => {
                        const answer = await fetch(url, options);
                        const { status, headers } = answer;
                        return { status, body: await answer.text(), headers: Object.fromEntries(headers) };
                    },
                    [listed.url + path, options],
                );
            for (let i = 1; i <= 5; i++) {
                const { status, body } = await get('/room/a/publish?as=app', {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `key-${i}` },
                    body: `{"number":${i}}`,
                });
                assert.deepEqual([status, JSON.parse(body).id.split('-')[1]], [201, String(i)]);
            }
            const poll = await get('/room/a/subscribe?after=0');
            assert.equal(poll.body, '{"number":3}');
            assert.match(poll.headers['last-event-id'], /-3$/);
            assert.match((await get('/room/a/subscribe?after=zz-1')).headers.gap, /^restarted/);
            assert.equal((await get('/subscribe?room=a&room=b&after=0')).headers.room, 'a');

            const older = get('/room/a/subscribe?client=tab');
            await until(() => subscribersOf(listed, 'a'), 1, 'the older poll');
            const newer = get('/room/a/subscribe?client=tab');
            const ended = await older;
            assert.deepEqual([ended.status, ended.headers.superseded], [204, '?1']);
            await publish(listed, 'a', 'for the newer one');
            assert.equal((await newer).body, 'for the newer one');

            const long = 'x'.repeat(20_000);
            const text = { method: 'POST', body: 'x' };
            for (const [expected, path, options] of [
                [400, '/room/a/subscribe?after=nothing'],
                [403, '/room/a:presence/publish', text],
                [404, '/nothing'],
                [405, '/room/a/messages', text],
                [406, '/room/a/subscribe', { headers: { Accept: 'image/png' } }],
                [413, '/room/a/publish', { method: 'POST', body: 'x'.repeat(1025) }],
                [414, `/room/a/messages?${long}`],
                [415, '/room/a/publish', { method: 'POST', body: 'x', headers: { 'Content-Type': 'image/png' } }],
                [431, '/room/a/subscribe', { headers: { 'Last-Event-ID': long } }],
            ]) {
                const { status, body } = await get(path, options);
                assert.deepEqual([status, JSON.parse(body).status], [expected, expected], path.slice(0, 80));
            }

            for (const what of [WITH_ORIGIN.WebSocket, WITH_ORIGIN.EventSource]) {
                const { messages, came } = await attack(listed, page, what);
                assert.ok(messages.includes('owned') || came.includes('ghost: join'));
            }
            assert.equal((await get('/room/a', { method: 'DELETE' })).status, 204);

            const waiting = get('/room/a/subscribe');
            await until(() => subscribersOf(listed, 'a'), 1, 'the last poll');
            assert.equal(await listed.stop(), 0);
            const last = await waiting;
            assert.equal(last.status, 204);
            assert.match(last.headers['retry-after'], /^[1-5]$/);
        });
    } finally {
        await listed.stop();
    }
});

test('another origin gains nothing from one that is listed', LIMIT, async () => {
    await here.at(here.site.as('evil.example'), async (page) => {
        for (const [name, what] of Object.entries(WITH_ORIGIN))
            assert.deepEqual(await attack(here.listed, page, what), NOTHING, name);
        const reading = page.evaluate((url) => fetch(url).catch(({ name }) => name), `${here.listed.url}/rooms`);
        assert.equal(await reading, 'TypeError');
    });
});

test('the server’s own page works under each of its names, where others are listed too', LIMIT, async () => {
    for (const [name, transport] of [
        ['127.0.0.1', 'websocket'],
        ['localhost', 'sse'],
        ['chat.example', 'poll'],
    ]) {
        const own = { url: `http://${name}:${here.listed.port}` };
        const ann = await visit(here.browser, own, { name: 'Ann', room: 'own', transport });
        await ann.say(`I am at ${name}`);
        await ann.sees(`I am at ${name}`);
        await ann.leave();
    }
});
