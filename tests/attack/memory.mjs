// Attacks on memory: what clients can fill. Each gets a server with --memory 64M.

import { readFileSync } from 'node:fs';

import { publish, startServer } from '../interop/server.mjs';
import { pause } from '../interop/waiting.mjs';
import { frame, TEXT } from '../interop/raw_websocket.mjs';
import { get, ignore, open, pipeline, post } from './sockets.mjs';

const MEMORY = 64; // MB
const MARGIN = 32;
const KB_A_CONNECTION = 2;

const EXPIRY = 10_000; // ms, of the messages that expire
const GIVEN_BACK = 30; // MB, what may be left then

const rooms = (begin, count, name = 'r') =>
    Array.from({ length: count }, (_, i) => `room=${name}${begin + i}`).join('&');
const long = (size) => 'x'.repeat(size);

/** `run(port, small)` attacks, and resolves to the sockets that it leaves open. `flags` are the server's, and `left` how many MB may be resident in the end. */
export const memoryAttacks = [
    {
        name: 'names: polls of 100 rooms, each with a new name',
        async run(port, small) {
            const polls = Array.from({ length: small ? 400 : 4000 }, (_, i) =>
                get(`/subscribe?${rooms(0, 100)}&wait=0&as=somebody-${i}-${long(40)}`),
            );
            await Promise.all([0, 1, 2, 3].map((part) => pipeline(port, polls.filter((_, i) => i % 4 === part))));
            return [];
        },
    },
    {
        name: 'bodies that do not come to their end',
        async run(port, small) {
            const body = post('/room/a/publish', long(64_000)).slice(0, -1);
            return open(port, small ? 1500 : 10_000, (socket) => ignore(socket).write(body));
        },
    },
    {
        name: 'WebSocket messages that do not come to their end',
        async run(port, small) {
            const hands = get(
                '/room/a/subscribe',
                'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
                    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
            );
            const half = frame(TEXT, long(60_000)).subarray(0, -1);
            return open(port, small ? 1500 : 5000, (socket) => {
                ignore(socket).write(hands);
                socket.write(half);
            });
        },
    },
    {
        name: 'heads that do not come to their end',
        async run(port, small) {
            const half = get('/room/a/subscribe', `X-A: ${long(15_000)}\r\n`).slice(0, -2);
            return open(port, small ? 2000 : 10_000, (socket) => ignore(socket).write(half));
        },
    },
    {
        name: 'lists of names that nobody reads',
        async run(port, small) {
            const polls = Array.from({ length: 20_000 }, (_, i) => get(`/room/crowd/subscribe?wait=0&as=name-${i}`));
            await pipeline(port, polls, 200);
            const sockets = await open(port, small ? 200 : 1000, (socket) => {
                socket.pause();
                socket.write(get('/room/crowd/presence').repeat(10));
            });
            await pause(2000);
            return sockets;
        },
    },
    {
        name: 'histories that nobody reads',
        async run(port, small) {
            for (let i = 0; i < 8; ++i)
                await pipeline(port, Array.from({ length: 125 }, () => post('/room/a/publish', long(2000))));
            const sockets = await open(port, small ? 500 : 5000, (socket) => {
                socket.pause();
                socket.write(get('/room/a/messages?limit=1000').repeat(20));
            });
            await pause(2000);
            return sockets;
        },
    },
    {
        name: 'messages that are evicted, and that readers who do not read still hold',
        async run(port, small) {
            const sockets = [];
            for (let i = 0; i < (small ? 400 : 1000); ++i) {
                await pipeline(port, Array.from({ length: 8 }, () => post('/room/a/publish', long(60_000))));
                sockets.push(
                    ...(await open(port, 2, (socket) => {
                        socket.pause();
                        socket.write(get('/room/a/messages?limit=4').repeat(40));
                    })),
                );
            }
            return sockets;
        },
    },
    {
        name: 'answered polls of 100 rooms that are kept',
        async run(port, small) {
            const poll = get(`/subscribe?${rooms(0, 100, long(50))}&wait=0&after=0`, 'Accept: application/json\r\n');
            return open(port, small ? 1500 : 10_000, (socket) => ignore(socket).write(poll));
        },
    },
    {
        name: 'waiting polls of 100 rooms',
        async run(port, small) {
            const poll = get(`/subscribe?${rooms(0, 100, long(50))}&wait=60`, 'Accept: application/json\r\n');
            return open(port, small ? 1500 : 10_000, (socket) => ignore(socket).write(poll));
        },
    },
    {
        name: 'streams of 100 rooms, as clients with an id',
        async run(port, small) {
            return open(port, small ? 1500 : 10_000, (socket, i) =>
                ignore(socket).write(
                    get(`/subscribe?${rooms(0, 100)}&client=${i}-${long(100)}`, 'Accept: text/event-stream\r\n'),
                ),
            );
        },
    },
    {
        name: 'ever new rooms',
        async run(port, small) {
            const polls = (part) =>
                Array.from({ length: small ? 500 : 5000 }, (_, i) =>
                    get(`/subscribe?${rooms(i * 100, 100, `new${part}-`)}&wait=0`),
                );
            await Promise.all([0, 1].map((part) => pipeline(port, polls(part))));
            return [];
        },
    },
    {
        name: 'messages in ever new rooms, each with a key',
        async run(port, small) {
            const calls = Array.from({ length: small ? 30_000 : 300_000 }, (_, i) =>
                post(`/room/r${i}/publish`, long(500), `Idempotency-Key: ${i}-${long(100)}\r\n`),
            );
            await pipeline(port, calls, 100);
            return [];
        },
    },
    {
        name: 'messages that expire: their memory goes back to the system',
        flags: ['--memory', `${MEMORY}M`, '--history-age', `${EXPIRY}ms`],
        left: GIVEN_BACK,
        onlyLarge: true,
        async run(port) {
            const batch = `"${long(300)}"\n`.repeat(100);
            const calls = Array.from({ length: 1200 }, (_, i) =>
                post(`/room/r${i % 500}/publish`, batch, 'Content-Type: application/x-ndjson\r\n'),
            );
            await pipeline(port, calls, 60);
            await pause(3 * EXPIRY);
            return [];
        },
    },
];

