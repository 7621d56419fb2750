// The flags of the comparison.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios.mjs';

export const here = dirname(fileURLToPath(import.meta.url));
export const built = resolve(here, '../../build/release');

function wrapped(words, width, indent) {
    return words.reduce((text, word) => {
        const line = text.slice(text.lastIndexOf('\n') + 1);
        return line.length + word.length > width ? `${text}\n${' '.repeat(indent)}${word}` : `${text} ${word}`;
    });
}
const names = scenarios.map(({ name }, index) => name + (index < scenarios.length - 1 ? ',' : ''));

export const help = `usage: tests/bench/compare [--quick] [--only NAME] ... [--report FILE.html]

Runs the same loads in turn on a bare epoll loop (the yardstick), on nginx with Nchan, on what one would write in
Node, on a server on Boost.Beast's WebSockets and on anteroom, each pinned to one core and the load generator
(anteroom bench) to another, and prints the medians of several rounds, the ratios and whether anteroom keeps its
limits. A ratio is the median of the rounds' own ratios, so that a machine that is slow for a while slows both sides
of it. About half an hour.

  --quick           three rounds of half a second: a smoke test, not a measurement
  --only NAME       these loads alone (repeatable):
                    ${wrapped(names, 95, 20)}
  --rounds N        of each load (5); some take fewer, memory one, the start four times as many
  --seconds S       measured in each run (1)
  --soak-minutes N  of the mixed load that --only soak puts on anteroom (20)
  --report FILE     where the page with plots goes (build/release/comparison.html)
  --markdown        print the table as markdown
  --json            also print every run as a line of JSON, before the table
  --before PATH     compares the server with another anteroom, an executable of the commit before or with another
                    setting, and with nothing else: in turns, 15 rounds, the loads that have a limit for it
  --anteroom PATH   the server (build/release/anteroom)
  --generator PATH  the anteroom whose bench generates the load (the same; for comparisons of one server with another)
  --tools DIR       where the yardsticks are (build/release/tests/bench)
  --peers DIR       where the servers in Node are, and their packages (build/release/peers)
  --server-core N   the servers' core (0)
  --load-core N     the generator's core (1)

Needs Linux and taskset; what else is missing, the script installs where it may, or leaves that column empty. Exit
code: 0 if anteroom was measured and kept every limit, 1 if it broke one, 2 if it could not be measured.`;

export function choose() {
    const { values } = parseArgs({
        options: {
            anteroom: { type: 'string', default: join(built, 'anteroom') },
            before: { type: 'string' },
            generator: { type: 'string' },
            tools: { type: 'string', default: join(built, 'tests/bench') },
            peers: { type: 'string', default: join(built, 'peers') },
            rounds: { type: 'string' },
            seconds: { type: 'string' },
            'soak-minutes': { type: 'string', default: '20' },
            quick: { type: 'boolean', default: false },
            only: { type: 'string', multiple: true },
            'server-core': { type: 'string', default: '0' },
            'load-core': { type: 'string', default: '1' },
            report: { type: 'string', default: join(built, 'comparison.html') },
            markdown: { type: 'boolean', default: false },
            json: { type: 'boolean', default: false },
            help: { type: 'boolean', short: 'h', default: false },
        },
    });
    const known = scenarios.map(({ name }) => name);
    const unknown = (values.only ?? []).find((name) => !known.includes(name));
    if (unknown) {
        throw new Error(`no load ${unknown}; there are ${known.join(', ')}`);
    }
    if (values.before !== undefined && !existsSync(values.before)) {
        throw new Error(`there is no ${values.before} to compare with`);
    }
    const rounds = Number(values.rounds ?? (values.quick ? 3 : values.before ? 15 : 5));
    const seconds = Number(values.seconds ?? (values.quick ? 0.5 : 1));
    const soakMinutes = Number(values['soak-minutes']);
    if (!(Number.isInteger(rounds) && rounds > 0 && seconds > 0 && soakMinutes > 0)) {
        throw new Error('--rounds, --seconds and --soak-minutes must be positive numbers');
    }
    const { 'server-core': serverCore, 'load-core': loadCore, generator = values.anteroom, ...others } = values;
    return { ...others, generator, serverCore, loadCore, rounds, seconds, soakMinutes };
}
