// Pages of other sites change nothing and read nothing, however they try.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WITH_ORIGIN, WITHOUT_ORIGIN, attack } from './attacks.mjs';
import { NOTHING, publish, startServer, tracesIn } from './server.mjs';
import { LIMIT, sitesFixture } from './sites.mjs';

const here = sitesFixture({
    server: () => startServer({ flags: ['--access-log'] }),
    open: () => startServer({ flags: ['--access-log', '--allow-origin', '*'] }),
});

/** A frame of a page that has no origin: `Origin: null`. */
async function sandboxIn(page) {
    const frame = await page.evaluateHandle(() => {
        const made = Object.assign(document.createElement('iframe'), { srcdoc: '<body>' });
        made.sandbox = 'allow-scripts allow-forms';
        return new Promise((resolve) => {
            made.onload = () => resolve(made);
            document.body.append(made);
        });
    });
    return frame.asElement().contentFrame();
}

for (const [name, what] of Object.entries({ ...WITH_ORIGIN, ...WITHOUT_ORIGIN })) {
    test(`${name}: a page of another site changes nothing`, LIMIT, async () => {
        await here.at(here.site.as('localhost'), async (page) => {
            const { came, messages } = await attack(here.open, page, what);
            const works = /ghost/.test(what) ? came.includes('ghost: join') : /owned/.test(messages);
            assert.ok(works, `where it is allowed it works: ${came} ${messages}`);
            assert.deepEqual(await attack(here.server, page, what), NOTHING);
            assert.deepEqual(await attack(here.server, await sandboxIn(page), what), NOTHING);
        });
    });
}

test('neither does one under a name that leads to this machine, nor one of another port', LIMIT, async () => {
    for (const name of ['evil.example', '127.0.0.1'])
        await here.at(here.site.as(name), async (page) => {
            for (const [attempt, what] of Object.entries(WITH_ORIGIN))
                assert.deepEqual(await attack(here.server, page, what), NOTHING, `${name}, ${attempt}`);
        });
});

test('sendBeacon publishes nothing', LIMIT, async () => {
    for (const [of, messages] of [
        [here.open, ['owned']],
        [here.server, []],
    ])
        await here.at(here.site.as('localhost'), async (page) => {
            await page.evaluate((url) => navigator.sendBeacon(url, 'owned'), `${of.url}/room/beacon/publish`);
            // No event of the browser's says that it has been answered.
            await of.logged(/\/room\/beacon\/publish/);
            assert.deepEqual((await tracesIn(of, 'beacon')).messages, messages);
        });
});

test('a page of another site reads nothing, and embeds nothing', LIMIT, async () => {
    await publish(here.server, 'private', 'secret');
    await here.at(here.site.as('localhost'), async (page) => {
        const room = '/room/private';
        for (const path of [`${room}/messages`, `${room}/subscribe?after=0`, '/rooms', '/metrics', '/nothing'])
            for (const mode of ['cors', 'no-cors']) {
                const outcome = page.evaluate(
                    ([url, mode]) =>
                        fetch(url, { mode, headers: { Accept: '*/*' } }).then(
                            ({ type }) => type,
                            ({ name }) => name,
                        ),
                    [here.server.url + path, mode],
                );
                assert.equal(await outcome, 'TypeError', `${mode} ${path}`);
            }
        await page.evaluate((src) => {
            const frame = Object.assign(document.createElement('iframe'), { src });
            document.body.append(frame);
            return new Promise((resolve) => (frame.onload = () => resolve()));
        }, `${here.server.url}/`);
        const frame = await (await page.$('iframe')).contentFrame();
        assert.equal(await frame.locator('textarea').count(), 0, 'the page in a frame of another site');
    });
});
