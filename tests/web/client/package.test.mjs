// The package for npm: the client's modules, all of them, and nothing of the page.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path/posix';
import { test } from 'node:test';

import * as client from '../../../web/client/anteroom.js';

const folder = new URL('../../../web/client/', import.meta.url);
const read = (name) => readFile(new URL(name, folder), 'utf8');

async function modulesFrom(name, found = new Set()) {
    if (found.has(name)) return found;
    found.add(name);
    for (const [, next] of (await read(name)).matchAll(/^(?:import|export) [^;]*?from '(\.{1,2}\/[^']+)';/gms))
        await modulesFrom(path.join(path.dirname(name), next), found);
    return found;
}

test('has exactly the modules that the client needs, and its types', async () => {
    const { files, exports } = JSON.parse(await read('package.json'));
    assert.deepEqual([...files].sort(), [...(await modulesFrom('anteroom.js')), 'anteroom.d.ts'].sort());
    assert.equal(exports['.'].default, './anteroom.js');
});

test('the address that pages import has all of it', async () => {
    assert.deepEqual({ ...(await import('../../../web/anteroom.js')) }, { ...client });
});

test('the types name everything that there is', async () => {
    const types = await read('anteroom.d.ts');
    const named = [...types.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(named.sort(), Object.keys(client).sort());
});
