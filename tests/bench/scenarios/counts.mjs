// What a delivery or a publish costs in instructions and cache lines (tests/bench/count; here with --only).
//   few, many: messages of each room in the two runs      each: what their difference is divided by
//   repeats: of both runs, for counts that depend on the order in which rooms take their turns
import { counting } from '../counting.mjs';

const count = (label, read, digits) => (more) => ({ label, unit: '', read, digits, ...more });
const instructions = count('instructions', (run) => run.instructions, 0);
const firstLevel = count('misses of 32 KiB (D1)', (run) => run.first_level_misses, 1);
const lastLevel = count('misses of 1 MiB (LL)', (run) => run.last_level_misses, 1);

const counted = (name, title, args, more) => ({
    name: `count-${name}`,
    title,
    args: { rooms: 1, mode: 'closed', ...args },
    measure: counting,
    tool: 'callgrind',
    few: 20,
    many: 220,
    each: 'deliveries',
    repeats: 1,
    servers: ['loop', 'anteroom'],
    figures: [instructions()],
    share: 0,
    onRequest: true,
    plotless: true,
    ...more,
});

// Slow enough for valgrind to be done with a burst before the next.
const burst = { mode: 'open', subs: 100, publishers: 1, rate: 16, burst: 16, pipeline: 16 };
const bursts = { few: 32, many: 112 };

export const counts = [
    counted('polls', 'a delivery, 1 room x 100 raw polls', { subs: 100 }, { figures: [instructions({ most: 4200 })] }),
    counted('sse', 'a delivery, 1 room x 100 on SSE', { transport: 'sse', subs: 100 }),
    counted('websocket', 'a delivery, 1 room x 100 on WebSockets', { transport: 'websocket', subs: 100 }),
    counted('pipelined-sse', 'a delivery, the same with 16 pipelined, SSE', { transport: 'sse', ...burst }, bursts),
    counted(
        'pipelined-websocket',
        'a delivery, the same with 16 pipelined, WebSockets',
        { transport: 'websocket', ...burst },
        bursts,
    ),
    counted(
        'publish',
        'a publish, 100 rooms, nobody subscribes',
        { mode: 'publish', rooms: 100, publishers: 100 },
        { few: 10, many: 110, each: 'publishes' },
    ),
    counted(
        'backlog',
        'a delivery, a backlog for 200 late-comers, batches',
        { mode: 'backlog', transport: 'batch', subs: 200 },
        { few: 200, many: 600, servers: ['anteroom'] }, // the loop keeps one message
    ),
    counted(
        'pairs',
        'a delivery, 1,000 rooms x 2 raw polls',
        { rooms: 1000, subs: 2 },
        {
            tool: 'cachegrind',
            few: 5,
            many: 15,
            repeats: 3,
            figures: [lastLevel({ most: 20 }), firstLevel(), instructions()],
        },
    ),
];
