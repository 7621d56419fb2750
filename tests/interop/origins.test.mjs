// Origins and names through proxies that are configured as docs/proxies.md has it, with TLS: the server's own page may
// do everything, pages of others nothing, and what clients write into the fields of proxies is not believed.

import assert from 'node:assert/strict';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import WebSocket from 'ws';

import { makeCertificate } from './certificate.mjs';
import { bodyOf, get } from './forms.mjs';
import { temporaryFolder } from './processes.mjs';
import { DOCUMENTED, startProxy } from './reverse_proxies.mjs';
import { startServer } from './server.mjs';
import { within } from './waiting.mjs';

const NAME = 'chat.example';
const PATIENCE = 5000; // ms

let certificate;
let folder;
let server; // trusts the proxies
let wary; // does not
let local; // is behind them by a Unix socket
const behind = {};
before(async () => {
    certificate = makeCertificate(NAME);
    folder = temporaryFolder();
    const socket = join(folder.path, 'server.socket');
    server = await startServer(['--host', NAME, '--trust-proxy', '127.0.0.1', '--allow-delete']);
    wary = await startServer(['--host', NAME, '--trust-proxy', '192.0.2.0/24']);
    local = await startServer(['--listen', `unix:${socket}`]);
    for (const name of DOCUMENTED)
        behind[name] = {
            trusted: await startProxy(name, server, { certificate }),
            untrusted: await startProxy(name, wary, { certificate }),
            local: await startProxy(name, local, { certificate, socket }),
        };
});
after(async () => {
    for (const each of Object.values(behind)) for (const proxy of Object.values(each)) await proxy.stop();
    for (const each of [server, wary, local]) assert.equal(await each.stop(), 0);
    folder.remove();
    certificate.remove();
});

/** How a client connects that has looked the proxy up under the name of its certificate. */
const trusting = (port) => ({ host: '127.0.0.1', port, servername: NAME, ca: certificate.authority });

/** Asks a proxy; `host` is the name that the client says it asks. */
function ask({ port }, path, { host = `${NAME}:${port}`, method = 'GET', headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
        const asked = https.request({
            ...trusting(port),
            path,
            method,
            headers: { Host: host, ...headers, ...(body && { 'Content-Length': Buffer.byteLength(body) }) },
            agent: false,
            timeout: PATIENCE,
        });
        asked.on('timeout', () => asked.destroy(new Error(`silence at ${path}`)));
        asked.on('error', reject);
        asked.on('response', (answer) => {
            bodyOf(answer).then((body) => resolve({ status: answer.statusCode, body: String(body) }), reject);
        });
        asked.end(body);
    });
}
const publish = (proxy, room, headers = {}, options = {}) =>
    ask(proxy, `/room/${room}/publish`, { method: 'POST', headers, body: 'hello', ...options });

