// Sites of others: pages that are not the server's, under whatever names they please.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before } from 'node:test';

import { openBrowser } from './people.mjs';

const PATIENCE = 15_000; // ms, of what waits for a page
export const LIMIT = { timeout: 120_000 }; // ms, of a test: scripts in a page have no other

/** What the browser has to believe for `*.example` to lead to this machine, as it would after a DNS answer. */
const NAMES = ['--host-resolver-rules=MAP *.example 127.0.0.1'];

/** Serves an empty page at every path. `port` 0: a free one. */
export async function startSite() {
    const site = createServer((request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', Connection: 'close' });
        response.end('<!doctype html><title>another site</title><body>');
    });
    await once(site.listen(0, '127.0.0.1'), 'listening');
    const { port } = site.address();
    return {
        port,
        /** The address of its page under a name. */
        as: (name) => `http://${name}:${port}`,
        async stop() {
            const closed = once(site, 'close');
            site.close();
            site.closeAllConnections();
            await closed;
        },
    };
}

/**
 * What tests of other sites begin with: a browser to which `*.example` is this machine, a site, and servers, by name,
 * that are made when the site is there (its port may be in their flags).
 */
export function sitesFixture(servers) {
    const place = {
        /** Runs `act` with a page at an address. */
        async at(url, act) {
            const page = await place.browser.newPage();
            page.setDefaultTimeout(PATIENCE);
            try {
                await page.goto(url);
                return await act(page);
            } finally {
                await page.close();
            }
        },
    };
    before(async () => {
        [place.browser, place.site] = await Promise.all([openBrowser(NAMES), startSite()]);
        for (const [name, make] of Object.entries(servers)) place[name] = await make(place.site);
    });
    after(async () => {
        await place.browser?.close();
        await place.site?.stop();
        for (const name of Object.keys(servers)) assert.equal(await place[name]?.stop(), 0);
    });
    return place;
}
