// Long polls: rooms of all sizes, messages of all sizes, fixed rates.
import { cpu, deliveries, faults, lastTail, median, tail, reportedMissed } from '../figures.mjs';

const basic = ['loop', 'nchan', 'anteroom'];
const oneRoom = ['loop', 'nchan', 'tutorial', 'anteroom']; // the tutorial's server has no more
const queuing = ['nchan', 'anteroom']; // the loop keeps one message: it cannot pass where publishers outrun readers

const crowd = (subs, more) => ({ mode: 'closed', rooms: 1, subs, ...more });
const pairs = (rooms) => ({ mode: 'closed', rooms, subs: 2 });

const ofSize = (name, words, size) => ({
    name,
    title: `1 room x 1,000, messages of ${words}, closed loop`,
    args: crowd(1000, { size }),
    share: 3 / 5,
    servers: basic,
    figures: [cpu(), deliveries(), tail(), faults],
});

export const polls = [
    {
        name: 'single',
        title: '1 room x 1, closed loop',
        args: crowd(1),
        servers: oneRoom,
        figures: [median({ toLoop: 1.1, toNchan: 0.8, head: 'round trip, 1 x 1, p50' }), tail(), cpu(), faults],
    },
    {
        name: 'hundred',
        title: '1 room x 100, closed loop',
        args: crowd(100),
        share: 3 / 5,
        servers: oneRoom,
        figures: [cpu(), deliveries(), tail(), faults],
    },
    {
        name: 'fanout',
        title: '1 room x 1,000, closed loop',
        args: crowd(1000),
        servers: oneRoom,
        figures: [
            cpu({ toLoop: 1.3, toNchan: 0.55, toBefore: 1.03, head: 'CPU a delivery, 1 x 1,000' }),
            deliveries(),
            tail(),
            lastTail(),
            faults,
        ],
    },
    {
        name: 'crowd',
        title: '1 room x 10,000, closed loop',
        args: crowd(10000),
        share: 3 / 5,
        servers: oneRoom,
        once: ['tutorial'],
        figures: [cpu({ toLoop: 1.35, toNchan: 0.55 }), deliveries(), tail(), lastTail(), faults],
    },
    ofSize('size-1k', '1 KiB', 1024),
    ofSize('size-16k', '16 KiB', 16384),
    {
        name: 'pairs',
        title: '1,000 rooms x 2, closed loop',
        args: pairs(1000),
        servers: basic,
        figures: [
            cpu({ toLoop: 1.4, toNchan: 0.65, toBefore: 1.03, head: 'CPU a delivery, 1,000 x 2' }),
            deliveries(),
            tail(),
            faults,
        ],
    },
    {
        name: 'fifty',
        title: '50 rooms x 20, closed loop',
        args: { mode: 'closed', rooms: 50, subs: 20 },
        share: 3 / 5,
        servers: basic,
        figures: [tail({ toBefore: 1.03 }), median(), cpu(), deliveries(), faults],
    },
    {
        name: 'pairs-5000',
        title: '5,000 rooms x 2, closed loop',
        args: pairs(5000),
        share: 3 / 5,
        servers: basic,
        figures: [cpu(), deliveries(), tail(), faults],
    },
    {
        name: 'fixed',
        title: '200 rooms x 5, 4,000 messages/s',
        args: { mode: 'open', rooms: 200, subs: 5, rate: 4000 },
        servers: basic,
        figures: [tail({ toLoop: 1.15, toNchan: 0.85, head: '200 x 5 at 4,000/s, p99' }), median(), cpu(), faults],
    },
    {
        name: 'steady',
        title: '1 room x 200, 200 messages/s',
        args: { mode: 'open', rooms: 1, subs: 200, rate: 200 },
        share: 2 / 5,
        servers: oneRoom,
        figures: [cpu(), median(), tail(), faults],
    },
    {
        name: 'many',
        title: '50 rooms x 4, 2,000 messages/s',
        args: { mode: 'open', rooms: 50, subs: 4, rate: 2000 },
        share: 2 / 5,
        servers: basic,
        figures: [cpu(), median(), tail(), faults],
    },
    {
        name: 'burst',
        title: '10 rooms x 20, 500 messages at once, 4 times a second',
        args: { mode: 'open', rooms: 10, subs: 20, rate: 2000, burst: 500, pipeline: 16 },
        share: 2 / 5,
        servers: queuing,
        figures: [cpu(), tail(), reportedMissed, faults],
    },
    {
        name: 'overload',
        title: '2 rooms x 50, 30,000 messages/s offered',
        args: { mode: 'open', rooms: 2, subs: 50, rate: 30000, pipeline: 64 },
        share: 2 / 5,
        servers: queuing,
        figures: [cpu(), deliveries(), tail(), reportedMissed, faults],
    },
];
