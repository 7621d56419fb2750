// Without a network: the page opens from what its service worker has kept, says that it is offline, and what is written waits.
// With one, the worker changes nothing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';

import { openBrowser, openProfile, openTab, visit } from './people.mjs';
import { heldBy, publish, startServer } from './server.mjs';

const context = { serviceWorkers: 'allow' };

let browser;
let folder;
let server;
const people = [];
before(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'anteroom-offline-'));
});
after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
});
afterEach(async () => {
    for (const person of people.splice(0)) await person.leave();
    assert.equal(await server?.stop(), 0);
    server = undefined;
});

/** Starts the server again, at the same port. */
async function restart(flags) {
    server = await startServer({ port: server.port, flags });
}

async function stop() {
    assert.equal(await server.stop(), 0);
}

/** The page's sources, for --web, with a mark in the title of the page and one in a module. */
async function edition(mark) {
    const web = process.env.PAGE_SOURCES;
    if (!web) throw new Error('set PAGE_SOURCES to the path of the folder web');
    const path = join(folder, mark);
    await cp(web, path, { recursive: true });
    const edit = async (file, change) => {
        const text = await readFile(join(path, file), 'utf8');
        assert.notEqual(change(text), text);
        await writeFile(join(path, file), change(text));
    };
    await edit('index.html', (text) => text.replace('<html ', `<html data-edition="${mark}" `));
    await edit('app/view/page.js', (text) => `${text}document.documentElement.dataset.module = '${mark}';\n`);
    return path;
}

const editionOf = ({ page }) => page.evaluate(() => ['edition', 'module'].map((name) => document.documentElement.dataset[name]));

/** Waits until the page is kept. */
const kept = ({ page }) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

async function enter(options) {
    const ann = await visit(browser, server, { name: 'Ann', context, ...options });
    people.push(ann);
    await kept(ann);
    return ann;
}

const open = ({ page }, path) => page.goto(server.url + path);
const title = ({ page }, text) => page.waitForFunction((wanted) => document.title === wanted, text);
const label = ({ page }, text) => page.locator('#connection-status', { hasText: text }).waitFor();

const keepsEdition = ({ page }, mark) =>
    page.evaluate(async (wanted) => {
        const all = await Promise.all(['/', '/room/lobby'].map(async (path) => (await caches.match(path)).text()));
        return all.every((html) => html.includes(`data-edition="${wanted}"`));
    }, mark);

/** What the worker has kept, by paths; where a name has a hash, without it. */
async function keptPaths({ page }) {
    const urls = await page.evaluate(async () => {
        const caching = (await caches.keys()).map((name) => caches.open(name));
        const requests = await Promise.all((await Promise.all(caching)).map((cache) => cache.keys()));
        return requests.flat().map(({ url }) => url);
    });
    return urls.map((url) => new URL(url).pathname.replace(/-[0-9A-Z]{8}\./, '.')).sort();
}

for (const page of ['embedded', 'of a folder']) {
    test(`the page opens without a network and says so, what is written goes when the server is back (page ${page})`, async () => {
        const flags = page === 'embedded' ? [] : ['--web', await edition('folder')];
        server = await startServer({ flags });
        const ann = await enter({ room: 'visited' });
        await publish(server, 'visited', 'hello', 'Bo');
        await ann.sees('hello');

        await ann.profile.setOffline(true);
        await stop();
        for (const [path, room] of [
            ['/', 'lobby'],
            ['/room/visited', 'visited'],
            ['/room/never%20visited', 'never visited'],
        ]) {
            await open(ann, path);
            await title(ann, `${room} · anteroom`);
            await label(ann, 'Offline');
        }
        await ann.say('written offline');
        await ann.say('and this');
        await ann.page.locator('.waiting', { hasText: 'Waiting to be sent' }).nth(1).waitFor();
        await ann.page.reload();
        await ann.message('and this').waitFor();
        await ann.say(':wave: has no emoji yet'); // neither does a module fail that is loaded at times

        await restart(flags);
        await ann.profile.setOffline(false);
        await ann.state('live');
        await ann.sees('👋 has no emoji yet');
        const held = (await heldBy(server, 'never visited')).map(({ data }) => data);
        assert.deepEqual(held, ['written offline', 'and this', '👋 has no emoji yet']);
    });
}

test('a server that is gone, one that never answers, a proxy without a server: the page opens', async () => {
    server = await startServer();
    const ann = await enter({ room: 'gone' });
    await stop();
    await open(ann, '/room/gone');
    await label(ann, 'Reconnecting');
    await ann.page.locator('#notice', { hasText: 'The server cannot be reached.' }).waitFor();

    for (const answer of [() => {}, (request, response) => response.writeHead(502).end('Bad gateway')]) {
        const other = http.createServer(answer);
        await once(other.listen(server.port, '127.0.0.1'), 'listening');
        await open(ann, '/room/another');
        await title(ann, 'another · anteroom');
        const closed = once(other, 'close');
        other.close();
        other.closeAllConnections();
        await closed;
    }
    await restart();
    await ann.state('live');
});

