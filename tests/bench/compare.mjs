#!/usr/bin/env node
// Runs the same loads in turn on anteroom and on its peers, and prints one table of medians.
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Cores } from './cores.mjs';
import { choose, help, here } from './options.mjs';
import { output } from './processes.mjs';
import { machine, writeReport } from './report.mjs';
import { comparedWithBefore, scenarios, withBefore } from './scenarios.mjs';
import { columnOf, findServers } from './servers.mjs';
import { asMarkdown, asText, tableOf } from './table.mjs';

// One run. Always returns a result; `error` is the reason of a failure.
async function measure(context, scenario, server) {
    try {
        const run = await scenario.measure(context, scenario, server);
        return { ...run, error: run.error || run.base?.error || '' };
    } catch (error) {
        return { error: String(error.message) };
    }
}

function participates(scenario, server, round) {
    return scenario.servers.includes(server.name) && (round === 0 || !scenario.once?.includes(server.name));
}

// The rounds of a scenario: each runs every participating server once, odd rounds in reverse order, so that none is
// always first.
async function runAll(context, scenario, servers, report) {
    const rounds = Math.max(1, Math.round(context.rounds * scenario.share));
    const runs = [];
    for (let round = 0; round < rounds; ++round) {
        process.stderr.write(`${scenario.name} ${round + 1}/${rounds}\n`);
        const row = {};
        const participants = servers.filter((each) => participates(scenario, each, round));
        for (const server of round % 2 ? participants.reverse() : participants) {
            await context.cores.sample();
            const run = await measure(context, scenario, server);
            row[columnOf(server.name)] = run;
            report(scenario, server, run);
        }
        runs.push(row);
    }
    return { scenario, runs };
}

// The scenarios that are asked for and that this machine can run.
function selected({ before, only = before && comparedWithBefore }, notes) {
    const descriptors = Number(output('sh', ['-c', 'ulimit -Hn'])) || Infinity;
    const wanted = scenarios.filter(({ name, onRequest }) => (only ? only.includes(name) : !onRequest));
    const fits = (scenario) => (scenario.descriptors ?? 0) <= descriptors;
    for (const { name } of wanted.filter((scenario) => !fits(scenario))) {
        notes.add(`${name} is not measured: a process may have only ${descriptors} descriptors (ulimit -Hn)`);
    }
    const possible = wanted.filter(fits);
    return before ? possible.filter(({ servers }) => servers.includes('anteroom')).map(withBefore) : possible;
}

function describeMachine() {
    const { cpu, cores, kernel, memory } = machine();
    return `${cpu}, ${cores} cores, ${memory}, ${kernel}`;
}

async function main() {
    const context = choose();
    if (context.help) {
        process.stdout.write(`${help}\n`);
        return 0;
    }
    context.cores = new Cores(context);
    const { servers, absent } = findServers(context);
    if (!existsSync(context.generator)) {
        throw new Error(`there is no ${context.generator} to generate the load with (tests/bench/compare builds it)`);
    }
    const notes = new Set(absent);
    if (cpus().length < 2) {
        notes.add('one core only: server and generator share it, so no figure means much');
    }
    const report = (scenario, server, run) => {
        if (run.error) {
            notes.add(`${scenario.name}, ${server.name}: ${run.error}`);
        }
        if (context.json) {
            process.stdout.write(`${JSON.stringify({ scenario: scenario.name, server: server.name, ...run })}\n`);
        }
    };
    writeFileSync(context.report, ''); // fails now rather than after all measurements
    const results = [];
    for (const scenario of selected(context, notes)) {
        results.push(await runAll(context, scenario, servers, report));
    }
    const table = tableOf(results);
    const participants = servers.filter(({ name }) => results.some(({ scenario }) => scenario.servers.includes(name)));
    const remarks = [
        ...notes,
        ...participants.map(({ settings }) => settings),
        ...context.cores.note(),
        describeMachine(),
    ];
    const below = remarks.map((each) => (context.markdown ? `- ${each}` : `note: ${each}`)).join('\n');
    process.stdout.write(context.markdown ? `${asMarkdown(table)}\n\n${below}\n` : `${asText(table)}\n${below}\n`);
    const command = ['tests/bench/compare', ...process.argv.slice(2)].join(' ');
    writeReport(join(here, '../../lib/anteroom/bench/report.html'), context.report, {
        results,
        table,
        notes: remarks.slice(0, -1),
        command,
    });
    process.stderr.write(`plots: ${context.report}\n`);
    return existsSync(context.anteroom) ? Number(!table.kept) : 2;
}

try {
    process.exitCode = await main();
} catch (error) {
    process.stderr.write(`compare: ${error.message}\n`);
    process.exitCode = 2;
}
