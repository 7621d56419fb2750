// Prints what a delivery or a publish costs servers in user instructions and missed cache lines, by valgrind.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { built } from './options.mjs';
import { counts } from './scenarios/counts.mjs';
import { serverIn } from './servers.mjs';
import { aligned } from './table.mjs';

const names = counts.map(({ name }) => name.replace('count-', ''));
const help = `usage: tests/bench/count [--server PATH] ... [--only NAME] ... [--keep DIR]

Runs each load on each server under valgrind, with few messages and with many, and prints the difference for a delivery
or a publish: user instructions, and cache lines missed in 32 KiB (D1) and 1 MiB (LL, data and code). The kernel does not
count. Repeats to 1 %, the misses only where server and generator get a core each; some minutes a server.

  --server PATH     an anteroom, or the yardstick anteroom_loop (repeatable; build/release/anteroom and
                    build/release/tests/bench/anteroom_loop). The limits are those of the first
  --only NAME       these loads alone (repeatable): ${names.join(', ')}
  --generator PATH  the anteroom whose bench generates the load (build/release/anteroom)
  --keep DIR        keeps valgrind's files there, for callgrind_annotate and cg_annotate
  --json            prints every count as a line of JSON instead of the table

Exit code: 0 if all was counted and the limits are kept, 1 if one is not, 2 if something could not be counted.`;

function choose() {
    const { values } = parseArgs({
        options: {
            server: {
                type: 'string',
                multiple: true,
                default: [join(built, 'anteroom'), join(built, 'tests/bench/anteroom_loop')],
            },
            only: { type: 'string', multiple: true, default: names },
            generator: { type: 'string', default: join(built, 'anteroom') },
            keep: { type: 'string' },
            json: { type: 'boolean', default: false },
            help: { type: 'boolean', short: 'h', default: false },
        },
    });
    const absent = [...values.server, values.generator].find((file) => !existsSync(file));
    const unknown = values.only.find((name) => !names.includes(name));
    if (unknown || absent) {
        throw new Error(unknown ? `no load ${unknown}; there are ${names.join(', ')}` : `there is no ${absent}`);
    }
    return { ...values, seconds: 1 }; // no run ends by time
}

// A load on one server: a count, or why there is none.
async function counted(context, scenario, server) {
    process.stderr.write(`${scenario.name}: ${server.name}\n`);
    try {
        return await scenario.measure(context, scenario, server);
    } catch (error) {
        process.stderr.write(`${scenario.name}: ${server.name}: ${error.message}\n`);
        return { error: error.message };
    }
}

function rowOf({ label, read, digits, most }, runs) {
    const values = runs.map((run) => (run && !run.error ? read(run) : NaN));
    const cells = values.map((value) => (Number.isFinite(value) ? value.toFixed(digits) : '-'));
    const kept = !(values[0] > most);
    const verdict = most === undefined ? '' : `<= ${most}: ${kept ? 'met' : 'NOT MET'}`;
    return { cells: [`  ${label}`, ...cells, verdict], kept };
}

async function main() {
    const context = choose();
    if (context.help) {
        process.stdout.write(`${help}\n`);
        return 0;
    }
    const servers = context.server.map((file) => serverIn(file, file));
    const rows = [{ cells: ['', ...servers.map(({ name }) => name), 'limit'] }];
    let failed = false;
    for (const scenario of counts.filter(({ name }) => context.only.includes(name.replace('count-', '')))) {
        const runs = [];
        for (const server of servers) {
            const participates = scenario.servers.includes(server.kind);
            const run = participates ? await counted(context, scenario, server) : undefined;
            failed ||= Boolean(run?.error);
            runs.push(run);
            if (run && context.json) {
                process.stdout.write(`${JSON.stringify({ scenario: scenario.name, server: server.name, ...run })}\n`);
            }
        }
        rows.push({ title: `${scenario.name}: ${scenario.title}` });
        rows.push(...scenario.figures.map((figure) => rowOf(figure, runs)));
    }
    if (!context.json) {
        process.stdout.write(`${aligned(rows, 1)}\n`);
    }
    return failed ? 2 : Number(rows.some(({ kept }) => kept === false));
}

try {
    process.exitCode = await main();
} catch (error) {
    process.stderr.write(`count: ${error.message}\n`);
    process.exitCode = 2;
}
