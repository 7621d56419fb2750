// Finding one's way: to a message by its address, in what is kept, to another room; and what the page looks like.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { heldBy, publish, publishMany } from './server.mjs';

const here = pageFixture(['--history-messages', '3000']);

const heading = (person, room) => person.page.getByRole('heading', { name: room, exact: true }).waitFor();
const idOf = async (room, text) => (await heldBy(here.server, room)).find(({ data }) => data === text).id;
const toast = (person, text) => person.page.locator('#live-region.toast', { hasText: text }).waitFor();

/** Waits until the message is marked, and in view. */
async function isFound(person, text) {
    const found = person.page.locator('.message.found', { hasText: text });
    await found.waitFor();
    const { isShown, body, focused } = await found.evaluate((node) => {
        const [log, box] = [document.querySelector('#log'), node].map((each) => each.getBoundingClientRect());
        const isShown = box.top >= log.top && box.bottom <= log.bottom;
        return { isShown, body: node.querySelector('.body').innerText, focused: node === document.activeElement };
    });
    assert.deepEqual({ isShown, body, focused }, { isShown: true, body: text, focused: true });
}

test('the address of a message opens there, also far up in the history', async () => {
    const { id } = await publish(here.server, 'addresses', 'the first of all', 'Bo');
    await publishMany(here.server, 'addresses', 1200);
    const recent = await idOf('addresses', 'line 1190');
    const ann = await here.enter({ name: 'Ann', room: 'addresses', hash: recent });
    await isFound(ann, 'line 1190');
    let pages = 0;
    ann.page.on('request', (request) => (pages += /messages\?.*before=/.test(request.url()) ? 1 : 0));
    await ann.page.goto(`${here.server.url}/room/addresses#${id}`); // within the page: only the hash is another
    await isFound(ann, 'the first of all');
    assert.ok(pages <= 4, `${pages} pages were loaded`);
    const texts = await ann.texts();
    assert.deepEqual([texts.length, texts[1], texts.at(-1)], [1201, 'line 1', 'line 1200']);

    const bo = await here.enter({ name: 'Bo', room: 'addresses', hash: id });
    await isFound(bo, 'the first of all');
    await bo.page.reload();
    await isFound(bo, 'the first of all');
});

test('an address of a message in a room that was read before, and of one that has just come', async () => {
    const isRead = (cursor) =>
        ann.waitFor((wanted) => localStorage.getItem('anteroom.read.again') === JSON.stringify(wanted), cursor);
    const { id: old } = await publish(here.server, 'again', 'old', 'Bo');
    const ann = await here.enter({ name: 'Ann', room: 'again' });
    await isRead(old);
    await ann.page.goto('about:blank');
    await publishMany(here.server, 'again', 300);
    await ann.page.goto(`${here.server.url}/room/again#${await idOf('again', 'line 5')}`);
    await isFound(ann, 'line 5');
    await isRead(await idOf('again', 'line 300'));

    await ann.page.goto('about:blank');
    await publishMany(here.server, 'again', 60, (number) => `new ${number}`);
    const newest = await idOf('again', 'new 60');
    await ann.page.goto(`${here.server.url}/room/again#${newest}`);
    await isFound(ann, 'new 60');
    await isRead(newest);
    await isFound(ann, 'new 60'); // still, although what is unread begins further up
});

test('an address of a message that is gone says so; one of something else is none', async () => {
    await publishMany(here.server, 'gone', 150);
    const ann = await here.enter({ name: 'Ann', room: 'gone', hash: '0123456789abcdef-7' });
    await toast(ann, 'The message is not kept any more.');
    const requests = [];
    ann.page.on('request', (request) => requests.push(request.url()));
    await ann.page.evaluate(() => document.querySelector('.skip').focus());
    await ann.page.keyboard.press('Enter');
    await ann.waitFor(() => location.hash === '#text' && document.activeElement.id === 'text');
    await ann.say('still here');
    await ann.sees('still here');
    assert.equal(requests.filter((url) => url.includes('before=')).length, 0);
});

