// Where one looks: unread messages in the title, the line above what is new, the place in the list, and a list that stays small.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const here = pageFixture(['--history-messages', '2000']);

const title = (person, text) => person.waitFor((wanted) => document.title === wanted, text);
const distance = (person) => person.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);

/** Until the browser has ended a smooth scroll: the same place for some frames. */
async function stillness(person) {
    await person.log.evaluate(async (log) => {
        for (let same = 0, before = -1; same < 10; before = log.scrollTop) {
            await new Promise(requestAnimationFrame);
            same = log.scrollTop === before ? same + 1 : 0;
        }
    });
}

async function fill(room, count, from = 'Bo') {
    for (let number = 1; number <= count; number += 1) await publish(here.server, room, `line ${number}`, from);
}

test('the title counts what comes while nobody looks, and a line shows where it began', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'unread' });
    await publish(here.server, 'unread', 'seen', 'Bo');
    await ann.sees('seen');
    await title(ann, 'unread · anteroom');

    await ann.look(false);
    await publish(here.server, 'unread', 'one', 'Bo');
    await title(ann, '(1) unread · anteroom');
    await publish(here.server, 'unread', 'from another tab of hers', 'Ann');
    await publish(here.server, 'unread', 'two');
    await title(ann, '(2) unread · anteroom');

    await ann.look(true);
    await title(ann, 'unread · anteroom');
    assert.deepEqual((await ann.rows()).slice(1, 4), ['Bo: seen', '[2 new while you were away]', 'Bo: one']);

    await ann.say('I am back');
    await ann.sees('I am back');
    assert.equal((await ann.page.locator('.divider.new').count()) > 0, false);
});

test('stays at the bottom there, and elsewhere tells of new messages', async () => {
    await fill('scroll', 60);
    const ann = await here.enter({ name: 'Ann', room: 'scroll' });
    await ann.sees('line 60');
    assert.ok((await distance(ann)) < 2, 'opens at the newest');
    await publish(here.server, 'scroll', 'at the bottom', 'Bo');
    await ann.sees('at the bottom');
    assert.ok((await distance(ann)) < 2, 'follows');
    await ann.field.fill('a\nb\nc\nd');
    await ann.waitFor(() => document.querySelector('#text').clientHeight > 80);
    assert.ok((await distance(ann)) < 2, 'a growing text pushes nothing away');
    await ann.field.fill('');
    await ann.page.setViewportSize({ width: 700, height: 400 });
    assert.ok((await distance(ann)) < 2, 'nor does a smaller window');

    await ann.log.hover();
    await ann.page.mouse.wheel(0, -600);
    const jump = ann.page.getByRole('button', { name: 'Latest messages' });
    await jump.waitFor();
    await stillness(ann);
    const top = () => ann.message('line 50').evaluate((node) => node.getBoundingClientRect().top);
    const before = await top();
    await publish(here.server, 'scroll', 'below', 'Bo');
    await publish(here.server, 'scroll', 'below as well', 'Bo');
    await ann.page.getByRole('button', { name: '2 new messages' }).waitFor();
    assert.equal(await top(), before, 'what is being read does not move');

    await ann.page.getByRole('button', { name: '2 new messages' }).click();
    assert.ok((await distance(ann)) < 2);
    await ann.page.locator('#jump').waitFor({ state: 'hidden' });

    await ann.page.mouse.wheel(0, -600);
    await jump.waitFor();
    await ann.say('writing goes to the bottom');
    await ann.sees('writing goes to the bottom');
    assert.ok((await distance(ann)) < 2);
});

test('whoever comes back to more than a screen of messages sees where they begin', async () => {
    await fill('much', 30);
    const ann = await here.enter({ name: 'Ann', room: 'much' });
    await ann.sees('line 30');
    await ann.look(false);
    await fill('much', 40, 'Cay');
    await title(ann, '(40) much · anteroom');
    await ann.look(true);
    await ann.page.getByRole('button', { name: 'Latest messages' }).waitFor();
    const inSight = () =>
        ann.page.locator('.divider.new').evaluate((line) => {
            const [log, box] = [document.querySelector('#log'), line].map((node) => node.getBoundingClientRect());
            return box.top >= log.top && box.bottom < log.top + log.height / 2;
        });
    assert.equal(await inSight(), true);
    await ann.page.reload();
    await ann.state('live');
    await ann.sees('line 40');
    await ann.waitFor(() => {
        const log = document.querySelector('#log');
        return log.scrollHeight - log.clientHeight - log.scrollTop < 2;
    });
});

const tops = (person, text) => person.message(text).evaluate((node) => node.getBoundingClientRect().top);

test('older messages come on scrolling up, above what is being read', async () => {
    await fill('older', 350);
    const ann = await here.enter({ name: 'Ann', room: 'older' });
    await ann.sees('line 350');
    assert.equal(await ann.page.locator('.message').count(), 100);

    let release;
    const held = new Promise((resolve) => (release = resolve));
    await ann.page.route('**/messages?*before=*', async (route) => {
        await held;
        await route.continue();
    });
    await ann.log.evaluate((log) => (log.scrollTop = 200));
    await ann.page.locator('#older-messages button[aria-busy=true]').waitFor();
    await stillness(ann);
    const before = await tops(ann, 'line 260');
    release();
    await ann.sees('line 151');
    assert.ok(Math.abs((await tops(ann, 'line 260')) - before) < 2, 'what is being read does not move');
    assert.equal(await ann.page.locator('.message').count(), 200, 'one page at a time');

    for (const [top, oldest] of [[0, 'line 51'], [0, 'line 1']]) {
        await ann.log.evaluate((log, to) => (log.scrollTop = to), top);
        await ann.sees(oldest);
    }
    await ann.page.getByText('This is where the conversation begins.').waitFor();
    assert.deepEqual(
        await ann.texts(),
        Array.from({ length: 350 }, (_, index) => `line ${index + 1}`),
    );
});

test('older messages are a button away as well, for those who do not scroll', async () => {
    await fill('older by button', 120);
    const ann = await here.enter({ name: 'Ann', room: 'older by button' });
    await ann.sees('line 120');
    const earlier = ann.page.getByRole('button', { name: 'Show earlier messages' });
    await ann.page.route('**/messages?*before=*', (route) => route.abort(), { times: 1 });
    await earlier.focus(); // scrolls there, and that asks already
    await ann.page.locator('#older-messages .words').getByText('The server cannot be reached.').waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.sees('line 1');
    assert.equal(await earlier.isVisible(), false);
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'log', 'the button is gone, the focus is not');
});

test('a very long chat keeps the document small', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'endless' });
    await fill('endless', 700);
    await ann.sees('line 700');
    assert.equal(await ann.page.locator('.message').count(), 500);
    await ann.page.getByRole('button', { name: 'Show earlier messages' }).waitFor({ state: 'attached' });
});

test('an empty room says so', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'empty' });
    await ann.page.getByText('Nobody has said anything here yet.').waitFor();
    await ann.say('first');
    await ann.page.getByText('This is where the conversation begins.').waitFor();
});
