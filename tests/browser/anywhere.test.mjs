// The page wherever it is: behind a path of a site, in a frame of another site; and at addresses where there is nothing.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { startNginx } from './nginx.mjs';
import { openBrowser, openTab, visit } from './people.mjs';
import { publish, startServer } from './server.mjs';
import { startSite } from './sites.mjs';

const PATH = '/chat/';

let browser;
let server;
let site; // nginx
const people = [];
before(async () => {
    browser = await openBrowser(['--host-resolver-rules=MAP *.example 127.0.0.1']);
    server = await startServer();
    site = await startNginx(server, PATH);
});
after(async () => {
    await browser?.close();
    await site?.stop();
    assert.equal(await server?.stop(), 0);
});
afterEach(async () => {
    for (const person of people.splice(0)) await person.leave();
});

async function enter(options) {
    const person = await visit(browser, site, options);
    people.push(person);
    return person;
}

const title = ({ page }, text) => page.waitForFunction((wanted) => document.title === wanted, text);
const at = ({ page }) => new URL(page.url()).pathname;

test('behind a path: everything is requested below it, and people chat', async () => {
    const context = { permissions: ['clipboard-read', 'clipboard-write'], serviceWorkers: 'allow' };
    const requests = [];
    const prepare = async (page) => {
        page.on('response', (response) => requests.push([new URL(response.url()).pathname, response.status()]));
    };
    const ann = await enter({ name: 'Ann', room: 'a b?ü', prepare, context });
    const bo = await enter({ name: 'Bo', room: 'a b?ü', transport: 'websocket' });
    await ann.say('hello Bo');
    await bo.sees('hello Bo');
    await bo.say('hello Ann');
    await ann.sees('hello Ann');
    await ann.say(':wave:');
    await bo.sees('👋');
    await ann.page.locator('#people li', { hasText: 'Bo' }).waitFor({ state: 'attached' });

    await ann.page.waitForFunction(() => navigator.serviceWorker.controller);
    const scopes = await ann.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope));
    assert.deepEqual(scopes, [`${site.url}/`]);

    await ann.message('hello Ann').hover();
    await ann.message('hello Ann').locator('.more').click();
    await ann.page.getByRole('button', { name: 'Copy link' }).click();
    await ann.page.getByText('Link copied').first().waitFor();
    const link = await ann.page.evaluate(() => navigator.clipboard.readText());
    const id = await ann.message('hello Ann').getAttribute('data-id');
    assert.equal(link, `${site.url}/room/a%20b%3F%C3%BC#${id}`);
    await bo.page.goto('about:blank');
    await bo.page.goto(link);
    await bo.sees('hello Ann');

    assert.ok(requests.length > 10);
    for (const [path, status] of requests) assert.ok(path.startsWith(PATH) && status < 400, `${path} ${status}`);
});

