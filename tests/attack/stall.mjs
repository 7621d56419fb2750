// Attacks on time: how long one connection holds up another. Each gets a server of one thread.

import { Worker } from 'node:worker_threads';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';

import { startServer } from '../interop/server.mjs';
import { pause } from '../interop/waiting.mjs';
import { get, ignore, open, pipeline, post } from './sockets.mjs';

const BOUND = 20; // ms of CPU

/** Many rooms that have a message each. */
async function fill(port, count) {
    const call = (begin, end) =>
        post(
            `/publish?${Array.from({ length: end - begin }, (_, i) => `room=filled-${begin + i}`).join('&')}`,
            'x',
        );
    const calls = [];
    for (let at = 0; at < count; at += 100) calls.push(call(at, at + 100));
    await pipeline(port, calls, 20);
}

const many = (small) => (small ? 20_000 : 200_000);
const times = (count, text) => Array.from({ length: count }, () => text);

export const stallAttacks = [
    { name: 'lists of one room, pipelined', target: '/rooms?limit=1' },
    { name: 'lists of 1,000 rooms, pipelined', target: '/rooms?limit=1000' },
    { name: 'lists by a prefix that nothing has', target: '/rooms?prefix=nothing' },
    { name: 'metrics', target: '/metrics' },
].map(({ name, target }) => ({
    name,
    prepare: (port, small) => fill(port, many(small)),
    run: (port) => pipeline(port, times(2000, get(target)), 64),
}));

stallAttacks.push(
    {
        name: 'rooms that are not in use, listed',
        prepare: () => {},
        async run(port, small) {
            const polls = Array.from({ length: many(small) / 100 }, (_, i) => {
                const names = Array.from({ length: 100 }, (_, k) => `room=unused-${i * 100 + k}`).join('&');
                return get(`/subscribe?${names}&wait=0`);
            });
            await pipeline(port, polls, 20);
            await pipeline(port, times(256, get('/rooms?limit=1')), 64);
            await pause(6000); // they are swept away
        },
    },
    {
        name: 'names that leave at once',
        flags: ['--presence-lease', '2s'],
        prepare: () => {},
        async run(port, small) {
            const polls = Array.from({ length: small ? 100 : 1000 }, (_, i) => {
                const names = Array.from({ length: 100 }, (_, k) => `room=p${k}`).join('&');
                return get(`/subscribe?${names}&wait=0&as=n${i}`);
            });
            await pipeline(port, polls, 50);
            await pause(3000);
        },
    },
    {
        name: 'Accept, 1,600 times',
        prepare: () => {},
        run: (port) => pipeline(port, times(256, get('/room/a', 'Accept: a\r\n'.repeat(1400))), 64),
    },
    {
        name: 'histories, pipelined',
        prepare: (port) => pipeline(port, times(1000, post('/room/a/publish', 'x'.repeat(200)))),
        run: (port) => pipeline(port, times(1000, get('/room/a/messages?limit=1000')), 1000),
    },
    {
        name: 'deadlines of one tick',
        flags: ['--idle-timeout', '3s'],
        prepare: () => {},
        async run(port, small) {
            await open(port, small ? 2000 : 10_000, (socket) => ignore(socket).write(get('/healthz')));
            await pause(4500);
        },
    },
    {
        name: 'batches of 10,000 messages, pipelined',
        prepare: () => {},
        run: (port) =>
            pipeline(port, times(64, post('/room/a/publish', '1\n'.repeat(10_000), 'Content-Type: application/x-ndjson\r\n')), 64),
    },
    {
        name: 'publishing where the memory is full of rooms',
        flags: ['--memory', '128M'],
        prepare: (port, small) => fill(port, many(small)),
        run: (port) => pipeline(port, times(4000, post('/room/a/publish', 'x'.repeat(60_000))), 16),
    },
);

// Little that becomes much.
const long = JSON.stringify('a'.repeat(390_000));

/** A compressed message of a client (RFC 7692), masked with zeros. */
function compressedFrame(text) {
    const data = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const head = Buffer.from([0xc1, 0x80 | 126, data.length >> 8, data.length & 0xff, 0, 0, 0, 0]);
    return Buffer.concat([head, data]);
}

stallAttacks.push(
    {
        name: 'compressed bodies that are too long, pipelined',
        prepare: () => {},
        run: (port) =>
            pipeline(
                port,
                times(512, post('/room/a/publish', gzipSync(long), 'Content-Type: application/json\r\nContent-Encoding: gzip\r\n')),
                64,
            ),
    },
    {
        name: 'compressed messages over a WebSocket',
        flags: ['--websocket-deflate'],
        prepare: () => {},
        async run(port) {
            const [socket] = await open(port, 1);
            const pong = new Promise((resolve) => socket.on('data', (data) => data.includes('the end') && resolve()));
            socket.write(
                get(
                    '/room/a/subscribe',
                    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
                        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n',
                ),
            );
            const frame = compressedFrame(`{"x":${long}}`); // without data: an error for each
            for (let i = 0; i < 1024; i += 1) socket.write(frame);
            socket.write(Buffer.from([0x89, 0x87, 0, 0, 0, 0, ...Buffer.from('the end')])); // a ping
            await pong;
            socket.destroy();
        },
    },
);

export async function runStall(attack, small) {
    const server = await startServer(['--threads', '1', ...(attack.flags ?? ['--memory', '2G'])]);
    await attack.prepare(server.port, small);
    const quiet = new Worker(new URL('./quiet.mjs', import.meta.url), {
        workerData: { port: server.port, pid: server.pid },
    });
    await new Promise((resolve) => quiet.once('message', resolve));
    await attack.run(server.port, small);
    const result = new Promise((resolve) => quiet.once('message', resolve));
    quiet.postMessage('stop');
    const { answers, longest } = await result;
    await quiet.terminate();
    await server.stop('SIGKILL');
    return { cells: [answers, longest.toFixed(1), BOUND], holds: longest <= BOUND };
}
