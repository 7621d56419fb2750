// A network that delays, splits, stalls and cuts: whatever it did, a client that follows its cursor has every message
// once and in order, or was told exactly how many it missed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';

import { BadNetwork } from './bad_network.mjs';
import { Follower } from './follower.mjs';
import { FORMS } from './forms.mjs';
import { factsOf, publish, startServer, waitingIn } from './server.mjs';
import { dice, pause } from './waiting.mjs';

const SEED = Number(process.env.ANTEROOM_SEED ?? 20261);
const COUNT = Number(process.env.ANTEROOM_MESSAGES ?? 60);
const STRIDE = Number(process.env.ANTEROOM_STRIDE ?? 7); // of the bytes after which a connection is cut
const KEEP_ALIVE = 400; // ms
const PATIENCE = 60_000; // ms, for a machine that does much else

let server;
let network;
before(async () => {
    server = await startServer(['--keep-alive', `${KEEP_ALIVE}ms`, '--history-messages', '400']);
    network = await BadNetwork.to(server.port);
});
after(async () => {
    await network.close();
    assert.equal(await server.stop(), 0);
    assert.equal(server.running.complaints.replace(/^.*\[?info.*\n/gm, ''), '');
});

const subscribe = (room, origin = network.url) => `${origin}/room/${room}/subscribe`;
const text = (number) => `message ${number} ${'äöü€😀'.repeat(number % 7)}`;

/** Every message once and in order, with ids that count, and the gaps where they belong. */
function checkFollowed(follower, count) {
    const numbers = follower.received.map(({ id, data }) => {
        const number = Number(/^message (\d+)/.exec(data)[1]);
        assert.equal(data, text(number));
        assert.equal(Number(id.split('-')[1]), number);
        return number;
    });
    assert.deepEqual(
        numbers,
        [...numbers].sort((a, b) => a - b),
        'in order',
    );
    assert.equal(new Set(numbers).size, numbers.length, 'none twice');
    for (const gap of follower.gaps) assert.equal(gap.reason, 'evicted');
    assert.equal(numbers.length + follower.missed, count, 'received + missed = published');
}

/** What a bad day is made of; about half of the connections are cut somewhere. */
function badDay(seed) {
    const { below, pick } = dice(seed);
    return () => ({
        delay: pick([0, 0, 0, 1, 10]),
        splitFrom: pick([0, below(600), Infinity]),
        splitFor: 80,
        ...pick([
            {},
            { cutAfter: below(3000), reset: below(2) === 0 },
            { cutAfter: below(600) },
            { cutAfterSent: below(200) },
            { stallAfter: below(2000), stallFor: 10 + below(50) },
        ]),
    });
}

async function publishThrough(origin, room, from, to, between = () => null) {
    const late = AbortSignal.timeout(PATIENCE);
    for (let number = from; number <= to; number++) {
        // A publish whose answer was lost is repeated with the same key.
        for (let done = false; !done;) {
            try {
                await publish(origin, room, text(number), {
                    key: `${room}-${number}`,
                    signal: AbortSignal.timeout(4000),
                });
                done = true;
            } catch (error) {
                if (late.aborted) throw error;
                await pause(5);
            }
        }
        await between(number);
    }
}

const ways = [
    ...FORMS.map((form) => ({ name: form, formOf: () => form })),
    (() => {
        const { pick } = dice(SEED);
        return { name: 'another form on every message', formOf: () => pick(FORMS), most: () => 1, limit: 1 };
    })(),
    (() => {
        const { pick, below } = dice(SEED + 1);
        return { name: 'another form every now and then', formOf: () => pick(FORMS), most: () => 1 + below(5) };
    })(),
];

for (const [index, way] of ways.entries()) {
    test(`${way.name}: delays, single bytes, stalls and cuts, and it recovered (seed ${SEED + index})`, async () => {
        const room = `day-${index}`;
        network.follow(badDay(SEED + index));
        const follower = new Follower(subscribe(room), { patience: 4000, ...way });
        const cutNowAndThen = (number) => (number % 20 === 0 ? network.cut({ reset: number % 40 === 0 }) : null);
        await Promise.all([
            follower.reach(COUNT, PATIENCE),
            publishThrough(network.url, room, 1, COUNT, cutNowAndThen),
        ]);
        checkFollowed(follower, COUNT);
        assert.equal(follower.gaps.length, 0);
        assert.ok(follower.connections > 1, 'the network was bad');
        network.cut();
        await waitingIn(server.url, room, 0);

        network.follow(() => ({}));
        const calm = follower.reach(COUNT + 1);
        await publishThrough(network.url, room, COUNT + 1, COUNT + 1);
        await calm;
        checkFollowed(follower, COUNT + 1);
    });
}

for (const form of FORMS) {
    test(`${form}: cut in the middle of an answer, after every ${STRIDE} bytes, and it recovered`, async () => {
        const room = `bytes-${form}`;
        await publishThrough(server.url, room, 1, 4);
        let total = Infinity;
        for (let bytes = 0; bytes <= total; bytes += STRIDE) {
            network.follow((number) => (number === 0 ? { cutAfter: bytes } : {}));
            const follower = new Follower(subscribe(room), { formOf: () => form, limit: 2 });
            await follower.reach(4);
            checkFollowed(follower, 4);
            // Long enough for all that the first connection had to say.
            if (follower.failures === 0 && follower.connections === (form === 'raw' ? 4 : form === 'json' ? 2 : 1))
                total = bytes;
            assert.ok(bytes < 5000);
        }
        assert.ok(total > 200, `${total} bytes`);
        await waitingIn(server.url, room, 0);
    });

    test(`${form}: stalled on command while it waits, released, cut on command, and it recovered`, async () => {
        const room = `command-${form}`;
        network.follow(() => ({}));
        const follower = new Follower(subscribe(room), { formOf: () => form });
        const followed = follower.reach(30);
        await waitingIn(server.url, room, 1);
        network.stall();
        await publishThrough(server.url, room, 1, 10);
        assert.equal(follower.received.length, 0);
        network.release();
        const firstTen = follower.received;
        while (firstTen.length < 10) await pause(5);
        for (const reset of [false, true]) {
            network.cut({ reset });
            const from = follower.received.length + 1;
            await publishThrough(server.url, room, from, from + 9);
            while (follower.received.length < from + 9) await pause(5);
        }
        await followed;
        checkFollowed(follower, 30);
        assert.equal((await factsOf(server.url, room)).messages, 30);
    });
}

test('publishing over a WebSocket that is cut again and again: each message once and in order, by its key', async () => {
    const room = 'publisher';
    network.follow(badDay(SEED + 99));
    const url = subscribe(room).replace('http', 'ws');
    let socket;
    const publishOnce = (number) =>
        new Promise((resolve, reject) => {
            const key = `k${number}`;
            const send = () => socket.send(JSON.stringify({ data: text(number), key }));
            if (socket?.readyState !== WebSocket.OPEN) {
                socket = new WebSocket(url, { handshakeTimeout: 1000 });
                socket.once('open', send);
            } else {
                send();
            }
            const late = setTimeout(() => socket.terminate(), 1000);
            const done = (how, what) => (
                clearTimeout(late),
                socket.removeAllListeners(),
                socket.on('error', () => {}),
                how(what)
            );
            socket.on('message', (data) => JSON.parse(data).ack?.key === key && done(resolve));
            socket.on('error', () => {});
            socket.on('close', () => done(reject, new Error('cut')));
        });
    let repeats = 0;
    for (let number = 1; number <= COUNT; number++) {
        while (
            !(await publishOnce(number).then(
                () => true,
                () => false,
            ))
        )
            repeats++;
        if (number % 10 === 0) network.cut();
    }
    socket.terminate();
    assert.ok(repeats > 0);
    const reader = new Follower(subscribe(room, server.url), { formOf: () => 'json' });
    await reader.reach(COUNT);
    checkFollowed(reader, COUNT);
    assert.equal((await factsOf(server.url, room)).messages, COUNT);
});
