// What is compared: the runs of the load generator, the figures read from each, and the limits that anteroom keeps to.

const cpu = (limits) => ({ label: 'server CPU a delivery', unit: 'us', read: (run) => run.cpu_us_a_delivery, ...limits });
const rate = { label: 'deliveries', unit: '1000/s', read: (run) => run.deliveries_a_second / 1000 };
const median = { label: 'latency p50', unit: 'ms', read: (run) => run.p50_us / 1000 };
const tail = { label: 'latency p99', unit: 'ms', read: (run) => run.p99_us / 1000 };
const told = { label: 'missed, and told so', unit: 'messages', read: (run) => run.told_missed, digits: 0, sum: true };
const faults = {
    label: 'lost + repeated + reordered',
    unit: 'messages',
    read: (run) => run.lost + run.repeated + run.reordered,
    digits: 0,
    sum: true,
    most: 0,
};
const memory = [
    { label: 'a waiting subscriber', unit: 'B', read: (run) => run.bytes_a_waiter, digits: 0, most: 1600 },
    { label: 'the same after a message', unit: 'B', read: (run) => run.bytes_a_waiter_served, digits: 0, most: 1600 },
    faults,
];


const streamMemory = (most) => [
    { label: 'a waiting subscriber', unit: 'B', read: (run) => run.bytes_a_waiter, digits: 0, most },
    { label: 'the same after a message', unit: 'B', read: (run) => run.bytes_a_waiter_served, digits: 0, most },
    faults,
];

// Figures of a run over those of the run without what is asked about.
const times = (label, read, most) => {
    return { label, unit: 'times', read: (run) => read(run) / read(run.base), most, alone: true };
};
const without = (figure, what) => ({ ...figure, label: `${figure.label}, ${what}`, read: (run) => figure.read(run.base) });
const stalledReaders = 1000;
const stalled = [
    without(cpu(), 'without them'),
    cpu(),
    times('the same, with over without', (run) => run.cpu_us_a_delivery, 1.1),
    times('latency p50, with over without', (run) => run.p50_us, 1.1),
    times('latency p99, with over without', (run) => run.p99_us),
    {
        label: 'memory a stalled reader',
        unit: 'B',
        read: (run) => (run.private_bytes - run.base.private_bytes) / stalledReaders,
        digits: 0,
        most: 4096, // what one that waits may take, and a message that it is in the middle of
    },
    faults,
];

const basic = ['loop', 'nchan', 'anteroom'];
const queuing = ['nchan', 'anteroom']; // the loop keeps one message: it cannot pass where publishers outrun readers
const websocket = ['loop', 'nchan', 'beast', 'beast+deflate', 'anteroom'];