test('a new version of the page replaces the old one at the next load, with a network and then without', async () => {
    server = await startServer();
    const ann = await enter({ room: 'versions' });
    const old = await keptPaths(ann);
    const marks = ['second', 'third', 'fourth'];
    for (const mark of marks) {
        await stop();
        await restart(['--web', await edition(mark)]);
        await open(ann, '/room/versions');
        await ann.state('live');
        assert.deepEqual(await editionOf(ann), [mark, mark]);
        await until(() => keepsEdition(ann, mark)); // beside the page
    }
    assert.ok(old.some((path) => path.startsWith('/assets/packed/')));
    await until(async () => (await keptPaths(ann)).every((path) => !path.startsWith('/assets/packed/')));
    await stop();
    for (const path of ['/', '/room/versions', '/room/other']) {
        await open(ann, path);
        await label(ann, 'Reconnecting');
        assert.deepEqual(await editionOf(ann), [marks.at(-1), marks.at(-1)]);
    }
    await restart();
    await open(ann, '/room/versions');
    await ann.state('live');
    assert.deepEqual(await editionOf(ann), [undefined, undefined]);
});

test('the worker keeps the page and nothing else: no call is answered by it, none is held up', async () => {
    server = await startServer();
    const ann = await enter({ room: 'calls' });
    await publish(server, 'calls', 'first', 'Bo');
    await ann.sees('first');
    for (const path of ['/', '/room/calls', '/room/other']) await open(ann, path);
    await ann.state('live');
    assert.deepEqual(await keptPaths(ann), [
        '/',
        '/assets/app.webmanifest',
        '/assets/icon-unread.svg',
        '/assets/icon.svg',
        '/assets/packed/app.css',
        '/assets/packed/early.js',
        '/assets/packed/emoji.js',
        '/assets/packed/page.js',
        '/room/lobby',
    ]);
    const statuses = (targets) =>
        ann.page.evaluate(
            (paths) =>
                Promise.all(
                    paths.map((path) =>
                        fetch(path, { headers: { Accept: 'application/json' } }).then(
                            ({ status }) => status,
                            () => 'no answer',
                        ),
                    ),
                ),
            targets,
        );
    const calls = ['/room/calls/messages?limit=100', '/room/calls/presence', '/rooms', '/room/calls', '/healthz', '/'];
    assert.deepEqual(await statuses(calls), [200, 200, 200, 200, 200, 406]);
    await stop();
    assert.deepEqual(
        await statuses(calls),
        calls.map(() => 'no answer'),
    );
    await restart();
});

for (const transport of ['sse', 'websocket', 'poll']) {
    test(`messages come through as without the worker (${transport})`, async () => {
        server = await startServer();
        const ann = await enter({ room: 'through', transport });
        await ann.page.reload();
        await ann.state('live');
        assert.ok(await ann.page.evaluate(() => navigator.serviceWorker.controller !== null));
        await publish(server, 'through', 'to her', 'Bo');
        await ann.sees('to her');
        await ann.say('from her');
        await ann.sees('from her');
        const session = await ann.profile.newCDPSession(ann.page);
        await session.send('ServiceWorker.enable');
        await session.send('ServiceWorker.stopAllWorkers');
        await publish(server, 'through', 'without it', 'Bo');
        await ann.sees('without it');
        assert.deepEqual(await ann.texts(), ['to her', 'from her', 'without it']);
    });
}

test('the page can be installed', async () => {
    server = await startServer();
    const profile = await openProfile(join(folder, 'profile')); // none that forgets everything may install
    try {
        const ann = await openTab(profile, server, { room: 'installed' });
        await kept(ann);
        const session = await profile.newCDPSession(ann.page);
        const { url, errors, manifest } = await session.send('Page.getAppManifest');
        assert.deepEqual([url, errors], [`${server.url}/assets/app.webmanifest`, []]);
        const { startUrl, scope, display, icons } = manifest;
        assert.deepEqual([startUrl, scope, display], [`${server.url}/`, `${server.url}/`, 'kStandalone']);
        assert.equal(icons.length, 2);
        for (const { url: icon } of icons) assert.equal((await fetch(icon)).headers.get('Content-Type'), 'image/svg+xml');
        const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
        assert.deepEqual(installabilityErrors, []);
        const { appId } = await session.send('Page.getAppId');
        assert.equal(appId, `${server.url}/`);
    } finally {
        await profile.close();
    }
});

async function until(question) {
    const end = Date.now() + 20_000;
    while (!(await question())) {
        if (Date.now() > end) throw new Error(`still not: ${question}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}
