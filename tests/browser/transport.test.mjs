// The choice of transport: which one is in use, that changing it loses nothing, and that it is remembered.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const here = pageFixture();
const NAMES = { websocket: 'WebSocket', sse: 'SSE', poll: 'Long poll' };

const inUse = (person, name) => person.page.locator('#connection-status .by', { hasText: name }).waitFor({ state: 'attached' });

async function choose(person, label) {
    if (!(await person.page.locator('#connection').isVisible())) await person.page.locator('#connection-status').click();
    await person.page.getByRole('radio', { name: label }).check();
}

test('the menu says what is in use, and changes it without losing or repeating a message', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'changing' });
    const said = [];
    for (const transport of ['poll', 'websocket', 'sse', 'websocket', 'poll', 'sse']) {
        const before = publish(here.server, 'changing', `before ${said.length}`, 'Bo');
        await choose(ann, NAMES[transport]);
        await before;
        said.push(`before ${said.length}`);
        await publish(here.server, 'changing', `during ${said.length}`, 'Bo');
        said.push(`during ${said.length}`);
        await inUse(ann, NAMES[transport]);
        await ann.state('live');
        await ann.page.locator('.in-use', { hasText: `${NAMES[transport]} is in use.` }).waitFor();
        await ann.sees(said.at(-1));
    }
    assert.deepEqual(await ann.texts(), said);
    assert.equal(await ann.page.locator('.gap').count(), 0);
});

test('Auto finds one, and says which', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'auto' });
    await ann.page.locator('#connection-status').click();
    assert.equal(await ann.page.getByRole('radio', { name: 'Auto' }).isChecked(), true);
    assert.match(await ann.page.locator('.in-use').innerText(), /^(SSE|WebSocket|Long poll) is in use\./);
});

test('the choice is remembered, and is that of all tabs', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'remembered' });
    const second = await here.tab(ann, { room: 'remembered' });
    await choose(second, 'Long poll');
    for (const tab of [ann, second]) await inUse(tab, 'Long poll');
    await ann.page.locator('#connection-status').click();
    assert.equal(await ann.page.getByRole('radio', { name: 'Long poll' }).isChecked(), true);
    await second.page.close();
    await ann.page.reload();
    await ann.state('live');
    await inUse(ann, 'Long poll');
});

test('with the keyboard only', async () => {
    const { page, ...ann } = await here.enter({ name: 'Ann', room: 'keys', transport: 'sse' });
    await inUse({ page }, 'SSE');
    await page.locator('#connection-status').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.value === 'sse');
    await page.keyboard.press('ArrowDown');
    await inUse({ page }, 'Long poll');
    await page.keyboard.press('Escape');
    await page.locator('#connection').waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'connection-status');
    await publish(here.server, 'keys', 'still here', 'Bo');
    await ann.sees('still here');
});

test('where streams do not get through, the page is live all the same, and says by what', async () => {
    const prepare = (page) =>
        page.route('**/subscribe*', async (route) => {
            const isStream = route.request().headers().accept?.includes('event-stream');
            if (!isStream) await route.continue(); // a stream is held back for ever, as some proxies do
        });
    const ann = await here.enter({ name: 'Ann', room: 'blocked', transport: 'sse', prepare });
    await publish(here.server, 'blocked', 'it gets through', 'Bo');
    await ann.sees('it gets through');
    await ann.page.locator('.in-use', { hasText: 'SSE does not get through at the moment.' }).waitFor({ state: 'attached' });
});
