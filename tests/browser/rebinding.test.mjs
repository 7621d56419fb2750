// DNS rebinding: a site whose name leads to the server once its page is in the browser is of one origin with the server.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NOTHING, publish, startServer, tracesIn } from './server.mjs';
import { LIMIT, sitesFixture, startSite } from './sites.mjs';

const here = sitesFixture({});

/** What a page gets for requests to its own origin, by fetch, SSE and WebSocket. */
const read = (page) =>
    page.evaluate(async () => {
        const got = [];
        const forged = { 'X-Forwarded-Host': 'localhost', Forwarded: 'host=localhost' };
        for (const [path, options] of [
            ['/'],
            ['/room/kitchen/messages'],
            ['/room/kitchen/messages', { headers: forged }],
            ['/room/kitchen/subscribe?after=0'],
            ['/rooms'],
            ['/metrics'],
            ['/room/kitchen/publish', { method: 'POST', body: 'owned' }],
            ['/room/kitchen/publish', { method: 'POST', body: 'owned', headers: forged }],
            ['/room/kitchen', { method: 'DELETE' }],
        ]) {
            const answer = await fetch(path, options);
            got.push(answer.status, await answer.text());
        }
        const path = '/room/kitchen/subscribe?as=ghost';
        await new Promise((resolve) => {
            const source = new EventSource(path);
            source.onopen = source.onerror = ({ type }) => {
                got.push(`EventSource ${type}`);
                source.close();
                resolve();
            };
        });
        await new Promise((resolve) => {
            const socket = new WebSocket(`ws://${location.host}${path}&after=0`);
            socket.onmessage = ({ data }) => got.push(data);
            socket.onopen = () => {
                got.push('WebSocket open');
                socket.send('{"data":"owned"}');
                socket.close();
            };
            socket.onclose = resolve;
        });
        return got;
    });

test('a site that points its name at the server once its page is there gets nothing', LIMIT, async () => {
    const trap = await startSite();
    const url = trap.as('evil.example');
    let victim;
    try {
        await here.at(url, async (page) => {
            await trap.stop();
            victim = await startServer({ port: trap.port, flags: ['--allow-delete'] });
            await publish(victim, 'kitchen', 'secret');
            const got = await read(page);
            assert.deepEqual(
                got.filter((each) => typeof each === 'number'),
                Array(9).fill(421),
            );
            assert.ok(!got.some((each) => /secret|open|owned/.test(each)), got.join('\n'));
            assert.deepEqual(await tracesIn(victim, 'kitchen'), { ...NOTHING, messages: ['secret'] });

            const answer = await page.goto(url);
            assert.equal(answer.status(), 421);
            assert.match(await answer.text(), /--host evil\.example/);
            assert.equal((await page.goto(`http://localhost:${victim.port}/`)).status(), 200);

            assert.equal(await victim.stop(), 0);
            victim = await startServer({ port: trap.port, flags: ['--host', '*.example'] });
            await publish(victim, 'kitchen', 'not secret');
            assert.equal((await page.goto(url)).status(), 200);
            assert.ok((await read(page)).includes('WebSocket open'), 'under a name that it knows it answers');
        });
    } finally {
        await victim?.stop();
    }
});
