// What a room keeps, what a publish costs alone, and subscribers that come and go; and many rooms in one poll.
import {
    connections,
    cpu,
    cpuOfConnection,
    cpuOfPublish,
    deliveries,
    faults,
    publishes,
    tail,
    times,
    without,
} from '../figures.mjs';
import { overBase } from '../measures.mjs';

const basic = ['loop', 'nchan', 'anteroom'];
const keeping = ['nchan', 'anteroom']; // the loop keeps one message, Node's none

export const logs = [
    {
        name: 'publish',
        title: '100 rooms, 100 publishers, nobody subscribes',
        args: { mode: 'publish', rooms: 100, publishers: 100 },
        servers: basic,
        figures: [
            publishes({ leastToNchan: 1.5, head: 'publishes/s, no subscriber' }),
            cpuOfPublish({ toBefore: 1.02 }),
            faults,
        ],
    },
    {
        name: 'backlog',
        title: 'a backlog of 1,000 messages, 200 late-comers, batches',
        args: { mode: 'backlog', transport: 'batch', rooms: 1, subs: 200, messages: 1000 },
        servers: keeping,
        figures: [deliveries({ leastToNchan: 5, head: 'messages/s of a backlog' }), cpu({ toBefore: 1.02 }), faults],
    },
    {
        name: 'backlog-single',
        title: 'a backlog of 1,000 messages, 200 late-comers, a message an answer',
        args: { mode: 'backlog', transport: 'poll', rooms: 1, subs: 200, messages: 1000 },
        share: 2 / 5,
        servers: keeping,
        figures: [deliveries(), cpu(), faults],
    },
    {
        name: 'storm',
        title: '100 at a time connect, poll, read a message and close',
        args: { mode: 'storm', subs: 100 },
        share: 3 / 5,
        servers: basic,
        figures: [connections(), cpuOfConnection(), tail(), faults],
    },
    {
        name: 'rooms',
        title: '100 subscribers of 100 rooms at once, closed loop',
        base: { mode: 'closed', rooms: 1, subs: 100 },
        args: { mode: 'closed', rooms: 100, together: 100, subs: 100 },
        measure: overBase,
        share: 2 / 5,
        servers: keeping,
        figures: [
            without('one room', cpu()),
            cpu(),
            times('100 rooms over one', cpu().read, { most: 3 }),
            tail(),
            faults,
        ],
    },
];
