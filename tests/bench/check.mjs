// Shows that the load generator notices what it is there to notice: it passes the honest yardstick and fails one that
// loses, repeats or reorders a message in a thousand, on every transport. usage: node check.mjs YARDSTICK ANTEROOM
import { spawn, spawnSync } from 'node:child_process';

const [yardstick, anteroom] = process.argv.slice(2);
const load = ['--json', '--rooms', '10', '--subs', '20', '--seconds', '0.6', '--warm-up', '0.1', '--stall', '2'];
const closed = ['--mode', 'closed'];
const open = ['--mode', 'open', '--rate', '1000'];
const pipelined = ['--mode', 'open', '--rate', '1600', '--publishers', '1', '--burst', '16', '--pipeline', '16'];

// What a run must show: `field` above zero and exit code 1, or nothing wrong at all and exit code 0, where `also` names
// what must have happened.
const cases = ['poll', 'sse', 'websocket'].flatMap((transport) =>
    [
        { args: closed },
        { args: open },
        { fault: 'lose', args: closed, field: 'lost' },
        { fault: 'lose', args: open, field: 'lost' },
        { fault: 'repeat', args: closed, field: 'repeated' },
        { fault: 'reorder', args: open, field: 'reordered' },
        { fault: 'gap', args: open, also: 'reported_missed' },
    ].map((one) => ({ transport, ...one })),
);
// The same where a publisher pipelines. Not for polls: the yardstick keeps one message, so it loses those between two.
for (const transport of ['sse', 'websocket']) {
    cases.push(
        { transport, args: pipelined },
        { transport, fault: 'lose', args: pipelined, field: 'lost' },
        { transport, fault: 'repeat', args: pipelined, field: 'repeated' },
        { transport, fault: 'reorder', args: pipelined, field: 'reordered' },
    );
}
// This server hangs up on who does not answer its pings.
cases.push({ transport: 'websocket', flags: ['--ping'], args: closed, also: 'pings' });

let failures = 0;
for (const { transport, fault, flags = [], args, field, also } of cases) {
    const server = spawn(yardstick, fault ? [`--break=${fault}`, ...flags] : flags, {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text))));
    const target = /http:\/\/[\d.]+:\d+/.exec(line)[0];
    const all = ['bench', '--url', target, '--transport', transport, ...load, ...args];
    const run = spawnSync(anteroom, all, { encoding: 'utf8' });
    server.kill();
    const result = run.stdout ? JSON.parse(run.stdout) : {};
    const passed = field
        ? run.status === 1 && result[field] > 0
        : run.status === 0 && result.delivered_in_all > 0 && (!also || result[also] > 0);
    failures += passed ? 0 : 1;
    const how = args === pipelined ? 'pipelined' : args[1];
    const what = [transport, fault ?? 'honest', how, ...flags].join(', ');
    process.stdout.write(`${passed ? 'ok' : 'FAILED'}: ${what}\n`);
    if (!passed) {
        process.stdout.write(`  exit code ${run.status}: ${run.stdout}${run.stderr}\n`);
    }
}
process.exitCode = failures === 0 ? 0 : 1;
