// Runs the attacks of memory.mjs and stall.mjs, each against a server of its own, and prints a table. Ends with exit code
// 1 if a bound is exceeded or an honest client was not served.

import { memoryAttacks, runMemory } from './memory.mjs';
import { runStall, stallAttacks } from './stall.mjs';

const args = process.argv.slice(2);
const small = args.includes('--small');
const [binary, ...names] = args.filter((each) => !each.startsWith('--'));
if (!binary) {
    console.error('attack: name the anteroom executable: tests/attack/attack build/release/anteroom [--small] [NAME…]');
    process.exit(2);
}
process.env.ANTEROOM_SERVER = binary;

const wanted = (attack) => (names.length === 0 ? !(small && attack.onlyLarge) : names.includes(attack.name));
let failed = 0;

async function table(title, head, attacks, run) {
    if (!attacks.some(wanted)) return;
    console.log(`\n${title}\n\n| ${head.join(' | ')} |\n|${head.map(() => '---|').join('')}`);
    for (const attack of attacks.filter(wanted)) {
        const { cells, holds } = await run(attack, small);
        if (!holds) ++failed;
        console.log(`| ${[attack.name, ...cells, holds ? 'holds' : 'EXCEEDED'].join(' | ')} |`);
    }
}

await table(
    'Memory: resident at --memory 64M; the bound is that and 32 MB and 2 KB for each connection',
    ['attack', 'connections', 'most MB', 'bound', 'MB 3 s later', 'honest calls served', ''],
    memoryAttacks,
    runMemory,
);
await table(
    'Time: the CPU that the server (one thread) takes before it answers a quiet client',
    ['attack', 'answers', 'longest ms', 'bound', ''],
    stallAttacks,
    runStall,
);
if (failed > 0) console.log(`\n${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
