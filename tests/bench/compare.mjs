#!/usr/bin/env node
// Runs the yardsticks, nginx with Nchan and anteroom in turn under the same load and prints one table of medians.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios.mjs';
import { findServers } from './servers.mjs';
import { printTable } from './table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

const help = `usage: node tests/bench/compare.mjs [--quick] [--only NAME] ...

Puts the same load in turn on a bare epoll loop (the yardstick), on nginx with Nchan and on anteroom (one thread), each
pinned to one core and the load generator to another, and prints the medians of several rounds, the ratios and whether
anteroom keeps its limits. A ratio is the median of the rounds' own ratios, so that a machine that is slow for a while
slows both sides of it. About ten minutes. Where WebSockets are compared, a plain server on Boost.Beast's
websocket::stream takes part too (with and without permessage-deflate compiled in; nothing is compressed).

  --anteroom PATH   the server (build/release/anteroom)
  --tools DIR       where anteroom_load and the yardsticks are (built in build/bench if not given)
  --rounds N        of the closed-loop scenarios (9); the open-loop ones take a third of them, memory one
  --seconds S       measured in each run (1)
  --quick           three rounds of half a second: a look, not a measurement
  --only NAME       these scenarios alone (repeatable):
                    ${scenarios.map(({ name }) => name).join(', ')}
  --server-core N   the servers' core (0)
  --load-core N     the generator's core (1)
  --json            also print every run as a line of JSON, before the table

Needs Linux, taskset and, for Nchan's column, nginx and libnginx-mod-nchan. Exit code: 0 if anteroom was measured and
kept every limit, 1 if it broke one, 2 if it could not be measured.`;

function buildTools() {
    const folder = join(root, 'build', 'bench');
    mkdirSync(folder, { recursive: true });
    process.stderr.write('building anteroom_load and the yardsticks in build/bench\n');
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
    execFileSync('cmake', ['-S', here, '-B', folder, '-DCMAKE_BUILD_TYPE=Release'], quiet);
    execFileSync('cmake', ['--build', folder, '--parallel'], quiet);
    return folder;
}

function options() {
    const { values } = parseArgs({
        options: {
            anteroom: { type: 'string', default: join(root, 'build/release/anteroom') },
            tools: { type: 'string' },
            rounds: { type: 'string' },
            seconds: { type: 'string' },
            quick: { type: 'boolean', default: false },
            only: { type: 'string', multiple: true },
            'server-core': { type: 'string', default: '0' },
            'load-core': { type: 'string', default: '1' },
            json: { type: 'boolean', default: false },
            help: { type: 'boolean', short: 'h', default: false },
        },
    });
    const known = scenarios.map(({ name }) => name);
    const unknown = (values.only ?? []).find((name) => !known.includes(name));
    if (unknown) {
        throw new Error(`no scenario ${unknown}; there are ${known.join(', ')}`);
    }
    const rounds = Number(values.rounds ?? (values.quick ? 3 : 9));
    const seconds = Number(values.seconds ?? (values.quick ? 0.5 : 1));
    if (!(Number.isInteger(rounds) && rounds > 0 && seconds > 0)) {
        throw new Error('--rounds and --seconds must be positive numbers');
    }
    return { ...values, rounds, seconds };
}

function runLoad(tools, chosen, load, server, running) {
    const args = [
        ...['-c', chosen['load-core'], join(tools, 'anteroom_load'), '--json'],
        ...['--target', running.url, '--pid', running.pid, '--dialect', server.dialect],
        ...['--warm-up', Math.min(0.4, chosen.seconds), '--seconds', chosen.seconds, '--stall', 5, ...load],
    ].map(String);
    return new Promise((resolve, reject) => {
        const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        let err = '';
        child.stdout.on('data', (text) => (out += text));
        child.stderr.on('data', (text) => (err += text));
        child.once('error', reject);
        child.once('close', (code) => (out ? resolve(JSON.parse(out)) : reject(new Error(err.trim() || `code ${code}`))));
    });
}

// One run on a server of its own, so that none inherits another's memory. Always a result; `error` tells what went wrong.
async function measureOnce(tools, chosen, load, server) {
    let running;
    try {
        running = await server.start(chosen['server-core']);
        return await runLoad(tools, chosen, load, server, running);
    } catch (error) {
        return { error: String(error.message) };
    } finally {
        await running?.stop();
    }
}

// A run, and where the scenario asks what something adds, the run without it before.
async function measure(tools, chosen, scenario, server) {
    const base = scenario.base && (await measureOnce(tools, chosen, scenario.base, server));
    const run = await measureOnce(tools, chosen, scenario.args, server);
    return { ...run, error: run.error || base?.error || '', base };
}

function takesPart(scenario, server, round) {
    return scenario.servers.includes(server.name) && (round === 0 || !scenario.once?.includes(server.name));
}

async function main() {
    const chosen = options();
    if (chosen.help) {
        process.stdout.write(`${help}\n`);
        return 0;
    }
    const tools = chosen.tools ?? buildTools();
    const { servers, absent } = findServers({
        loop: join(tools, 'anteroom_loop'),
        beast: join(tools, 'anteroom_beast_websocket'),
        anteroom: chosen.anteroom,
    });
    const notes = new Set(absent);
    if (cpus().length < 2) {
        notes.add('one core only: server and generator share it, so no figure means much');
    }
    const wanted = scenarios.filter(({ name }) => !chosen.only || chosen.only.includes(name));
    const results = [];
    for (const scenario of wanted) {
        const rounds = Math.max(1, Math.round(chosen.rounds * scenario.share));
        const runs = [];
        for (let round = 0; round < rounds; ++round) {
            process.stderr.write(`${scenario.name} ${round + 1}/${rounds}\n`);
            const row = {};
            for (const server of servers.filter((each) => takesPart(scenario, each, round))) {
                const run = await measure(tools, chosen, scenario, server);
                row[server.name] = run;
                if (run.error) {
                    notes.add(`${scenario.name}, ${server.name}: ${run.error}`);
                }
                if (chosen.json) {
                    process.stdout.write(`${JSON.stringify({ scenario: scenario.name, server: server.name, ...run })}\n`);
                }
            }
            runs.push(row);
        }
        results.push({ scenario, runs });
    }
    const verdict = printTable(results, [...notes]);
    return existsSync(chosen.anteroom) ? Number(!verdict.kept) : 2;
}

try {
    process.exitCode = await main();
} catch (error) {
    process.stderr.write(`compare: ${error.message}\n`);
    process.exitCode = 2;
}
