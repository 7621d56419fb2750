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

// `share`: of the rounds that are asked for. `skip`: servers whose design cannot pass (the loop keeps one message).
export const scenarios = [
    {
        name: 'fanout',
        title: '1 room x 1,000, closed loop',
        args: ['--mode', 'closed', '--rooms', 1, '--subs', 1000],
        share: 1,
        figures: [cpu({ toLoop: 1.6, toNchan: 0.7 }), rate, tail, faults],
    },
    {
        name: 'pairs',
        title: '500 rooms x 2, closed loop',
        args: ['--mode', 'closed', '--rooms', 500, '--subs', 2],
        share: 1,
        figures: [cpu({ toLoop: 1.6, toNchan: 0.75 }), rate, tail, faults],
    },
    {
        name: 'memory',
        title: '15,000 waiting, few headers',
        args: ['--mode', 'idle', '--rooms', 1, '--subs', 15000],
        share: 0,
        figures: memory,
    },
    {
        name: 'memory-browser',
        title: "15,000 waiting, a browser's headers",
        args: ['--mode', 'idle', '--rooms', 1, '--subs', 15000, '--headers', 'browser'],
        share: 0,
        figures: memory,
    },
    {
        name: 'steady',
        title: '1 room x 200, 200 messages/s',
        args: ['--mode', 'open', '--rooms', 1, '--subs', 200, '--rate', 200],
        share: 1 / 3,
        figures: [cpu(), median, tail, faults],
    },
    {
        name: 'many',
        title: '50 rooms x 4, 2,000 messages/s',
        args: ['--mode', 'open', '--rooms', 50, '--subs', 4, '--rate', 2000],
        share: 1 / 3,
        figures: [cpu(), median, tail, faults],
    },
    {
        name: 'burst',
        title: '10 rooms x 20, 500 messages at once, 4 times a second',
        args: ['--mode', 'open', '--rooms', 10, '--subs', 20, '--rate', 2000, '--burst', 500, '--pipeline', 16],
        share: 1 / 3,
        skip: ['loop'],
        figures: [cpu(), tail, told, faults],
    },
    {
        name: 'overload',
        title: '2 rooms x 50, 30,000 messages/s offered',
        args: ['--mode', 'open', '--rooms', 2, '--subs', 50, '--rate', 30000, '--pipeline', 64],
        share: 1 / 3,
        skip: ['loop'],
        figures: [cpu(), rate, tail, told, faults],
    },
];
