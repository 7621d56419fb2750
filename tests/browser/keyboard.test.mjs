// Without a mouse, with a screen reader, on a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const here = pageFixture();

const focused = (page) =>
    page.evaluate(() => {
        const node = document.activeElement;
        return (
            node.getAttribute('aria-label') ?? (node.labels?.[0]?.innerText || node.innerText?.trim() || node.tagName)
        );
    });

/** Presses Tab until the element with that label has the focus. */
async function tabTo(page, label, key = 'Tab') {
    for (let press = 0; press < 40; press += 1) {
        if ((await focused(page)) === label) return;
        await page.keyboard.press(key);
    }
    assert.fail(`Tab does not lead to '${label}'`);
}

test('with the keyboard only: message, name, take back, another room', async () => {
    await publish(here.server, 'second room', 'hello from the second', 'Bo');
    const { page, ...ann } = await here.enter({ room: 'keys' });
    assert.equal(await focused(page), 'Message', 'one can write at once');
    await page.keyboard.type('one');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    assert.equal(await focused(page), 'Name', 'the question has the focus');
    await page.keyboard.type('Ann');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await ann.sees('one');
    await page.waitForFunction(() => document.activeElement.id === 'text');
    assert.equal(await focused(page), 'Message', 'one can go on writing');

    await page.route('**/publish*', (route) => route.abort());
    await page.keyboard.type('two');
    await page.keyboard.press('Enter');
    await page.getByText('No answer yet.').waitFor();
    await page.keyboard.type('three');
    await page.keyboard.press('Enter');
    await page.getByText('Waiting to be sent.').waitFor();
    await tabTo(page, 'Take back', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'text');
    assert.equal(await focused(page), 'Message', 'the button is gone, the focus is not');
    await page.unroute('**/publish*');
    await page.keyboard.press('Enter');
    await ann.sees('three');
    assert.deepEqual(await ann.texts(), ['one', 'two', 'three']);

    await tabTo(page, 'Your name: Ann. Change it', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.id === 'text');

    await tabTo(page, 'Go to a room', 'Shift+Tab');
    await page.keyboard.type('second room');
    await page.keyboard.press('Enter');
    await ann.sees('hello from the second');
});

test('the list can be reached and scrolled', async () => {
    for (let number = 1; number <= 60; number += 1) await publish(here.server, 'scrolling', `line ${number}`, 'Bo');
    const { page, ...ann } = await here.enter({ name: 'Ann', room: 'scrolling' });
    await ann.sees('line 60');
    await tabTo(page, 'Messages', 'Shift+Tab');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.querySelector('#log').scrollTop === 0);
    await tabTo(page, 'Latest messages');
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'Messages', 'the button is gone, the focus is not');
});

test('every stop of the keyboard can be seen', async () => {
    const { page } = await here.enter({ name: 'Ann', room: 'keys' });
    const stops = new Set();
    for (let press = 0; press < 20; press += 1) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(() => {
            const node = document.activeElement;
            if (node === document.body) return undefined; // the browser's own controls
            const style = getComputedStyle(node);
            const box = node.getBoundingClientRect();
            const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
            return { what: node.id || node.innerText || node.tagName, seen, size: box.width * box.height };
        });
        if (!stop) continue;
        stops.add(stop.what);
        assert.ok(stop.seen && stop.size > 100, `${JSON.stringify(stop)} has no visible focus`);
    }
    for (const needed of ['log', 'own-name', 'text', 'room-name']) assert.ok(stops.has(needed), needed);
});

test('says what it is to a screen reader', async () => {
    const { page, ...ann } = await here.enter({ name: 'Ann', room: 'heard' });
    await ann.say('one');
    await ann.sees('one');
    await ann.say('two');
    await ann.sees('two');
    for (const [role, name] of [
        ['log', 'Messages'],
        ['textbox', 'Message'],
        ['button', 'Send'],
        ['heading', 'heard'],
        ['main', undefined],
        ['navigation', 'Rooms'],
    ]) {
        await page.getByRole(role, { name, exact: true }).waitFor();
    }
    assert.equal(await ann.log.getAttribute('aria-live'), 'polite');
    assert.equal(await ann.log.getAttribute('aria-relevant'), 'additions');
    const heard = await ann.message('two').ariaSnapshot();
    assert.match(heard, /Ann/, 'who speaks is said with every message');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
});

test('a message is added to the log once: settling it changes it in place', async () => {
    const { page, ...ann } = await here.enter({ name: 'Ann', room: 'once' });
    await page.evaluate(() => {
        window.added = [];
        new MutationObserver((changes) => {
            for (const { addedNodes } of changes) {
                for (const node of addedNodes)
                    if (node.matches?.('.message')) window.added.push(node.querySelector('.body').innerText);
            }
        }).observe(document.querySelector('#messages'), { childList: true });
    });
    await ann.say('once');
    await ann.sees('once');
    await publish(here.server, 'once', 'later', 'Bo');
    await ann.sees('later');
    assert.deepEqual(await page.evaluate(() => window.added), ['once', 'later']);
});

test('on a phone: rooms behind a button, Enter makes a new line, the button sends', async () => {
    const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await publish(here.server, 'pocket', 'hello', 'Bo');
    const { page, ...ann } = await here.enter({ name: 'Ann', room: 'phone', context });
    await ann.field.tap();
    await page.keyboard.type('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    assert.equal(await ann.field.inputValue(), 'one\ntwo');
    await page.getByRole('button', { name: 'Send' }).tap();
    await ann.sees('one\ntwo');

    assert.equal(await page.getByRole('link', { name: 'pocket' }).isVisible(), false);
    await page.getByRole('button', { name: 'Rooms' }).tap();
    await page.getByRole('link', { name: 'pocket' }).tap();
    await ann.sees('hello');
    const sizes = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        innerWidth,
        document.body.scrollHeight,
        innerHeight,
    ]);
    assert.deepEqual([sizes[0], sizes[2]], [sizes[1], sizes[3]]);
});
