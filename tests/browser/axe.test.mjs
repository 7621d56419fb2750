// axe-core finds nothing, whatever the page shows: light and dark, on a desk and on a phone.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish, publishMany, startNetwork } from './server.mjs';

const here = pageFixture(['--history-messages', '50']);
const PUBLISH = /(?<!%3Atyping)\/publish(\?|$)/;

let axe;
before(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

/** What axe-core has to say to the page as it is. */
async function complaints(page) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
    return page.evaluate(async () => {
        // Colours are those at the end of what moves.
        const isEndless = (animation) => animation.effect.getComputedTiming().endTime === Infinity;
        for (const animation of document.getAnimations()) if (!isEndless(animation)) animation.finish();
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.flatMap(({ id, nodes }) =>
            nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}\n${failureSummary}`),
        );
    });
}

const looks = [];
for (const colorScheme of ['light', 'dark']) {
    looks.push([`${colorScheme}, on a desk`, { colorScheme, viewport: { width: 1280, height: 800 } }]);
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    looks.push([`${colorScheme}, on a phone`, { colorScheme, ...phone }]);
}

/** Runs a test in each look; `check(person, what)` notes what axe-core complains of. */
function everyLook(title, visit) {
    for (const [look, context] of looks) {
        test(`${title} (${look})`, async () => {
            const found = [];
            await visit({
                context,
                room: `${title}, ${look}`.replace(/[^\w ]/g, ''),
                isPhone: context.isMobile === true,
                async check({ page }, what) {
                    found.push(...(await complaints(page)).map((complaint) => `${what}: ${complaint}`));
                },
            });
            assert.equal(found.join('\n\n'), '');
        });
    }
}

const MARKUP = [
    '**strong** *so* ~~not~~ `code` https://example.invalid [words](https://example.invalid/)',
    '> quoted **words**\n> > and more\n\n- one\n- two\n\n3. three\n4. four',
    '```js\nif (a < b) go();\n```',
    'hello @Ann, and @Cy',
    'a line\n'.repeat(60),
];

/** A room with whatever messages there can be. */
async function fill(room) {
    for (const text of MARKUP) await publish(here.server, room, text, 'Bo');
    const { id } = await publish(here.server, room, { a: [1, null] });
    await publish(here.server, room, { type: 'reply', to: id, text: 'I see', quote: { from: 'Bo', text: 'a' } }, 'Cy');
    await publish(here.server, room, { type: 'reaction', to: id, emoji: '👍' }, 'Ann');
    await publish(here.server, room, { type: 'reaction', to: id, emoji: '🎉' }, 'Bo');
}

everyLook('an empty room, and one that is full', async ({ context, room, check }) => {
    const ann = await here.enter({ name: 'Ann', room, context });
    await ann.page.getByText('Nobody has said anything here yet.').waitFor();
    await check(ann, 'empty');
    await fill(room);
    await ann.page.locator('.reactions button').nth(1).waitFor();
    await here.enter({ name: 'Dan', room });
    await ann.page.locator('.note').waitFor();
    await ann.look(false);
    await publish(here.server, room, 'meanwhile', 'Bo');
    await ann.page.evaluate(() => document.title.startsWith('(1)'));
    await ann.look(true);
    await ann.page.locator('.divider.new').waitFor();
    await ann.log.evaluate((log) => (log.scrollTop = 0));
    await ann.page.locator('#jump').waitFor();
    await ann.page.locator('.more').last().focus();
    await check(ann, 'full');
    await ann.page.locator('.quote').click();
    await ann.page.locator('.found').waitFor();
    await check(ann, 'found');
});

everyLook('what waits and what failed', async ({ context, room, check }) => {
    const ann = await here.enter({ name: 'Ann', room, context });
    const send = async (text) => {
        await ann.field.fill(text);
        await ann.page.getByRole('button', { name: 'Send', exact: true }).click();
    };
    const problem = { status: 403, title: 'Forbidden', detail: 'this room is closed for today' };
    const refusal = { status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) };
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await ann.page.route(PUBLISH, (route) => held.then(() => route.continue()), { times: 1 });
    await send(MARKUP.join('\n'));
    await ann.page.getByText('Sending…').waitFor();
    await check(ann, 'sending');
    release();
    await ann.page.locator('.message[data-status=settled]').waitFor();
    await ann.page.route(PUBLISH, (route) => route.fulfill(refusal), { times: 1 });
    await send('refused');
    await ann.page.locator('.foot', { hasText: 'Not sent.' }).waitFor();
    await ann.page.route(PUBLISH, (route) => route.abort());
    await send('first');
    await ann.page.getByText('No answer yet.').waitFor();
    await send('second');
    await ann.page.getByText('Waiting to be sent.').waitFor();
    await ann.field.fill('x'.repeat(70_000));
    await ann.page.getByText('too long.').waitFor();
    await check(ann, 'waiting and failed');
    await ann.field.fill('');
    await ann.page.unroute(PUBLISH);
});

everyLook('the server is away, and what was missed', async ({ context, room, check }) => {
    await publish(here.server, room, 'before', 'Bo');
    const network = await startNetwork(here.server);
    const ann = await here.enter({ name: 'Ann', room, context, network });
    await ann.sees('before');
    await network.cut();
    await ann.page.locator('#notice button').waitFor();
    await check(ann, 'away');
    await publishMany(here.server, room, 70);
    await network.mend();
    await ann.page.locator('.gap').waitFor({ state: 'attached' });
    await check(ann, 'gap');
    await network.cut();
});

everyLook('dialogs', async ({ context, room, check }) => {
    await publishMany(here.server, room, 3);
    const ann = await here.enter({ room, context });
    await ann.sees('line 3');
    const close = async (selector) => {
        await ann.page.keyboard.press('Escape');
        await ann.page.locator(selector).waitFor({ state: 'hidden' });
    };
    await ann.page.getByRole('button', { name: 'Choose a name' }).click();
    await ann.page.getByLabel('Name', { exact: true }).press('Enter');
    await ann.page.getByText('at least one character').waitFor();
    await check(ann, 'name');
    await close('#name');

    await ann.page.keyboard.press('Control+Shift+F');
    await ann.page.getByRole('searchbox', { name: 'Words' }).fill('line');
    await ann.page.getByText('3 messages').waitFor();
    await check(ann, 'search');
    await ann.page.getByRole('searchbox', { name: 'Words' }).fill('nothing like it');
    await ann.page.getByText('Nothing found').waitFor();
    await check(ann, 'search, nothing found');
    await close('#search');

    await ann.page.keyboard.press('Control+k');
    await ann.page.getByRole('option').first().waitFor();
    await check(ann, 'switcher');
    await ann.page.getByRole('combobox', { name: 'Room' }).fill('a/b');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByText('cannot have a /').waitFor();
    await check(ann, 'switcher, no such room');
    await close('#switcher');

    await ann.page.keyboard.press('Control+/');
    await ann.page.locator('#shortcuts').waitFor();
    await check(ann, 'shortcuts');
    await close('#shortcuts');
});

everyLook('panels', async ({ context, room, check, isPhone }) => {
    await publish(here.server, room, 'hello', 'Bo');
    await publish(here.server, 'also in use', 'hello', 'Bo');
    const ann = await here.enter({ name: 'Ann', room, context });
    await here.enter({ name: 'Bo', room });
    await ann.page.locator('#people bdi', { hasText: 'Bo' }).waitFor({ state: 'attached' });
    const close = async (selector) => {
        await ann.page.keyboard.press('Escape');
        await ann.page.locator(selector).waitFor({ state: 'hidden' });
    };
    await ann.page.locator('#open-menu').click();
    await check(ann, 'menu');
    await close('#menu');
    await ann.page.locator('#connection-status').click();
    await check(ann, 'connection');
    await close('#connection');
    if (isPhone) {
        await ann.page.locator('#open-rooms').click();
        await ann.page.getByLabel('Go to a room').fill('a/b');
        await ann.page.getByLabel('Go to a room').press('Enter');
        await ann.page.getByText('cannot have a /').waitFor();
        await check(ann, 'rooms');
        await close('#rooms');
        await ann.page.locator('#present-count').click();
        await ann.page.locator('#people').waitFor();
        await check(ann, 'people');
        await close('#people');
    }
    await ann.message('hello').hover();
    await ann.page.locator('.more').first().click();
    await check(ann, 'actions');
    await ann.page.locator('#actions').getByRole('button', { name: 'Reply' }).click();
    await ann.page.locator('#replying').waitFor();
    await check(ann, 'reply');
    await ann.field.pressSequentially('@');
    await ann.page.getByRole('option', { name: 'Bo' }).waitFor();
    await check(ann, 'people to mention');
    await ann.field.fill(':sm');
    await ann.page.getByRole('option').nth(3).waitFor();
    await check(ann, 'emoji to suggest');
    await ann.field.fill('');
    await ann.page.getByRole('button', { name: 'Emoji' }).click();
    await ann.page.locator('#emoji-picker .group:not([hidden])').first().waitFor();
    await check(ann, 'emoji');
    await ann.page.getByRole('searchbox', { name: 'Search emoji' }).fill('sm');
    await ann.page.getByText(/emoji found/).waitFor();
    await check(ann, 'emoji, searched');
});

everyLook('the page of an address with nothing', async ({ context, check }) => {
    const ann = await here.enter({ context });
    await ann.page.goto(`${here.server.url}/nothing/here`);
    await ann.page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    await check(ann, '404');
});
