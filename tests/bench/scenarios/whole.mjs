// The server as a whole: a second core, a quiet room beside a crowded one, its start, and a long time of mixed load.
import { cpu, faults, median, tail, reportedMissed, times, without } from '../figures.mjs';
import { besideCrowd, overOneShard, starting } from '../measures.mjs';
import { soaking } from '../soak.mjs';

const shards = (name, title, args) => ({
    name,
    title: `two shards against one, ${title}, closed loop`,
    args: { mode: 'closed', ...args },
    measure: overOneShard,
    servers: ['anteroom'],
    figures: [
        without('one shard', cpu()),
        cpu(),
        times('two shards over one', cpu().read, { most: 1.15, head: `CPU a delivery, two shards, ${title}` }),
        faults,
    ],
});

export const whole = [
    shards('shards', '1 room x 1,000', { rooms: 1, subs: 1000 }),
    shards('shards-pairs', '1,000 rooms x 2', { rooms: 1000, subs: 2 }),
    {
        name: 'neighbour',
        title: 'a quiet room (4 subscribers, 3 messages/s) beside a crowd of 10,000 that gets 20 messages/s',
        base: { mode: 'open', rooms: 1, subs: 10000, rate: 20 },
        // Seldom enough that one has come, and is polled for, before the next: else a queue would be timed.
        args: { mode: 'open', rooms: 1, subs: 4, rate: 3, pipeline: 16 },
        measure: besideCrowd,
        share: 2 / 5,
        descriptors: 10200,
        servers: ['nchan', 'anteroom'],
        figures: [tail({ toNchan: 0.3, toBefore: 1.1, head: 'quiet room beside a crowd, p99' }), median(), faults],
    },
    {
        name: 'start',
        title: 'from its start to the first answer',
        measure: starting,
        share: 4,
        servers: ['loop', 'nchan', 'tutorial', 'anteroom'],
        plotless: true,
        figures: [
            {
                label: 'start',
                unit: 'ms',
                read: (run) => run.start_ms,
                digits: 1,
                most: 30,
                head: 'start to first answer',
            },
        ],
    },
    {
        name: 'soak',
        title: 'mixed load of polls, batches, SSE, WebSockets and connections that come and go',
        measure: soaking,
        share: 0,
        onRequest: true, // --only soak
        servers: ['anteroom'],
        figures: [
            {
                label: 'memory after two minutes',
                unit: 'KiB',
                read: (run) => run.bytes_settled / 1024,
                digits: 0,
                alone: true,
            },
            {
                label: 'memory at the end',
                unit: 'KiB',
                read: (run) => run.private_bytes / 1024,
                digits: 0,
                alone: true,
            },
            {
                label: 'growth',
                unit: '%',
                read: (run) => 100 * (run.private_bytes / run.bytes_settled - 1),
                digits: 1,
                alone: true,
                most: 5,
                head: 'growth in the soak',
            },
            { label: 'deliveries', unit: '1000', read: (run) => run.deliveries / 1000, digits: 0, alone: true },
            reportedMissed,
            faults,
        ],
    },
];
