// Notifications: asked for by the user, made for what nobody sees, once for all tabs, with a sound; the title and the icon.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish, publishMany, until } from './server.mjs';

const here = pageFixture();

/** Notes what the page shows and plays. `permission`: from an earlier visit; `answer`: what the user answers now. */
function noting({ permission = 'granted', answer = 'granted' } = {}) {
    return (page) =>
        page.addInitScript(
            ([permission, answer]) => {
                window.asked = 0;
                window.notes = [];
                window.tones = 0;
                window.Notification = class extends EventTarget {
                    static permission = permission;
                    static async requestPermission() {
                        window.asked += 1;
                        return (this.permission = answer);
                    }
                    constructor(title, options) {
                        super();
                        Object.assign(this, { title, isClosed: false }, options);
                        window.notes.push(this);
                    }
                    close() {
                        this.isClosed = true;
                    }
                };
                const { start } = OscillatorNode.prototype;
                OscillatorNode.prototype.start = function (...when) {
                    window.tones += 1;
                    return start.apply(this, when);
                };
            },
            [permission, answer],
        );
}

const notes = (person) => person.page.evaluate(() => window.notes.map(({ title, body }) => `${title}: ${body}`));
const hasNotes = (person, count) => person.waitFor((wanted) => window.notes.length === wanted, count);
const everyMessage = (person) => person.page.getByRole('checkbox', { name: 'Every message here' });
const openMenu = (person) => person.page.getByRole('button', { name: 'Menu' }).click();

/** Somebody who wants to know of every message in the room, and looks away. */
async function away(room, options) {
    const ann = await here.enter({ name: 'Ann', room, prepare: noting(options) });
    await openMenu(ann);
    await everyMessage(ann).check();
    await ann.page.keyboard.press('Escape');
    await ann.look(false);
    await caughtUp(ann, room);
    return ann;
}

/** What comes in a page's first moment counts as missed, and is none. Waits until that is over. */
async function caughtUp(person, room) {
    for (let tries = 0; tries < 8; tries += 1) {
        await publish(here.server, room, 'anybody?', 'Bo');
        const noted = person.page.waitForFunction(() => window.notes.length > 0, undefined, { timeout: 5000 });
        if (!(await noted.catch(() => undefined))) continue;
        await person.look(true);
        await person.look(false); // and nothing is unread
        await person.page.evaluate(() => (window.notes = []) && (window.tones = 0));
        return;
    }
    assert.fail('no notification');
}

/** By then what was published before would have been notified of: this is, being for Ann. */
async function mentioned(person, room, text, count) {
    await publish(here.server, room, `@Ann ${text}`, 'Bo');
    await hasNotes(person, count);
    assert.equal((await notes(person)).at(-1), `Bo in ${room}: @Ann ${text}`);
}

test('the browser is asked when one wants to be notified, not before', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'asked', prepare: noting({ permission: 'default' }) });
    await openMenu(ann);
    assert.equal(await ann.page.evaluate(() => window.asked), 0);
    assert.equal(await everyMessage(ann).isChecked(), false);
    await everyMessage(ann).check();
    assert.equal(await ann.page.evaluate(() => window.asked), 1);
    await ann.page.reload();
    await ann.state('live');
    await openMenu(ann);
    assert.equal(await everyMessage(ann).isChecked(), false, 'the browser has forgotten its answer');
});

test('where the browser allows none, the menu says so', async () => {
    const prepare = noting({ permission: 'default', answer: 'denied' });
    const ann = await here.enter({ name: 'Ann', room: 'denied', prepare });
    await openMenu(ann);
    await everyMessage(ann).click();
    await ann.page.getByText('The browser does not let this site show notifications.').waitFor();
    assert.equal(await everyMessage(ann).isChecked(), false);
    await ann.page.keyboard.press('Escape');
    await ann.look(false);
    await publish(here.server, 'denied', 'hello @Ann', 'Bo');
    await ann.waitFor(() => document.title === '(1) denied · anteroom');
    assert.deepEqual(await notes(ann), []);
});

test('a message while the tab is away, and a click that leads to it', async () => {
    const ann = await away('away');
    await publish(here.server, 'away', 'is **anybody** there?', 'Bo');
    await hasNotes(ann, 1);
    assert.deepEqual(await notes(ann), ['Bo in away: is anybody there?']);
    await ann.look(true);
    await ann.page.getByLabel('Go to a room').fill('elsewhere');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: 'elsewhere' }).waitFor();
    const click = (text) =>
        ann.page.evaluate((wanted) => {
            window.notes.find(({ body }) => body === wanted).dispatchEvent(new Event('click'));
        }, text);
    await click('is anybody there?');
    await ann.page.getByRole('heading', { name: 'away' }).waitFor();
    await ann.page.locator('.message.found', { hasText: 'is anybody there?' }).waitFor();
    assert.equal(await ann.page.evaluate(() => window.notes[0].isClosed), true);

    await ann.look(false);
    await publishMany(here.server, 'away', 60);
    await publish(here.server, 'away', 'the last of many', 'Bo');
    await ann.waitFor(() => window.notes.at(-1).body === 'the last of many');
    await click('the last of many');
    const found = ann.page.locator('.message.found', { hasText: 'the last of many' });
    await found.waitFor();
    await ann.look(true);
    await ann.waitFor(() => document.title === 'away · anteroom');
    assert.ok(await found.evaluate((node) => node.getBoundingClientRect().bottom <= innerHeight), 'it stays in view');
    assert.ok(await found.evaluate((node) => node.getBoundingClientRect().top >= 0));
});

