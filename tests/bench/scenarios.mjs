// What is compared, in the order of the table.
//   args: flags of the generator                base: those of the run to compare with, for measures that have one
//   measure: how (plainly)                       share: of the rounds that are asked for (1), one at least
//   servers: those that are measured             once: those too slow for more than one round
//   figures: read from a run, with the limits that anteroom keeps to
//   descriptors: that a process needs            onRequest: only with --only
//   plotless: nothing for the report to draw
import { plainly } from './measures.mjs';
import { counts } from './scenarios/counts.mjs';
import { crowds } from './scenarios/crowds.mjs';
import { logs } from './scenarios/logs.mjs';
import { polls } from './scenarios/polls.mjs';
import { streams } from './scenarios/streams.mjs';
import { whole } from './scenarios/whole.mjs';

export const scenarios = [...polls, ...streams, ...logs, ...crowds, ...whole, ...counts].map((each) => ({
    measure: plainly,
    share: 1,
    ...each,
}));

// What --before compares unless --only names others.
export const comparedWithBefore = [
    'fanout',
    'pairs',
    'fifty',
    'sse',
    'websocket',
    'pipelined-sse',
    'pipelined-websocket',
    'publish',
    'backlog',
    'memory',
    'neighbour',
];

// A load as --before puts it on two executables of anteroom: in all rounds, unless one is enough.
export function withBefore(scenario) {
    return {
        ...scenario,
        servers: ['before', 'anteroom'],
        once: undefined,
        share: Math.min(1, Math.ceil(scenario.share)),
    };
}
