// Behind a path of a site, with the lines that docs/proxies.md has for it: the page, calls, streams, WebSockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';

import { open } from './forms.mjs';
import { DOCUMENTED_PATHS, startProxy } from './reverse_proxies.mjs';
import { publish, startServer, waitingIn } from './server.mjs';
import { Arrivals } from './waiting.mjs';

let server;
const behind = {};
before(async () => {
    server = await startServer(['--trust-proxy', '127.0.0.1']);
    for (const name of DOCUMENTED_PATHS) behind[name] = await startProxy(name, server);
});
after(async () => {
    for (const each of Object.values(behind)) await each.stop();
    assert.equal(await server.stop(), 0);
});

for (const name of DOCUMENTED_PATHS) {
    const base = () => `${behind[name].url}/chat`;

    test(`${name}: the page of lobby and rooms, and all that it names`, async () => {
        for (const path of ['/', '/room/a%20b', '/room/%C3%BC', '/nothing', '/rooms/', '/a/b/c/']) {
            const answer = await fetch(base() + path, { headers: { Accept: 'text/html' } });
            const html = await answer.text();
            assert.equal(answer.status, /^\/(room\/|$)/.test(path) ? 200 : 404, path);
            const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => new URL(to, answer.url));
            const assets = named.filter(({ pathname }) => pathname.startsWith('/chat/assets/'));
            assert.ok(assets.length >= 2, path);
            for (const asset of assets) assert.equal((await fetch(asset)).status, 200, asset.href);
            const others = named.filter((one) => !assets.includes(one) && !one.hash);
            for (const other of others) assert.equal(other.pathname, '/chat/', path);
        }
    });

    test(`${name}: the path without its slash leads to it, others are none of it`, async () => {
        const answer = await fetch(base(), { redirect: 'manual', headers: { Accept: 'text/html' } });
        assert.match(String(answer.status), /^30[12]$/);
        assert.equal(new URL(answer.headers.get('Location'), answer.url).pathname, '/chat/');
        for (const path of ['/', '/room/a', '/chatter/room/a']) {
            const elsewhere = await fetch(behind[name].url + path);
            assert.ok(elsewhere.status >= 400, `${path} ${elsewhere.status}`);
        }
    });

    test(`${name}: rooms whatever their names`, async () => {
        for (const room of ['plain', 'a b', 'ü', 'what?', '#1', '100%', '%41', 'a+b', 'a&b=c', 'a;b,c', '"q"', 'a\\b', '{}|^`<>', ':', '...']) {
            const { id } = await publish(base(), room, 'hello');
            const path = `/room/${encodeURIComponent(room)}/messages`;
            const read = async (origin) => (await (await fetch(origin + path)).json()).messages.at(-1)?.id;
            assert.deepEqual([await read(base()), await read(server.url)], [id, id], room);
        }
    });

    for (const form of ['sse', 'json', 'ndjson']) {
        test(`${name}: messages as they come (${form})`, async () => {
            const room = `path-${form}`;
            const come = (async () => {
                for await (const { messages } of open(form, { url: `${base()}/room/${room}/subscribe`, wait: 20, patience: 10_000 }))
                    if (messages.length > 0) return messages.map(({ data }) => data);
                return undefined;
            })();
            await waitingIn(server.url, room, 1);
            await publish(base(), room, 'live');
            assert.deepEqual(await come, ['live']);
        });
    }

    test(`${name}: a WebSocket, as the server's own page opens it`, async () => {
        const url = `${base().replace('http', 'ws')}/room/path-ws/subscribe?as=ann`;
        const socket = new WebSocket(url, { origin: behind[name].url });
        const come = new Arrivals();
        socket.on('message', (data) => come.push(JSON.parse(data)));
        socket.on('error', (error) => come.end(error));
        await once(socket, 'open');
        socket.send('{"data":"hello"}');
        await come.first(2);
        assert.deepEqual(
            come.all.filter(({ id }) => id).map(({ from, data }) => [from, data]),
            [['ann', 'hello']],
        );
        socket.close();
        await waitingIn(server.url, 'path-ws', 0);
    });
}