test('not what is seen at once, nor reactions, nor one’s own; each room has its own choice', async () => {
    const ann = await away('choice');
    await ann.look(true);
    const { id } = await publish(here.server, 'choice', 'seen', 'Bo');
    await ann.sees('seen');
    await ann.look(false);
    await publish(here.server, 'choice', { type: 'reaction', to: id, emoji: '👍' }, 'Bo');
    await publish(here.server, 'choice', 'from my phone', 'Ann');
    await mentioned(ann, 'choice', 'one', 1);

    await ann.look(true);
    await ann.page.getByLabel('Go to a room').fill('other');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: 'other' }).waitFor();
    await ann.page.locator('#older-messages').waitFor();
    await openMenu(ann);
    assert.equal(await everyMessage(ann).isChecked(), false);
    await ann.page.keyboard.press('Escape');
    await publish(here.server, 'choice', 'in the room before', 'Bo');
    await hasNotes(ann, 2);
    await ann.look(false);
    await publish(here.server, 'other', 'not for anybody', 'Bo');
    await mentioned(ann, 'other', 'two', 3);
    const { id: mine } = await publish(here.server, 'other', 'I think so', 'Ann');
    const quote = { from: 'Ann', text: 'I think so' };
    await publish(here.server, 'other', { type: 'reply', to: mine, text: 'so do I', quote }, 'Bo');
    await hasNotes(ann, 4);
    assert.equal((await notes(ann)).at(-1), 'Bo in other: so do I');
});

test('two tabs: what one of them shows is no notification, and what none shows is one', async () => {
    const ann = await away('two tabs');
    const other = await here.tab(ann, { room: 'two tabs', prepare: noting() });
    const both = [ann, other];
    const unread = (count) =>
        ann.waitFor((text) => document.title === `${text}two tabs · anteroom`, count ? `(${count}) ` : '');
    const made = async () => {
        const all = await Promise.all(both.map(({ page }) => page.evaluate(() => [window.notes.length, window.tones])));
        return all.reduce(([notes, tones], [more, moreTones]) => [notes + more, tones + moreTones]);
    };
    const isMade = (count) => until(async () => (await made())[0], count, 'notifications');
    await publish(here.server, 'two tabs', 'the other tab is ready', 'Bo');
    await other.sees('the other tab is ready');
    await unread(0); // by the other tab
    const [before] = await made(); // it may have taken its time

    await publish(here.server, 'two tabs', 'seen in the other tab', 'Bo');
    await other.sees('seen in the other tab');
    await other.look(false);
    for (const [number, text] of ['one', 'two', 'three'].entries()) {
        await publish(here.server, 'two tabs', text, 'Bo');
        await isMade(before + number + 1);
        await unread(number + 1);
    }
    assert.deepEqual(await made(), [before + 3, 2 * (before + 3)], 'one sound, of two tones, for each');
    const texts = (await Promise.all(both.map(notes))).flat();
    assert.equal(texts.includes('Bo in two tabs: seen in the other tab'), false);
});

test('the sound can be turned off', async () => {
    const ann = await away('sound');
    await publish(here.server, 'sound', 'with a sound', 'Bo');
    await hasNotes(ann, 1);
    assert.equal(await ann.page.evaluate(() => window.tones), 2);
    await openMenu(ann);
    await ann.page.getByRole('checkbox', { name: 'With a sound' }).uncheck();
    await ann.page.keyboard.press('Escape');
    await publish(here.server, 'sound', 'without', 'Bo');
    await hasNotes(ann, 2);
    assert.equal(await ann.page.evaluate(() => window.tones), 2);
    await ann.page.reload();
    await ann.state('live');
    await openMenu(ann);
    assert.equal(await ann.page.getByRole('checkbox', { name: 'With a sound' }).isChecked(), false);
});

test('the title counts what is unread, and the icon shows it', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'icon' });
    const icon = (name) => ann.waitFor((file) => document.querySelector('link[rel=icon]').href.endsWith(file), name);
    await icon('/icon.svg');
    await ann.look(false);
    await publish(here.server, 'icon', 'one', 'Bo');
    await publish(here.server, 'icon', 'two', 'Bo');
    await ann.waitFor(() => document.title === '(2) icon · anteroom');
    await icon('/icon-unread.svg');
    const answer = await ann.page.evaluate(
        async () => (await fetch(document.querySelector('link[rel=icon]').href)).status,
    );
    assert.equal(answer, 200);
    await ann.look(true);
    await ann.waitFor(() => document.title === 'icon · anteroom');
    await icon('/icon.svg');
});
