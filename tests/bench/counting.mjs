// Counts what a server executes and which cache lines it misses, by valgrind: user code alone, and the same on a busy
// machine as on a quiet one. A count is the difference of two runs that publish different numbers of messages, so that
// starting and connecting cancel out.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate, prioritize } from './generator.mjs';
import { output } from './processes.mjs';
import { medianOf } from './table.mjs';

// The caches are given, since valgrind would take this machine's: 32 KiB, and 1 MiB behind them as the share of a core.
const caches = ['--cache-sim=yes', '--I1=32768,8,64', '--D1=32768,8,64', '--LL=1048576,16,64'];

// The totals in a file of callgrind or cachegrind, by event.
function countsIn(file) {
    const text = readFileSync(file, 'utf8');
    const values = (label) => new RegExp(`^${label}: *(.*)$`, 'm').exec(text)?.[1].trim().split(/ +/);
    const [events, totals] = [values('events'), values('summary')];
    if (!events || !totals) {
        throw new Error(`${file} has no totals`);
    }
    return Object.fromEntries(events.map((event, index) => [event, Number(totals[index] ?? 0)]));
}

async function countOnce(context, { name, args, tool }, server, messages, folder) {
    const file = join(folder, `${tool}.${name}.${server.name.replaceAll('/', '_')}.${messages}`);
    const flags = tool === 'cachegrind' ? caches : [];
    const valgrind = ['valgrind', `--tool=${tool}`, ...flags, `--${tool}-out-file=${file}`];
    const running = await server.start(context.serverCore, undefined, valgrind);
    prioritize(running.pid);
    let run;
    try {
        run = await generate(
            context,
            server,
            running,
            { ...args, messages, stall: 120 },
            { measured: false, first: true },
        );
    } finally {
        await running.stop();
    }
    if (run.error || !run.sound) {
        throw new Error(run.error || `${run.lost} lost, ${run.repeated} repeated, ${run.reordered} reordered`);
    }
    return { ...countsIn(file), deliveries: run.delivered_in_all, publishes: run.published_in_all };
}

async function difference(context, scenario, server, folder) {
    const few = await countOnce(context, scenario, server, scenario.few, folder);
    const many = await countOnce(context, scenario, server, scenario.many, folder);
    const units = many[scenario.each] - few[scenario.each];
    const of = (...events) => events.reduce((sum, event) => sum + many[event] - few[event], 0) / units;
    return {
        instructions: of('Ir'),
        first_level_misses: of('D1mr', 'D1mw'),
        last_level_misses: of('ILmr', 'DLmr', 'DLmw'),
    };
}

// A run as the table reads it: what a delivery, or a publish, costs, as the median of the repeats.
export async function counting(context, scenario, server) {
    if (!output('valgrind', ['--version'])) {
        throw new Error('valgrind is not installed (apt-get install valgrind)');
    }
    const kept = context.keep;
    const folder = kept ?? mkdtempSync(join(tmpdir(), 'anteroom-count-'));
    const counts = [];
    try {
        mkdirSync(folder, { recursive: true });
        for (let round = 0; round < scenario.repeats; ++round) {
            counts.push(await difference(context, scenario, server, folder));
        }
    } finally {
        if (!kept) {
            rmSync(folder, { recursive: true, force: true });
        }
    }
    const median = (name) => medianOf(counts.map((each) => each[name]));
    return {
        mode: 'count',
        transport: scenario.args.transport ?? 'poll',
        instructions: median('instructions'),
        first_level_misses: median('first_level_misses'),
        last_level_misses: median('last_level_misses'),
    };
}
