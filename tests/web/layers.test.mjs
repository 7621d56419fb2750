// The folders of web/ depend one way: client <- app/model <- app/view; only app/view knows a document.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../web/', import.meta.url));

async function modulesIn(folder) {
    const entries = await readdir(path.join(web, folder), { withFileTypes: true });
    const found = entries.map(({ name }) => path.join(folder, name)).filter((name) => name.endsWith('.js'));
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
    return [...found, ...(await Promise.all(folders.map(modulesIn))).flat()];
}

/** @returns {Promise<{name: string, code: string, imports: string[]}[]>} code without comments; imports by paths in web/ */
async function read(folder) {
    const names = await modulesIn(folder);
    assert.ok(names.length > 0, folder);
    return Promise.all(
        names.map(async (name) => {
            const text = await readFile(path.join(web, name), 'utf8');
            const code = text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
            const found = [...code.matchAll(/\b(?:from|import) '([^']+)'/g)];
            return { name, code, imports: found.map(([, to]) => path.join(path.dirname(name), to)) };
        }),
    );
}

const layers = [
    ['client', ['client']],
    ['app/model', ['app/model', 'client']],
    ['app/view', ['app/view', 'app/model', 'client']],
];

for (const [folder, allowed] of layers) {
    test(`${folder} imports only from ${allowed.join(', ')}`, async () => {
        for (const { name, imports } of await read(folder)) {
            for (const to of imports)
                assert.ok(allowed.includes(to.match(/^(client|app\/\w+)\//)?.[1]), `${name}: ${to}`);
        }
    });
}

test('client and app/model know no document', async () => {
    for (const { name, code } of [...(await read('client')), ...(await read('app/model'))]) {
        const used = /(?<![.\w$#'])(document|window|localStorage|HTMLElement|matchMedia)\??\.\w/.exec(code);
        assert.ok(!used, `${name}: ${used?.[0]}`);
    }
});