test('behind a path: from room to room, back, forward and anew', async () => {
    const ann = await enter({ name: 'Ann', room: 'first' });
    await ann.page.goto(`${site.url}/`);
    await title(ann, 'lobby · anteroom');
    await ann.say('in the lobby');
    await ann.sees('in the lobby');

    await ann.room('first').click();
    await title(ann, 'first · anteroom');
    assert.equal(at(ann), '/chat/room/first');
    await ann.page.getByLabel('Go to a room').fill('second');
    await ann.page.getByLabel('Go to a room').press('Enter');
    await title(ann, 'second · anteroom');
    assert.equal(at(ann), '/chat/room/second');
    await ann.page.reload();
    await title(ann, 'second · anteroom');
    await ann.state('live');
    await ann.page.goBack();
    await title(ann, 'first · anteroom');
    await ann.page.goBack();
    await title(ann, 'lobby · anteroom');
    assert.equal(at(ann), '/chat/');
    await ann.sees('in the lobby');
    await ann.page.goForward();
    await title(ann, 'first · anteroom');
    await ann.page.reload();
    await title(ann, 'first · anteroom');
    await ann.state('live');
    const links = await ann.page.locator('#rooms a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    assert.ok(links.length >= 3);
    for (const href of links) assert.match(href, /^\/chat\/room\/[^/]+$/);
});

for (const [where, root] of [
    ['behind a path', () => site.url],
    ['at the root', () => server.url],
]) {
    test(`${where}: the icons of tab and notification, also after another room was entered from the lobby`, async () => {
        const context = { permissions: ['notifications'] };
        const ann = await visit(browser, { url: root() }, { name: 'Ann', room: 'icons', context });
        people.push(ann);
        await ann.page.goto(`${root()}/`);
        await ann.state('live');
        await ann.page.locator('#log:not([aria-busy])').waitFor(); // what comes before was missed, and causes no notification
        await ann.page.evaluate(() => {
            globalThis.shown = [];
            globalThis.Notification = class extends EventTarget {
                static permission = 'granted';
                constructor(name, { icon }) {
                    super();
                    globalThis.shown.push(new URL(icon, document.baseURI).href);
                }
            };
        });
        await ann.room('icons').click();
        await title(ann, 'icons · anteroom');
        const icon = () => ann.page.evaluate(() => document.querySelector('link[rel=icon]').href);
        assert.equal(await icon(), `${root()}/assets/icon.svg`);
        await ann.look(false);
        await publish(server, 'icons', 'hello @Ann', 'Bo');
        await title(ann, '(1) icons · anteroom');
        assert.equal(await icon(), `${root()}/assets/icon-unread.svg`);
        await ann.waitFor(() => globalThis.shown.length > 0);
        assert.deepEqual(await ann.page.evaluate(() => globalThis.shown), [`${root()}/assets/icon.svg`]);
        for (const address of [await icon(), `${root()}/assets/icon.svg`]) assert.equal((await fetch(address)).status, 200);
    });
}

test('in a frame of a site that is allowed, and of no other', async () => {
    const other = await startSite();
    const allowing = await startServer({ flags: ['--frame-ancestor', other.as('app.example')] });
    const page = await browser.newPage();
    try {
        const framed = async (top, source, found) => {
            await page.goto(top);
            const refused = page.waitForEvent('console', { predicate: (line) => line.text().includes('frame-ancestors') });
            refused.catch(() => {});
            await page.evaluate((src) => {
                const frame = document.createElement('iframe');
                Object.assign(frame, { src, width: 900, height: 700 });
                document.body.append(frame);
            }, source);
            const frame = page.frameLocator('iframe');
            if (found) {
                await frame.locator('#connection-status[data-state=live]').waitFor();
                return frame;
            }
            const element = await page.locator('iframe').elementHandle();
            await refused;
            assert.equal(await (await element.contentFrame()).locator('#connection-status').count(), 0);
            return undefined;
        };
        const room = `${allowing.url}/room/framed`;
        const frame = await framed(other.as('app.example'), room, true);
        await publish(allowing, 'framed', 'to the frame', 'Bo');
        await frame.locator('.message', { hasText: 'to the frame' }).waitFor();
        await frame.getByRole('textbox', { name: 'Message' }).fill('from the frame');
        await frame.getByRole('textbox', { name: 'Message' }).press('Enter');
        await frame.getByLabel('Name', { exact: true }).fill('Ann');
        await frame.getByLabel('Name', { exact: true }).press('Enter');
        const mine = frame.locator('.message[data-status=settled]', { hasText: 'from the frame' });
        await mine.waitFor();
        await mine.hover();
        await mine.locator('.more').click();
        await frame.getByRole('button', { name: 'Copy link' }).click();
        await frame.getByText('Link copied').first().waitFor();
        const id = await mine.getAttribute('data-id');
        await frame.getByRole('textbox', { name: 'Message' }).press('Control+V');
        assert.equal(await frame.getByRole('textbox', { name: 'Message' }).inputValue(), `${room}#${id}`);

        await framed(other.as('else.example'), room, false);
        await framed(other.as('app.example'), `${server.url}/room/framed`, false);
    } finally {
        await page.close();
        await other.stop();
        assert.equal(await allowing.stop(), 0);
    }
});

for (const [where, root] of [
    ['behind a path', () => site.url],
    ['at the root', () => server.url],
]) {
    test(`${where}: an address with nothing is a page that leads to the lobby, and JSON for programs`, async () => {
        const page = await browser.newPage();
        const failed = [];
        page.on('response', (response) => {
            if (response.request().resourceType() !== 'document') failed.push([response.url(), response.status()]);
        });
        try {
            const paths = ['/nothing', '/rooms/', '/room/a/', '/room/a/b', '/a/b/c/', '/a/b/c/d?e=/f/'];
            const noRooms = ['/room/', `/room/${'x'.repeat(129)}`];
            for (const path of [...paths, ...noRooms]) {
                const answer = await page.goto(root() + path);
                assert.deepEqual([answer.status(), await page.title()], [404, 'Nothing here · anteroom'], path);
                assert.equal(answer.headers()['cache-control'], 'no-cache');
                await page.getByRole('link', { name: 'lobby' }).click();
                await page.locator('#connection-status[data-state=live]').waitFor();
                assert.equal(page.url(), `${root()}/`, path);

                const asked = await fetch(root() + path); // Accept: */*, as curl
                assert.equal(asked.headers.get('Content-Type'), 'application/problem+json', path);
                assert.equal((await asked.json()).status, asked.status);
                assert.equal(asked.status, noRooms.includes(path) ? 400 : 404, path);
            }
            for (const [address, status] of failed) assert.ok(status < 400, `${address} ${status}`);
            assert.ok(failed.some(([address]) => address.endsWith('/assets/styles/nothing-here.css')));
        } finally {
            await page.close();
        }
    });
}
