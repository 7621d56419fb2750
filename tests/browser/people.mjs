// People at the page: each has a browser profile of their own. Everything waits for what it needs, with a bound.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const PATIENCE = 40_000; // ms, for machines that do much else
const FLAGS =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
    '--disable-component-update --disable-sync';

function launching(flags) {
    const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
    const executablePath = places.find((place) => place && existsSync(place));
    if (!executablePath) throw new Error('no Chromium: install it, or name it with CHROMIUM');
    return { executablePath, args: [...FLAGS.split(' '), ...flags] };
}

/** `flags`: more of them for Chromium. */
export async function openBrowser(flags = []) {
    return chromium.launch(launching(flags));
}

/** A browser with one profile, in a folder: it may do what those that forget everything may not. */
export async function openProfile(folder) {
    return chromium.launchPersistentContext(folder, launching([]));
}

/**
 * Opens the page and waits until it is live.
 * @param {import('playwright-core').Browser} browser
 * @param {{url: string}} server
 * @param {{name?: string, room?: string, hash?: string, transport?: string, prepare?: (page) => Promise<unknown>,
 *   context?: object}} [options]  hash: the id of a message; name, transport: remembered from an earlier visit, without a name
 *   the page asks; context: of its profile, in which service workers are off unless it says otherwise
 */
export async function visit(browser, server, { name, transport, context = {}, ...options } = {}) {
    const usual = { viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' };
    const profile = await browser.newContext({ ...usual, ...context });
    profile.setDefaultTimeout(PATIENCE);
    const remembered = Object.entries({ name, transport }).filter(([, value]) => value !== undefined);
    const path = new URL(server.url).pathname;
    const prefix = path === '/' ? 'anteroom.' : `anteroom${path}/`; // each server of a site has its own
    await profile.addInitScript((entries) => {
        if (!location.host) return; // about:blank has no storage
        for (const [key, value] of entries) localStorage.setItem(key, JSON.stringify(value));
    }, remembered.map(([key, value]) => [prefix + key, value]));
    return openTab(profile, server, options);
}

/** Opens one more tab of a browser; `leave` of any of them closes the browser. */
export async function openTab(profile, server, { room = 'lobby', hash = '', prepare } = {}) {
    const page = await profile.newPage();
    const errors = []; // exceptions, and what the Content-Security-Policy stopped
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => {
        if (line.type() === 'error' && /Content.Security.Policy/i.test(line.text())) errors.push(line.text());
    });
    await prepare?.(page);
    await page.goto(`${server.url}/room/${encodeURIComponent(room)}${hash && `#${hash}`}`);
    const person = {
        page,
        profile,
        errors,
        field: page.getByRole('textbox', { name: 'Message' }),
        log: page.getByRole('log', { name: 'Messages' }),
        message: (text) => page.locator('.message', { has: page.locator('.body', { hasText: exactly(text) }) }),
        state: (state) => page.locator(`#connection-status[data-state=${state}]`).waitFor(),
        /** Writes and sends as a person at a keyboard does. */
        async say(text) {
            await person.field.fill(text);
            await person.field.press('Enter');
        },
        /** Waits until the message is shown and has its place. */
        sees: (text) =>
            page
                .locator('.message[data-status=settled]', { has: page.locator('.body', { hasText: exactly(text) }) })
                .first()
                .waitFor(),
        /** The texts of all messages that are shown, in order. */
        texts: () => page.locator('.message .body').allInnerTexts(),
        /**
         * What is in the list, in order: messages as `name: text`, gaps and lines by what they say. Who joined and left is
         * not of the order, and left out.
         */
        rows: () =>
            page.locator('#messages > li:not(.note)').evaluateAll((items) =>
                items.map((item) => {
                    if (!item.matches('.message')) return `[${item.innerText.trim()}]`;
                    return `${item.querySelector('.author').textContent}: ${item.querySelector('.body').innerText}`;
                }),
            ),
        /** Who joined and left, as the list says it. */
        notes: () => page.locator('.note').allInnerTexts(),
        /** The link to a room that is joined; `unread`: with so many unread messages. */
        room: (room, { unread } = {}) =>
            page.locator('#joined').getByRole('link', {
                name: unread === undefined ? room : `${room} , ${unread} unread`,
                exact: unread !== undefined,
            }),
        /** Pretends that the tab is in the background, or in front again. */
        look: (now) =>
            page.evaluate((looking) => {
                const value = looking ? 'visible' : 'hidden';
                Object.defineProperty(document, 'visibilityState', { value, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
            }, now),
        waitFor: (condition, argument) => page.waitForFunction(condition, argument),
        async leave() {
            await profile.close();
            assert.deepEqual(errors, []);
        },
    };
    await person.state('live');
    return person;
}

function exactly(text) {
    return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')}\\s*$`);
}
