// SSE and WebSockets, and readers that stall.
import { cpu, deliveries, faults, lastTail, median, tail, times, without } from '../figures.mjs';
import { overBase } from '../measures.mjs';

const sse = ['loop', 'nchan', 'sse', 'anteroom'];
const websocket = ['loop', 'nchan', 'ws', 'beast', 'beast+deflate', 'anteroom'];

// A write is most of what a delivery costs on a stream, for all of them.
const fanout = (transport, name, servers) => ({
    name: transport,
    title: `${name}, 1 room x 1,000, closed loop`,
    args: { transport, mode: 'closed', rooms: 1, subs: 1000 },
    servers,
    figures: [
        cpu({ toLoop: 1.3, toNchan: 0.6, toBefore: 1.02, head: `CPU a delivery, ${name} 1 x 1,000` }),
        deliveries(),
        tail(),
        lastTail(),
        faults,
    ],
});

// 160,000 deliveries a second are offered. What lies in the server's input together can leave in one write a subscriber.
const pipelined = (transport, name, servers) => ({
    name: `pipelined-${transport}`,
    title: `${name}, 1 room x 100, a publisher that pipelines 16, 1,600 messages/s`,
    args: { transport, mode: 'open', rooms: 1, subs: 100, publishers: 1, rate: 1600, burst: 16, pipeline: 16 },
    share: 3 / 5,
    servers,
    figures: [cpu({ toBefore: 0.2 }), deliveries(), median(), tail(), faults],
});

const stalledReaders = 1000;
const stalled = (name, transport, title, servers) => ({
    name,
    title: `${title}, 1 room x 100, beside 1,000 that do not read`,
    base: { transport, rooms: 1, subs: 100, size: 512 },
    args: { transport, rooms: 1, subs: 100, size: 512, stalled: stalledReaders },
    measure: overBase,
    share: 3 / 5,
    servers,
    once: servers.filter((server) => server !== 'anteroom'), // half a minute each
    figures: [
        without('without them', cpu()),
        cpu(),
        times('the same, with over without', cpu().read, { most: 1.1 }),
        times('latency p50, with over without', median().read, { most: 1.1 }),
        times('latency p99, with over without', tail().read),
        {
            label: 'memory a stalled reader',
            unit: 'B',
            read: (run) => (run.private_bytes - run.base.private_bytes) / stalledReaders,
            digits: 0,
            most: 4096, // what one that waits may take, and a message that it is in the middle of
        },
        faults,
    ],
});

export const streams = [
    fanout('sse', 'SSE', sse),
    fanout('websocket', 'WebSocket', websocket),
    pipelined('sse', 'SSE', sse),
    pipelined('websocket', 'WebSocket', websocket),
    stalled('stalled', 'sse', 'SSE', ['nchan', 'anteroom']),
    stalled('stalled-websocket', 'websocket', 'WebSocket', ['nchan', 'beast', 'anteroom']),
];
