// A room that keeps little: what a client missed while the network was away, or while it did not read, is told exactly.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { BadNetwork } from './bad_network.mjs';
import { Follower } from './follower.mjs';
import { FORMS, open } from './forms.mjs';
import { publish, publishBatch, startServer, waitingIn } from './server.mjs';
import { until } from './waiting.mjs';

const KEPT = 5;
let server;
let network;
before(async () => {
    server = await startServer(['--history-messages', String(KEPT), '--keep-alive', '60s', '--write-timeout', '60s']);
    network = await BadNetwork.to(server.port);
});
after(async () => {
    await network.close();
    assert.equal(await server.stop(), 0);
});

const numbersOf = (follower) => follower.received.map(({ data }) => Number.parseInt(data));
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const batch = (room, from, to) => publishBatch(server.url, room, range(from, to));

for (const form of FORMS) {
    test(`${form}: the network was away for longer than the room remembers; the gap is exact, and it recovered`, async () => {
        const room = `away-${form}`;
        network.follow(() => ({}));
        const follower = new Follower(`${network.url}/room/${room}/subscribe`, { formOf: () => form });
        const followed = follower.reach(31);
        await waitingIn(server.url, room, 1);
        await batch(room, 1, 3);
        await until(5000, 'the first three', () => follower.received.length === 3);

        // Nobody gets through until twenty more have been published.
        let away = true;
        network.follow(() => (away ? { cutAfter: 0 } : {}));
        network.cut();
        await waitingIn(server.url, room, 0);
        await batch(room, 4, 23);
        away = false;
        await until(5000, 'what is left', () => follower.received.length === 3 + KEPT);
        assert.deepEqual(
            follower.gaps.map(({ reason, missed }) => ({ reason, missed })),
            [{ reason: 'evicted', missed: 15 }],
        );

        for (const number of range(24, 31)) {
            await publish(server.url, room, String(number));
            await until(5000, number, () => follower.received.length === number - 15);
        }
        await followed;
        assert.deepEqual(numbersOf(follower), [1, 2, 3, ...range(19, 31)]);
        assert.equal(follower.missed, 15);
    });
}

for (const form of ['ndjson', 'sse', 'websocket']) {
    test(`${form}: a reader that stalls is told of its gap when it reads again, and delays nobody`, async () => {
        const room = `stalled-${form}`;
        const filler = 'x'.repeat(60_000);
        const count = 250; // 15 MB: more than the sockets between take
        network.follow(() => ({}));
        const stalled = new Follower(`${network.url}/room/${room}/subscribe`, { formOf: () => form, patience: 30_000 });
        const followed = stalled.reach(count, 60_000);
        await waitingIn(server.url, room, 1);
        network.stall();
        const reader = new Follower(`${server.url}/room/${room}/subscribe`, { formOf: () => form });
        const read = reader.reach(count, 60_000);
        await waitingIn(server.url, room, 2);
        for (let number = 1; number <= count; number++) {
            await publish(server.url, room, `${number} ${filler}`);
            if (number % KEPT === 0) await until(10_000, 'the reader', () => reader.received.length === number);
        }
        await read;
        assert.deepEqual(numbersOf(reader), range(1, count));
        assert.equal(stalled.received.length, 0);
        network.release();
        await followed;
        const numbers = numbersOf(stalled);
        assert.equal(stalled.connections, 1, 'on the same connection');
        assert.ok(stalled.missed > 0);
        assert.equal(numbers.length + stalled.missed, count);
        assert.deepEqual(
            numbers,
            [...numbers].sort((a, b) => a - b),
        );
        assert.deepEqual(numbers.slice(-KEPT), range(count - KEPT + 1, count));
    });
}

test('composite cursors: a gap in one room of three is that room’s, in every form', async () => {
    for (const form of FORMS) {
        const rooms = ['a b', 'ü', 'c'].map((name) => `${name}-${form}`);
        await batch(rooms[0], 1, 9);
        await batch(rooms[1], 1, 2);
        await batch(rooms[2], 1, 3);
        const query = rooms.map((room) => `room=${encodeURIComponent(room)}`).join('&');
        const gaps = [];
        const messages = [];
        let cursor = '0';
        for (let tries = 0; messages.length < KEPT + 2 + 3 && tries < 30; tries++) {
            const asked = { url: `${server.url}/subscribe?${query}`, after: cursor, wait: 1 };
            for await (const come of open(form, asked)) {
                gaps.push(...come.gaps);
                messages.push(...come.messages);
                cursor = come.next ?? cursor;
                if (messages.length >= KEPT + 2 + 3) break;
            }
        }
        if (form !== 'raw') {
            assert.deepEqual(gaps, [{ room: rooms[0], reason: 'evicted', missed: 4 }], form);
            for (const room of rooms) {
                const data = messages.filter((one) => one.room === room).map((one) => Number(one.data));
                assert.deepEqual(data, room === rooms[0] ? range(5, 9) : range(1, data.length), form);
            }
        }
        assert.deepEqual(
            gaps.map(({ missed }) => missed),
            [4],
            form,
        );
        assert.equal(messages.length, 10, form);
    }
});