function resident(pid, which) {
    const kb = new RegExp(`${which}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1];
    return Math.round(kb / 1024);
}

/** Honest clients, one call after the other: a subscriber of a new room and a publisher. */
function serveHonest(url) {
    const state = { over: false, calls: 0, failures: [] };
    const run = async () => {
        for (let i = 0; !state.over; ++i) {
            try {
                const room = `honest-${i}`;
                const poll = await fetch(`${url}/room/${room}/subscribe?wait=0&as=honest-${i}`);
                if (poll.status !== 204 && poll.status !== 200)
                    throw new Error(`poll: ${poll.status} ${await poll.text()}`);
                await publish(url, room, `hello ${i}`);
                const history = await (await fetch(`${url}/room/${room}/messages`)).json();
                if (history.messages[0]?.data !== `hello ${i}`) throw new Error('the message is not there');
            } catch (error) {
                state.failures.push(error.cause?.code ?? error.message);
            }
            ++state.calls;
            await pause(20);
        }
    };
    state.done = run();
    return state;
}

export async function runMemory(attack, small) {
    const server = await startServer(attack.flags ?? ['--memory', `${MEMORY}M`]);
    const honest = serveHonest(server.url);
    const sockets = await attack.run(server.port, small);
    await pause(1000);
    honest.over = true;
    await honest.done;
    const most = resident(server.pid, 'VmHWM');
    for (const socket of sockets) socket.destroy();
    await pause(3000);
    const after = resident(server.pid, 'VmRSS');
    await server.stop();
    const bound = Math.round(MEMORY + MARGIN + (sockets.length * KB_A_CONNECTION) / 1024);
    const served = honest.calls - honest.failures.length;
    if (honest.failures.length > 0) console.error(`  ${attack.name}: ${[...new Set(honest.failures)].join('; ')}`);
    return {
        cells: [sockets.length, most, bound, after, `${served} of ${honest.calls}`],
        holds: most <= bound && served === honest.calls && after <= (attack.left ?? bound),
    };
}