// `share`: of the rounds that are asked for. `base`: the run to compare with, on the same server. `once`: too slow at it
// for more than a round.
export const scenarios = [
    {
        name: 'fanout',
        title: '1 room x 1,000, closed loop',
        args: ['--mode', 'closed', '--rooms', 1, '--subs', 1000],
        share: 1,
        servers: basic,
        figures: [cpu({ toLoop: 1.6, toNchan: 0.7 }), rate, tail, faults],
    },
    {
        name: 'pairs',
        title: '500 rooms x 2, closed loop',
        args: ['--mode', 'closed', '--rooms', 500, '--subs', 2],
        share: 1,
        servers: basic,
        figures: [cpu({ toLoop: 1.6, toNchan: 0.75 }), rate, tail, faults],
    },
    {
        name: 'memory',
        title: '15,000 waiting, few headers',
        args: ['--mode', 'idle', '--rooms', 1, '--subs', 15000],
        share: 0,
        servers: basic,
        figures: memory,
    },
    {
        name: 'memory-browser',
        title: "15,000 waiting, a browser's headers",
        args: ['--mode', 'idle', '--rooms', 1, '--subs', 15000, '--headers', 'browser'],
        share: 0,
        servers: basic,
        figures: memory,
    },
    {
        name: 'steady',
        title: '1 room x 200, 200 messages/s',
        args: ['--mode', 'open', '--rooms', 1, '--subs', 200, '--rate', 200],
        share: 1 / 3,
        servers: basic,
        figures: [cpu(), median, tail, faults],
    },
    {
        name: 'many',
        title: '50 rooms x 4, 2,000 messages/s',
        args: ['--mode', 'open', '--rooms', 50, '--subs', 4, '--rate', 2000],
        share: 1 / 3,
        servers: basic,
        figures: [cpu(), median, tail, faults],
    },
    {
        name: 'burst',
        title: '10 rooms x 20, 500 messages at once, 4 times a second',
        args: ['--mode', 'open', '--rooms', 10, '--subs', 20, '--rate', 2000, '--burst', 500, '--pipeline', 16],
        share: 1 / 3,
        servers: queuing,
        figures: [cpu(), tail, told, faults],
    },
    {
        name: 'overload',
        title: '2 rooms x 50, 30,000 messages/s offered',
        args: ['--mode', 'open', '--rooms', 2, '--subs', 50, '--rate', 30000, '--pipeline', 64],
        share: 1 / 3,
        servers: queuing,
        figures: [cpu(), rate, tail, told, faults],
    },
    {
        name: 'sse',
        title: 'SSE, 1 room x 1,000, closed loop',
        args: ['--transport', 'sse', '--mode', 'closed', '--rooms', 1, '--subs', 1000],
        share: 1,
        servers: basic,
        figures: [cpu({ toNchan: 0.8 }), rate, tail, faults],
    },
    {
        name: 'websocket',
        title: 'WebSocket, 1 room x 1,000, closed loop',
        args: ['--transport', 'websocket', '--mode', 'closed', '--rooms', 1, '--subs', 1000],
        share: 1,
        servers: websocket,
        figures: [cpu({ toNchan: 0.8 }), rate, tail, faults],
    },
    {
        name: 'memory-sse',
        title: '15,000 waiting on SSE',
        args: ['--transport', 'sse', '--mode', 'idle', '--rooms', 1, '--subs', 15000],
        share: 0,
        servers: basic,
        figures: streamMemory(1600),
    },
    {
        name: 'memory-websocket',
        title: '15,000 waiting on WebSockets',
        args: ['--transport', 'websocket', '--mode', 'idle', '--rooms', 1, '--subs', 15000],
        share: 0,
        servers: websocket,
        figures: streamMemory(4500),
    },
    {
        name: 'rooms',
        title: 'poll, 100 subscribers of 100 rooms at once, closed loop',
        base: ['--mode', 'closed', '--rooms', 1, '--subs', 100],
        args: ['--mode', 'closed', '--rooms', 100, '--together', 100, '--subs', 100],
        share: 1 / 3,
        servers: queuing,
        figures: [
            without(cpu(), 'one room'),
            cpu(),
            times('100 rooms over one', (run) => run.cpu_us_a_delivery, 3),
            tail,
            faults,
        ],
    },
    {
        name: 'stalled',
        title: 'SSE, 1 room x 100, beside 1,000 that do not read',
        base: ['--transport', 'sse', '--rooms', 1, '--subs', 100, '--size', 512],
        args: ['--transport', 'sse', '--rooms', 1, '--subs', 100, '--size', 512, '--stalled', stalledReaders],
        share: 2 / 3,
        servers: queuing,
        once: ['nchan'], // half a minute
        figures: stalled,
    },
    {
        name: 'stalled-websocket',
        title: 'WebSocket, 1 room x 100, beside 1,000 that do not read',
        base: ['--transport', 'websocket', '--rooms', 1, '--subs', 100, '--size', 512],
        args: ['--transport', 'websocket', '--rooms', 1, '--subs', 100, '--size', 512, '--stalled', stalledReaders],
        share: 2 / 3,
        servers: ['nchan', 'beast', 'anteroom'],
        once: ['nchan', 'beast'],
        figures: stalled,
    },
];
