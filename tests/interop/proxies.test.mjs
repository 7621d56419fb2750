// Through nginx (with its buffering, and gzip for everything) and HAProxy: what clients see is what they see directly.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createGunzip, gunzipSync } from 'node:zlib';
import WebSocket from 'ws';

import { Follower } from './follower.mjs';
import { FORMS, bodyOf, eventOf, get, open, piecesOf } from './forms.mjs';
import { PROXIES, startProxy } from './reverse_proxies.mjs';
import { factsOf, publish, publishBatch, startServer, waitingIn } from './server.mjs';
import { Arrivals, until, within } from './waiting.mjs';

const LIVE = 5000; // ms within which a message that is published has come through

let server;
const behind = {};
before(async () => {
    server = await startServer(['--keep-alive', '500ms', '--allow-delete', '--history-messages', '200']);
    for (const name of PROXIES) behind[name] = await startProxy(name, server);
});
after(async () => {
    for (const each of Object.values(behind)) await each.stop();
    assert.equal(await server.stop(), 0);
});

let count = 0;
const nextRoom = () => `through-${++count}`;
/** What differs from run to run, made the same. */
const settled = (text) =>
    text
        .replace(/"time":\d+/g, '"time":T')
        .replace(/"since":\d+/g, '"since":T')
        .replace(/through-\d+/g, 'ROOM')
        .replace(/\b[0-9a-z]{4,16}-(\d+)\b/g, 'E-$1');
const FIELDS = [
    'content-type',
    'last-event-id',
    'cache-control',
    'gap',
    'superseded',
    'allow',
    'retry-after',
    'x-content-type-options',
];

async function answerOf(url, { method = 'GET', headers = {}, body } = {}) {
    const answer = await fetch(url, { method, headers, body });
    const fields = Object.fromEntries(
        FIELDS.map((name) => [name, answer.headers.get(name)]).filter(([, value]) => value !== null),
    );
    return settled(`${answer.status} ${JSON.stringify(fields)}\n${await answer.text()}`);
}

const text = { 'Content-Type': 'text/plain' };
const json = { 'Content-Type': 'application/json' };
const asJson = { Accept: 'application/json' };
// Calls in one room, one after the other; every one is answered at once.
const CALLS = [
    ['/publish', { method: 'POST', headers: text, body: 'first' }],
    ['/publish?as=ann', { method: 'POST', headers: json, body: '{"n": [1, 2]}' }],
    [
        '/publish',
        {
            method: 'POST',
            headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
            body: 'message=third+%C3%A4',
        },
    ],
    ['/publish', { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body: '"a"\n{"b":2}\n' }],
    ['/publish', { method: 'POST', headers: { ...text, 'Idempotency-Key': 'same' }, body: 'once' }],
    ['/publish', { method: 'POST', headers: { ...text, 'Idempotency-Key': 'same' }, body: 'once' }],
    ['/publish', { method: 'POST', headers: text, body: 'x'.repeat(65536) }],
    ['/publish', { method: 'POST', headers: text, body: 'x'.repeat(65537) }],
    ['/publish', { method: 'POST', headers: text, body: new Uint8Array([0xff, 0xfe]) }],
    ['/publish', { method: 'POST', headers: json, body: '{' }],
    ['/publish', { method: 'POST', headers: { 'Content-Type': 'image/png' }, body: 'x' }],
    ['/publish', { method: 'POST', headers: text }],
    ['/publish', { method: 'GET' }],
    ['/nothing', {}],
    ['/subscribe?after=0', {}],
    ['/subscribe?after=0&limit=3', { headers: asJson }],
    ['/subscribe?after=0&wait=0', { headers: { Accept: 'image/png' } }],
    ['/subscribe?after=x', {}],
    ['/subscribe?wait=0', {}],
    ['/subscribe?wait=0.2', { headers: asJson }],
    ['/subscribe?wait=0', { headers: { ...asJson, 'Last-Event-ID': '0' } }],
    ['/subscribe?after=zzzzz-7', {}],
    ['/subscribe?after=zzzzz-7', { headers: asJson }],
    ['/messages?limit=2', {}],
    ['/messages?after=0&limit=2', {}],
    ['', { headers: asJson }],
    ['/presence', {}],
    ['', { method: 'DELETE' }],
    ['/subscribe?after=0&wait=0', { headers: asJson }],
];

test('every call is answered through a proxy as it is directly', async (t) => {
    const rooms = Object.fromEntries(PROXIES.map((name) => [name, nextRoom()]));
    for (const [call, options] of CALLS) {
        const direct = await answerOf(`${server.url}/room/${rooms.direct}${call}`, options);
        for (const name of PROXIES.slice(1)) {
            await t.test(`${name}: ${options.method ?? 'GET'} ${call}`, async () => {
                assert.equal(await answerOf(`${behind[name].url}/room/${rooms[name]}${call}`, options), direct);
            });
        }
    }
});

