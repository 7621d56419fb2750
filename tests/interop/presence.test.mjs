// People who wait by polling again and again are present all the time; who is killed leaves soon. In short;
// ANTEROOM_PRESENCE_SECONDS=600 makes it a long run.

import assert from 'node:assert/strict';
import http from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, test } from 'node:test';

import { open } from './forms.mjs';
import { start } from './processes.mjs';
import { factsOf, publish, startServer, waitingIn } from './server.mjs';
import { Arrivals, dice, pause, until } from './waiting.mjs';

const SECONDS = Number(process.env.ANTEROOM_PRESENCE_SECONDS ?? 20);
const PEOPLE = Number(process.env.ANTEROOM_PRESENCE_PEOPLE ?? 200);
const LEASE = 1000; // ms

let server;
before(async () => (server = await startServer(['--presence-lease', `${LEASE}ms`, '--history-messages', '100000'])));
after(async () => assert.equal(await server.stop(), 0));

/** The joins and leaves of a room, as they happen, with the time at which they were told. */
function doorOf(room) {
    const news = new Arrivals();
    const leave = new AbortController();
    const url = `${server.url}/room/${encodeURIComponent(`${room}:presence`)}/subscribe`;
    const watching = (async () => {
        for await (const { messages } of open('ndjson', { url, after: '0', patience: 60_000, signal: leave.signal })) {
            for (const { data, time } of messages) news.push({ ...data, time });
        }
    })().catch(() => {});
    const close = () => (leave.abort(), watching);
    return {
        news,
        close,
        joins: () => news.all.filter(({ event }) => event === 'join'),
        leaves: () => news.all.filter(({ event }) => event === 'leave'),
    };
}

const present = async (room) =>
    (await (await fetch(`${server.url}/room/${room}/presence`)).json()).present.map((one) => one.as);

test(`${PEOPLE} people poll again and again for ${SECONDS} s with a lease of ${LEASE} ms, and nobody leaves`, async (t) => {
    const room = 'crowd';
    const door = doorOf(room);
    const lag = monitorEventLoopDelay({ resolution: 20 });
    const agent = new http.Agent({ keepAlive: true, maxSockets: PEOPLE });
    const { below } = dice(7);
    let on = true;
    let polls = 0;

    const ask = (target) =>
        new Promise((resolve, reject) => {
            const asked = http.get(target, { agent, headers: { Accept: 'application/json' } }, async (answer) => {
                let text = '';
                for await (const piece of answer.setEncoding('utf8')) text += piece;
                resolve(JSON.parse(text));
            });
            asked.on('error', reject);
        });
    const person = async (name) => {
        const got = [];
        for (let cursor = '0'; on; polls++) {
            const wait = (200 + below(1300)) / 1000; // shorter and longer than the lease
            const told = await ask(`${server.url}/room/${room}/subscribe?after=${cursor}&wait=${wait}&as=${name}`);
            got.push(...told.messages.map(({ data }) => data));
            cursor = told.next;
            if (below(4) === 0) await pause(below(LEASE / 4)); // away, but for less than the lease
        }
        return got;
    };
    const names = Array.from({ length: PEOPLE }, (_, i) => `p${i}`);
    const crowd = Promise.all(names.map(person));
    await door.news.first(PEOPLE, 10_000, 'everybody’s join');
    assert.deepEqual((await present(room)).sort(), [...names].sort());

    lag.enable();
    const sent = [];
    for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await pause(400)) {
        sent.push(`message ${sent.length}`);
        await publish(server.url, room, sent.at(-1));
        assert.equal((await present(room)).length, PEOPLE);
    }
    lag.disable();
    const before = door.leaves().length;
    on = false;
    const got = await crowd;
    const late = Math.round(lag.max / 1e6);
    t.diagnostic(`${polls} polls; this test itself was late by ${late} ms at most`);
    // A test that was late by half a lease was away itself for as long; then it can tell nothing.
    if (late < LEASE / 2) assert.equal(before, 0, 'nobody left');
    assert.equal(door.joins().length, PEOPLE + before, 'nobody joined twice');
    for (const each of got) assert.deepEqual(each, sent.slice(0, each.length));
    assert.ok(got.every((each) => each.length >= sent.length - 1));

    // And when they have all stopped, they leave, each once.
    await door.news.first(() => door.leaves().length === PEOPLE + before, LEASE + 3000, 'everybody’s leave');
    assert.deepEqual(await present(room), []);
    agent.destroy();
    await door.close();
});

for (const form of ['a poll', 'NDJSON', 'Server-Sent Events']) {
    test(`a client that is killed in the middle of ${form} leaves within the lease and a second`, async () => {
        const room = `killed-${form.replaceAll(' ', '-')}`;
        const door = doorOf(room);
        const accept = {
            'a poll': 'application/json',
            NDJSON: 'application/x-ndjson',
            'Server-Sent Events': 'text/event-stream',
        }[form];
        const client = start('curl', [
            '-sN',
            '-H',
            `Accept: ${accept}`,
            `${server.url}/room/${room}/subscribe?as=ann&wait=60`,
        ]);
        await door.news.first(1);
        await waitingIn(server.url, room, 1);
        const killed = Date.now();
        assert.equal(await client.stop('SIGKILL'), 'SIGKILL');
        await until(1000, 'the server to notice', async () => (await factsOf(server.url, room)).subscribers === 0);
        assert.deepEqual(await present(room), ['ann']); // until the lease is over
        await door.news.first(2, LEASE + 1000);
        const [{ event, as, time }] = door.leaves();
        assert.deepEqual([event, as], ['leave', 'ann']);
        assert.ok(time - killed >= LEASE - 50 && time - killed <= LEASE + 1000, `${time - killed} ms`);
        assert.deepEqual(await present(room), []);
        await door.close();
    });
}

test('one who comes back within the lease, in another form, has not left; one with two connections leaves with the last', async () => {
    const room = 'back';
    const door = doorOf(room);
    const url = `${server.url}/room/${room}/subscribe`;
    const forms = ['json', 'ndjson', 'sse', 'websocket', 'raw', 'json'];
    for (const form of forms) {
        const leave = new AbortController();
        const open_ = open(form, { url, as: 'ann', wait: 30, signal: leave.signal });
        const first = open_.next().catch(() => {});
        await waitingIn(server.url, room, 1);
        leave.abort();
        await open_.return?.();
        await first;
        await waitingIn(server.url, room, 0);
    }
    assert.deepEqual([door.joins().length, door.leaves().length], [1, 0]);

    const both = [new AbortController(), new AbortController()];
    const connections = both.map(({ signal }) =>
        start('curl', ['-sN', '-H', 'Accept: text/event-stream', `${url}?as=ann`], { signal }),
    );
    for (const each of connections) each.child.on('error', () => {});
    await waitingIn(server.url, room, 2);
    both[0].abort();
    await waitingIn(server.url, room, 1);
    await pause(LEASE + 500); // nothing is to happen in this time
    assert.deepEqual(await present(room), ['ann']);
    both[1].abort();
    await door.news.first(2, LEASE + 1000);
    assert.deepEqual(
        door.news.all.map(({ event }) => event),
        ['join', 'leave'],
    );
    await door.close();
});
