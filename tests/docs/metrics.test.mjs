// The metrics that docs/guides/watch-it.md lists are those that the server prints.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const { ANTEROOM_SERVER: executable, ANTEROOM_SOURCE: source } = process.env;

async function printed() {
    const server = spawn(executable, ['--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
        const [line] = await once(createInterface({ input: server.stdout }), 'line');
        return await (await fetch(`${/http:\S+/.exec(line)[0]}metrics`)).text();
    } finally {
        server.kill();
        await once(server, 'exit');
    }
}

test('the list of metrics is complete and right', async () => {
    const guide = readFileSync(join(source, 'docs/guides/watch-it.md'), 'utf8');
    const listed = [...guide.matchAll(/^\| `(anteroom_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`);
    const metrics = await printed();
    const there = [...metrics.matchAll(/^# TYPE (.+)$/gm)].map(([, it]) => it);
    assert.deepEqual(listed, there);
    const names = new Set(there.map((each) => each.split(' ')[0]));
    for (const [name] of guide.matchAll(/\banteroom_\w+/g)) assert.ok(names.has(name), `there is no ${name}`);
    const classes = [...metrics.matchAll(/code="(\w+)"/g)].map(([, code]) => code);
    for (const code of classes) assert.ok(guide.includes(`\`${code}\``), `code ${code} is not explained`);
});