for (const name of PROXIES) {
    for (const form of FORMS) {
        if (form === 'websocket' && name === 'nginx, nothing configured') continue;
        test(`${name}, ${form}: live, each message when it is published; keep-alives`, async () => {
            const room = nextRoom();
            const follower = new Follower(`${behind[name].url}/room/${room}/subscribe`, {
                formOf: () => form,
                patience: 3000,
            });
            const followed = follower.reach(12);
            for (let number = 1; number <= 10; number++) {
                await waitingIn(server.url, room, 1);
                await publish(server.url, room, `message ${number}`);
                await until(LIVE, `message ${number}`, () => follower.received.length === number);
            }
            if (form !== 'raw' && form !== 'json') {
                const { connections, keepAlives } = follower;
                await until(5000, 'three keep-alives', () => follower.keepAlives >= keepAlives + 3);
                assert.equal(follower.connections, connections);
            }
            await publishBatch(behind[name].url, room, ['message 11', 'message 12']);
            await followed;
            assert.deepEqual(
                follower.received.map(({ data }) => data),
                Array.from({ length: 12 }, (_, i) => `message ${i + 1}`),
            );
            assert.deepEqual([follower.failures, follower.gaps.length], [0, 0]);
            await waitingIn(server.url, room, 0);
        });
    }

    test(`${name}: who hangs up while waiting is forgotten at once`, async () => {
        // HAProxy notices only what it has to write to, unless it is told to (option abortonclose).
        const polls = name === 'HAProxy, nothing configured' ? [] : ['text/plain', 'application/json'];
        for (const accept of [...polls, 'application/x-ndjson', 'text/event-stream']) {
            const room = nextRoom();
            const leave = new AbortController();
            const waiting = get(`${behind[name].url}/room/${room}/subscribe?wait=60`, {
                headers: { Accept: accept },
                signal: leave.signal,
                patience: 20_000,
            });
            waiting.then((answer) => answer.on('error', () => {})).catch(() => {});
            await waitingIn(server.url, room, 1);
            leave.abort();
            await waitingIn(server.url, room, 0);
        }
    });

    for (const [form, accept, separator] of [
        ['sse', 'text/event-stream', '\n\n'],
        ['ndjson', 'application/x-ndjson', '\n'],
    ]) {
        test(`${name}, ${form} for a client that takes gzip: live, whole, and the cursor goes through`, async () => {
            const room = nextRoom();
            await publishBatch(server.url, room, ['one', 'two']);
            const cursor = (await publish(server.url, room, 'three')).id.replace(/3$/, '2');
            const leave = new AbortController();
            const answer = await get(`${behind[name].url}/room/${room}/subscribe`, {
                headers: { Accept: accept, 'Accept-Encoding': 'gzip', 'Last-Event-ID': cursor },
                signal: leave.signal,
            });
            assert.equal(answer.headers['content-type'], accept);
            assert.equal(answer.headers['last-event-id'], cursor);
            assert.equal(answer.headers['cache-control'], 'no-store');
            assert.equal(answer.headers['content-encoding'], name.startsWith('nginx') ? 'gzip' : undefined);
            const plain = name.startsWith('nginx') ? answer.pipe(createGunzip()) : answer;
            plain.on('error', () => {});
            const come = new Arrivals();
            const reading = (async () => {
                for await (const piece of piecesOf(plain, separator)) come.push(piece);
            })().catch(() => {});
            const messages = () =>
                come.all
                    .map((piece) => (form === 'sse' ? eventOf(piece).data : piece))
                    .filter(Boolean)
                    .map((data) => JSON.parse(data).data);
            await come.first(() => messages().length === 1, LIVE);
            for (const each of ['four', 'five', 'six']) {
                const already = messages().length;
                await publish(server.url, room, each);
                await come.first(() => messages().length === already + 1, LIVE, each);
            }
            assert.deepEqual(messages(), ['three', 'four', 'five', 'six']);
            leave.abort();
            plain.destroy();
            await reading;
            await waitingIn(server.url, room, 0);
        });
    }

    test(`${name}: polls for a client that takes gzip`, async () => {
        const room = nextRoom();
        await publishBatch(server.url, room, ['x'.repeat(2000), 'y'.repeat(2000)]);
        for (const accept of ['application/json', 'text/plain']) {
            const answer = await get(`${behind[name].url}/room/${room}/subscribe?after=0`, {
                headers: { Accept: accept, 'Accept-Encoding': 'gzip' },
            });
            const bytes = await bodyOf(answer);
            const body = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
            assert.ok(body.toString().includes('x'.repeat(2000)));
        }
    });

    test(`${name}: publishing while many wait, and every form sees the same`, async () => {
        const room = nextRoom();
        const forms = name === 'nginx, nothing configured' ? FORMS.slice(0, 4) : FORMS;
        const followers = forms.flatMap((form) =>
            [1, 2, 3].map(() => new Follower(`${behind[name].url}/room/${room}/subscribe`, { formOf: () => form })),
        );
        const followed = followers.map((each) => each.reach(30, 60_000));
        await waitingIn(server.url, room, followers.length);
        for (let i = 0; i < 30; i++) await publish(behind[name].url, room, { i, filler: 'ä'.repeat(i * 20) });
        await Promise.all(followed);
        for (const each of followers)
            assert.deepEqual(
                each.received.map(({ data }) => data.i),
                Array.from({ length: 30 }, (_, i) => i),
            );
        await waitingIn(server.url, room, 0);
    });

    test(`${name}: twenty rooms in one request; the answer’s fields are not too long for it`, async () => {
        const names = Array.from({ length: 20 }, (_, i) => `${nextRoom()}-${'n'.repeat(30)}-${i}`);
        for (const each of names) await publish(server.url, each, each);
        const asked = {
            url: `${behind[name].url}/subscribe?${names.map((each) => `room=${each}`).join('&')}`,
            after: '0',
            wait: 1,
        };
        for await (const { messages, next } of open('json', asked)) {
            assert.deepEqual(messages.map(({ room }) => room).sort(), [...names].sort());
            for await (const again of open('json', {
                ...asked,
                after: undefined,
                wait: 0,
                headers: { 'Last-Event-ID': next },
            })) {
                assert.deepEqual([again.messages, again.next], [[], next]);
            }
        }
    });

    if (name !== 'nginx, nothing configured') {
        test(`${name}, WebSocket: publishes, acks, errors, gaps, pings and close codes`, async () => {
            const room = nextRoom();
            const url = `${behind[name].url.replace('http', 'ws')}/room/${room}/subscribe?after=zz-1&as=ann`;
            const socket = new WebSocket(url);
            const come = new Arrivals();
            socket.on('message', (data) => come.push(JSON.parse(data)));
            const [pong, close] = [new Arrivals(), new Arrivals()];
            socket.on('pong', (data) => pong.push(data.toString()));
            socket.on('close', (code) => close.push(code));
            socket.on('error', (error) => come.end(error));
            await come.first(1);
            assert.deepEqual(come.all[0].gap, { room, reason: 'restarted' });
            socket.send('{"data":"hello","key":"k1"}');
            socket.send('{"key":"k2"}');
            socket.ping('are you there?');
            await come.first(4);
            await pong.first(1);
            const kinds = Object.assign({}, ...come.all);
            assert.equal(kinds.ack.key, 'k1');
            assert.deepEqual([kinds.error.key, kinds.error.status], ['k2', 400]);
            assert.deepEqual([kinds.from, kinds.data], ['ann', 'hello']);
            assert.deepEqual(pong.all, ['are you there?']);
            socket.send(Buffer.from('binary'));
            await close.first(1);
            assert.deepEqual(close.all, [1003]);
            await waitingIn(server.url, room, 0);
        });
    }

    test(`${name}: a drain ends everything that waits, and says so`, async () => {
        const own = await startServer(['--keep-alive', '500ms']);
        const proxy = await startProxy(name, own);
        try {
            const forms = name === 'nginx, nothing configured' ? FORMS.slice(0, 4) : FORMS;
            const ended = forms.map(async (form) => {
                const all = [];
                for await (const come of open(form, {
                    url: `${proxy.url}/room/drain/subscribe`,
                    wait: 20,
                    patience: 10_000,
                }))
                    all.push(come);
                return [form, all];
            });
            await waitingIn(own.url, 'drain', forms.length);
            const receipt = await publish(proxy.url, 'other', 'kept');
            assert.ok(receipt.id);
            assert.equal(await own.stop('SIGTERM'), 0);
            for (const each of ended) {
                const [form, all] = await within(5000, 'the end', each); // it throws where an answer is cut off
                if (form === 'json' || form === 'raw')
                    assert.deepEqual([all.length, all[0].draining, all[0].messages.length], [1, true, 0], form);
                else
                    assert.ok(
                        all.every(({ messages }) => messages.length === 0),
                        form,
                    );
            }
        } finally {
            await own.stop('SIGKILL');
            await proxy.stop();
        }
    });
}