test('search finds words in what is kept, and leads to the message', async () => {
    await publish(here.server, 'library', 'Where is the **Café** on the corner?', 'Bo');
    await publishMany(here.server, 'library', 400);
    await publish(here.server, 'library', 'cafe? next to the library', 'Cy');
    const ann = await here.enter({ name: 'Ann', room: 'library' });
    await ann.sees('cafe? next to the library');
    await ann.page.keyboard.press('Control+Shift+F');
    const dialog = ann.page.getByRole('dialog', { name: 'Search in library' });
    await dialog.getByRole('searchbox').fill('CAFÉ');
    await dialog.getByText('2 messages').waitFor();
    const results = dialog.getByRole('listitem');
    assert.match(await results.nth(0).innerText(), /^Cy .*\ncafe\? next to the library$/s);
    assert.match(await results.nth(1).innerText(), /^Bo /);
    await dialog.getByRole('searchbox').fill('corner bo');
    await dialog.getByText('1 message', { exact: true }).waitFor();
    await ann.page.keyboard.press('Tab');
    await ann.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await isFound(ann, 'Where is the Café on the corner?');

    await ann.page.keyboard.press('Control+Shift+F');
    await dialog.getByRole('searchbox').fill('no such words');
    await dialog.getByText('Nothing found in what the server has kept.').waitFor();
    await ann.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });

    await ann.page.getByRole('button', { name: 'Menu' }).click();
    await ann.page.locator('#menu').getByRole('button', { name: 'Search in this room' }).click();
    await ann.page.route('**/messages?*', (route) => route.abort());
    await dialog.getByRole('searchbox').fill('cafe');
    await dialog.getByText('The server cannot be reached.').waitFor();
});

test('Ctrl+K leads to another room by a part of its name', async () => {
    await publish(here.server, 'kitchen sink', 'drip', 'Bo');
    const ann = await here.enter({ name: 'Ann', room: 'start' });
    await ann.page.getByRole('link', { name: 'kitchen sink' }).waitFor();
    await ann.page.keyboard.press('Control+k');
    const field = ann.page.getByRole('combobox', { name: 'Room' });
    await field.fill('sink');
    const options = ann.page.locator('#switcher').getByRole('option');
    assert.deepEqual(await options.allInnerTexts(), ['kitchen sink', 'sink']);
    await field.press('Enter');
    await heading(ann, 'kitchen sink');
    await ann.sees('drip');
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'text');

    await ann.page.keyboard.press('Control+k');
    assert.equal(await field.inputValue(), '');
    await field.fill('a/b');
    await field.press('Enter');
    await ann.page.getByText('cannot have a /').waitFor();
    await field.fill('s');
    await field.press('ArrowDown');
    await ann.page.keyboard.press('Escape');
    await ann.page.locator('#switcher').waitFor({ state: 'hidden' });
    await heading(ann, 'kitchen sink');

    await ann.page.keyboard.press('Control+k');
    await field.fill('quite new');
    await field.press('Enter');
    await heading(ann, 'quite new');
    await publish(here.server, 'start', 'come back', 'Bo');
    await ann.room('start', { unread: 1 }).waitFor();
    await ann.page.keyboard.press('Control+k');
    assert.equal(await options.first().innerText(), 'start', 'what is unread comes first');
    await options.first().click();
    await ann.sees('come back');
});

test('the list of shortcuts is a key away, and says what works', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'shortcuts' });
    await ann.page.keyboard.press('Control+/');
    const dialog = ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    const rows = await dialog.locator('dl > div').allInnerTexts();
    assert.ok(rows.length >= 8);
    for (const keys of ['Ctrl K', 'Ctrl Shift F', 'Ctrl /', 'Alt ↑, Alt ↓', 'Esc'])
        assert.ok(
            rows.some((row) => row.startsWith(keys)),
            keys,
        );
    await ann.page.keyboard.press('Control+k');
    assert.equal(await ann.page.locator('#switcher').isVisible(), false, 'one dialog at a time');
    await ann.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
});

test('the colours one has chosen stay over a reload, and are those of every tab', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'theme', context: { colorScheme: 'light' } });
    const other = await here.tab(ann, { room: 'theme' });
    const isDark = (person, wanted) =>
        person.waitFor((dark) => {
            const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number);
            return r + g + b < 200 === dark;
        }, wanted);
    await isDark(ann, false);
    await ann.page.getByRole('button', { name: 'Menu' }).click();
    await ann.page.getByRole('radio', { name: 'Dark' }).check();
    for (const person of [ann, other]) await isDark(person, true);
    await ann.page.reload();
    await ann.state('live');
    await isDark(ann, true);
    const themeColors = () =>
        ann.page
            .locator('meta[name=theme-color]')
            .evaluateAll((all) => all.map(({ media, content }) => [media, content]));
    assert.deepEqual(await themeColors(), [
        ['not all', '#f3ede2'],
        ['all', '#15120f'],
    ]);
    await other.page.getByRole('button', { name: 'Menu' }).click();
    await other.page.getByRole('radio', { name: 'As the system' }).check();
    for (const person of [ann, other]) await isDark(person, false);
    await ann.page.emulateMedia({ colorScheme: 'dark' });
    await isDark(ann, true);
});
