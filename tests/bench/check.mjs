// Shows that the load generator notices what it is there to notice: it passes the honest yardstick and fails one that
// loses, repeats or reorders a message in thousands. usage: node check.mjs DIR_OF_THE_TOOLS
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const tools = process.argv[2];
const load = ['--json', '--rooms', '10', '--subs', '20', '--seconds', '1', '--warm-up', '0.1', '--stall', '2'];
const closed = [...load, '--mode', 'closed'];
const open = [...load, '--mode', 'open', '--rate', '1000'];

// What a run must show: `field` above zero and exit code 1, or nothing at all and exit code 0.
const cases = [
    { fault: undefined, args: closed },
    { fault: undefined, args: open },
    { fault: 'lose', args: closed, field: 'lost' },
    { fault: 'lose', args: open, field: 'lost' },
    { fault: 'repeat', args: closed, field: 'repeated' },
    { fault: 'reorder', args: open, field: 'reordered' },
];

let failures = 0;
for (const { fault, args, field } of cases) {
    const server = spawn(join(tools, 'anteroom_loop'), fault ? [`--break=${fault}`] : [], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text))));
    const target = /http:\/\/[\d.]+:\d+/.exec(line)[0];
    const run = spawnSync(join(tools, 'anteroom_load'), ['--target', target, ...args], { encoding: 'utf8' });
    server.kill();
    const result = run.stdout ? JSON.parse(run.stdout) : {};
    const passed = field ? run.status === 1 && result[field] > 0 : run.status === 0 && result.delivered_in_all > 0;
    failures += passed ? 0 : 1;
    process.stdout.write(`${passed ? 'ok' : 'FAILED'}: ${fault ?? 'honest'}, ${args.at(args.indexOf('--mode') + 1)}\n`);
    if (!passed) {
        process.stdout.write(`  exit code ${run.status}: ${run.stdout}${run.stderr}\n`);
    }
}
process.exitCode = failures === 0 ? 0 : 1;