/** Opens a WebSocket and publishes: resolves to what came first, or to the status of the refusal. */
function publishFrame({ port }, room, origin, headers = {}) {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/room/${room}/subscribe?as=ann`, {
        ...trusting(port),
        origin,
        headers: { Host: `${NAME}:${port}`, ...headers },
    });
    const answer = new Promise((resolve, reject) => {
        socket.on('open', () => socket.send('{"data":"hello","key":"k"}'));
        socket.on('message', (data) => data.includes('"ack"') && resolve('published'));
        socket.on('unexpected-response', (request, { statusCode }) => resolve(statusCode));
        socket.on('error', reject);
    });
    return within(PATIENCE, 'the answer to a WebSocket', answer).finally(() => {
        socket.on('error', () => {}); // of being ended before it has begun
        socket.terminate();
    });
}

/** What the room has, asked without a proxy. */
async function messagesOf(of, room) {
    const answer = await fetch(`${of.url}/room/${room}/messages`);
    return (await answer.json()).messages.map(({ data }) => data);
}

let count = 0;
const nextRoom = () => `named-${++count}`;

for (const name of DOCUMENTED) {
    test(`${name}: the server’s own page publishes, is present and opens a WebSocket`, async () => {
        const proxy = behind[name].trusted;
        const room = nextRoom();
        const own = { Origin: `https://${NAME}:${proxy.port}`, 'Sec-Fetch-Site': 'same-origin' };
        assert.equal((await publish(proxy, room, own)).status, 201);
        assert.equal((await ask(proxy, `/room/${room}/subscribe?as=ann&wait=0`, { headers: own })).status, 204);
        assert.equal(await publishFrame(proxy, room, own.Origin), 'published');
        assert.equal((await ask(proxy, `/room/${room}`, { method: 'DELETE', headers: own })).status, 204);
        // At the default port the name is without one, in whatever way it is written.
        for (const [host, origin] of [
            [NAME, `https://${NAME}`],
            [`${NAME}:443`, `https://${NAME}`],
            [NAME.toUpperCase(), `https://${NAME}`],
        ])
            assert.equal((await publish(proxy, room, { Origin: origin }, { host })).status, 201, host);
        assert.equal((await publish(proxy, room)).status, 201, 'and so does what is no page');
    });

    test(`${name}: a page of another origin changes nothing`, async () => {
        const proxy = behind[name].trusted;
        const room = nextRoom();
        for (const headers of [
            { Origin: 'https://evil.example' },
            { Origin: `http://${NAME}:${proxy.port}` },
            { Origin: `https://${NAME}` },
            { Origin: `https://${NAME}:${server.port}` },
            { Origin: 'null' },
            { 'Sec-Fetch-Site': 'cross-site' },
        ]) {
            const what = JSON.stringify(headers);
            assert.equal((await publish(proxy, room, headers)).status, 403, what);
            assert.equal((await ask(proxy, `/room/${room}/subscribe?as=ghost`, { headers })).status, 403, what);
            assert.equal((await ask(proxy, `/room/${room}`, { method: 'DELETE', headers })).status, 403, what);
            assert.equal(await publishFrame(proxy, room, headers.Origin, headers), 403, what);
        }
        assert.deepEqual(await messagesOf(server, room), []);
        assert.deepEqual(await messagesOf(server, `${room}:presence`), []);
    });

    test(`${name}: a name that is not the server’s is 421, whatever the client writes beside it`, async () => {
        const proxy = behind[name].trusted;
        for (const headers of [
            {},
            { 'X-Forwarded-Host': NAME },
            { 'x-forwarded-host': `${NAME}, ${NAME}` },
            { Forwarded: `host=${NAME};proto=https` },
            { Forwarded: ['for="', `host=${NAME}`] },
            { 'X-Forwarded-Host': NAME, Forwarded: `for=192.0.2.1;host="${NAME}"` },
        ]) {
            const what = JSON.stringify(headers);
            const answer = await ask(proxy, '/rooms', { host: `evil.example:${proxy.port}`, headers });
            assert.equal(answer.status, 421, what);
            assert.match(answer.body, /--host evil\.example/, what);
        }
    });

    test(`${name}: what a client writes into the fields of proxies counts for nothing`, async () => {
        const proxy = behind[name].trusted;
        const room = nextRoom();
        const own = `https://${NAME}:${proxy.port}`;
        for (const forged of [
            { 'X-Forwarded-Host': 'evil.example' },
            { 'X-Forwarded-Proto': 'http' },
            { Forwarded: 'host=evil.example;proto=http' },
            { Forwarded: 'for="' },
        ]) {
            const what = JSON.stringify(forged);
            assert.equal((await publish(proxy, room, { Origin: own, ...forged })).status, 201, what);
            for (const origin of ['http://evil.example', 'https://evil.example', own.replace('https', 'http')])
                assert.equal((await publish(proxy, room, { Origin: origin, ...forged })).status, 403, what);
        }
    });

    test(`${name}: is not believed unless its address is listed`, async () => {
        const proxy = behind[name].untrusted;
        const room = nextRoom();
        const own = `https://${NAME}:${proxy.port}`;
        assert.equal((await publish(proxy, room, { Origin: own })).status, 403);
        assert.equal(await publishFrame(proxy, room, own), 403);
        assert.equal((await publish(proxy, room)).status, 201, 'what is no page needs no origin');
        assert.deepEqual(await messagesOf(wary, room), ['hello']);
    });

    test(`${name}: a request of HTTP/1.0 needs no Host`, async () => {
        const proxy = behind[name].trusted;
        const room = nextRoom();
        for (const [head, body, status] of [
            ['GET /healthz HTTP/1.0', '', 200],
            [`POST /room/${room}/publish HTTP/1.0\r\nContent-Length: 5`, 'hello', 201],
            ['GET /healthz HTTP/1.0\r\nHost: evil.example', '', 421],
        ]) {
            const socket = connect(trusting(proxy.port));
            socket.write(`${head}\r\n\r\n${body}`);
            const pieces = [];
            const reading = (async () => {
                for await (const piece of socket) pieces.push(piece);
            })();
            await within(PATIENCE, 'the end of an answer', reading);
            assert.match(String(Buffer.concat(pieces)), new RegExp(`^HTTP/1\\.[01] ${status} `), head);
        }
        assert.deepEqual(await messagesOf(server, room), ['hello']);
    });

    test(`${name}: over a Unix socket it is believed, and any name will do`, async () => {
        const proxy = behind[name].local;
        const room = nextRoom();
        const own = `https://${NAME}:${proxy.port}`;
        assert.equal((await publish(proxy, room, { Origin: own })).status, 201);
        assert.equal(await publishFrame(proxy, room, own), 'published');
        for (const origin of ['https://evil.example', own.replace('https', 'http'), 'null']) {
            assert.equal((await publish(proxy, room, { Origin: origin })).status, 403, origin);
            assert.equal(await publishFrame(proxy, room, origin), 403, origin);
        }
        assert.equal((await ask(proxy, '/healthz', { host: 'any.example' })).status, 200);
        assert.deepEqual(await messagesOf(local, room), ['hello', 'hello']);
    });
}

test('from an address that is not trusted the fields of proxies mean nothing', async () => {
    const room = nextRoom();
    const asked = async (path, headers) => (await get(wary.url + path, { headers })).statusCode;
    for (const forged of [{ 'X-Forwarded-Host': NAME }, { Forwarded: `host=${NAME}` }])
        assert.equal(await asked('/rooms', { Host: 'evil.example', ...forged }), 421);
    for (const ignored of [{ 'X-Forwarded-Host': 'evil.example' }, { Forwarded: 'host="' }])
        assert.equal(await asked('/rooms', { Host: NAME, ...ignored }), 200);
    const forged = { Host: NAME, 'X-Forwarded-Proto': 'https', Origin: `https://${NAME}` };
    assert.equal(await asked(`/room/${room}/subscribe?as=ghost`, forged), 403);
    const own = { Host: NAME, Origin: `http://${NAME}`, 'X-Forwarded-Proto': 'https' };
    assert.equal(await asked(`/room/${room}/subscribe?as=ann&wait=0`, own), 204);
    assert.deepEqual(await messagesOf(wary, `${room}:presence`), [{ event: 'join', as: 'ann' }]);
});
