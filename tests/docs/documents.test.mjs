// What documents say without a block: links lead somewhere, and the metrics that docs/guides/watch-it.md lists are those that
// the server prints.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading) =>
    heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-');

test('links lead somewhere', () => {
    const folder = (path) =>
        readdirSync(join(source, path))
            .filter((name) => name.endsWith('.md'))
            .map((name) => join(path, name));
    for (const document of ['README.md', ...folder('docs'), ...folder('docs/guides')]) {
        const text = readFileSync(join(source, document), 'utf8');
        for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
            if (/^[a-z]+:/.test(target)) continue;
            const [path, anchor] = target.split('#');
            const file = path ? join(source, dirname(document), path) : join(source, document);
            assert.ok(existsSync(file), `${document} links to ${target}`);
            if (anchor === undefined) continue;
            const anchors = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
                anchorOf(heading),
            );
            assert.ok(anchors.includes(anchor), `${document} links to ${target}, which has ${anchors}`);
        }
    }
});
