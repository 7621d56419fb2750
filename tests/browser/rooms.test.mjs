// In several rooms at once: what is unread where, and the ways from room to room.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const here = pageFixture();

const heading = (person, room) => person.page.getByRole('heading', { name: room, exact: true }).waitFor();

/** Enters each of the rooms; the last one is shown. */
async function inRooms(...rooms) {
    const ann = await here.enter({ name: 'Ann', room: rooms[0] });
    for (const room of rooms.slice(1)) {
        await ann.page.getByLabel('Go to a room').fill(room);
        await ann.page.keyboard.press('Enter');
        await heading(ann, room);
        await ann.page.locator('#older-messages').waitFor();
    }
    return ann;
}

test('unread messages are counted by room, and together in the title', async () => {
    const ann = await inRooms('hall', 'cellar', 'attic');
    await publish(here.server, 'hall', 'one', 'Bo');
    await publish(here.server, 'hall', 'two', 'Bo');
    await publish(here.server, 'hall', 'from my phone', 'Ann');
    await publish(here.server, 'cellar', 'three');
    await ann.room('hall', { unread: 2 }).waitFor();
    await ann.room('cellar', { unread: 1 }).waitFor();
    await ann.waitFor(() => document.title === '(3) attic · anteroom');

    await ann.room('hall').click();
    await ann.sees('two');
    assert.deepEqual(await ann.rows(), [
        '[Today]',
        '[2 new while you were away]',
        'Bo: one',
        'Bo: two',
        'Ann: from my phone',
    ]);
    await ann.waitFor(() => document.title === '(1) hall · anteroom');
    assert.equal(new URL(ann.page.url()).pathname, '/room/hall');
    await ann.page.goBack();
    await heading(ann, 'attic');
    await ann.page.goForward();
    await ann.sees('two');
    assert.equal((await ann.rows()).length, 4, 'the line is gone when one comes back');
});

test('what one is writing stays in its room', async () => {
    const ann = await inRooms('desk', 'shelf');
    await ann.field.fill('for the shelf');
    await ann.room('desk').click();
    await heading(ann, 'desk');
    assert.equal(await ann.field.inputValue(), '');
    await ann.say('for the desk');
    await ann.sees('for the desk');
    await ann.room('shelf').click();
    await heading(ann, 'shelf');
    assert.equal(await ann.field.inputValue(), 'for the shelf');
    await ann.field.press('Enter');
    await ann.sees('for the shelf');
    assert.deepEqual(await ann.texts(), ['for the shelf']);
});

test('a message that is still on its way arrives in its room', async () => {
    const ann = await inRooms('slow', 'fast');
    await ann.room('slow').click();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await ann.page.route('**/publish*', async (route) => {
        await held;
        await route.continue();
    });
    await ann.say('slowly');
    await ann.room('fast').click();
    await heading(ann, 'fast');
    release();
    await ann.room('slow').click();
    await ann.sees('slowly');
    assert.deepEqual(await ann.texts(), ['slowly']);
});

test('a room can be left: it counts no more, and begins anew when one comes back', async () => {
    const ann = await inRooms('stay', 'go');
    await ann.say('hello');
    await ann.sees('hello');
    await ann.page.getByRole('button', { name: 'Leave go' }).click();
    await heading(ann, 'stay');
    await ann.room('go').waitFor({ state: 'detached' });
    await publish(here.server, 'go', 'is anybody there?', 'Bo');
    await publish(here.server, 'stay', 'here we are', 'Bo');
    await ann.sees('here we are');
    assert.equal(await ann.page.title(), 'stay · anteroom');

    await ann.page.getByLabel('Go to a room').fill('go');
    await ann.page.keyboard.press('Enter');
    await ann.sees('is anybody there?');
    assert.deepEqual(await ann.rows(), ['[Today]', 'Ann: hello', 'Bo: is anybody there?']);
});

test('whoever leaves the last room stands in the lobby', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'only' });
    await ann.page.getByRole('button', { name: 'Leave only' }).click();
    await heading(ann, 'lobby');
    await publish(here.server, 'lobby', 'welcome', 'Bo');
    await ann.sees('welcome');
    assert.equal(await ann.page.getByRole('button', { name: 'Leave lobby' }).count(), 1);
});

test('from room to room with the keyboard only', async () => {
    const ann = await inRooms('first', 'second', 'third');
    await ann.page.keyboard.press('Alt+ArrowDown');
    await heading(ann, 'first');
    await ann.page.keyboard.press('Alt+ArrowUp');
    await heading(ann, 'third');
    await ann.page.keyboard.press('Alt+ArrowUp');
    await heading(ann, 'second');
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'text');
    await ann.page.getByRole('status').getByText('Room second').waitFor();

    await ann.room('third').focus();
    await ann.page.keyboard.press('Tab');
    await ann.page.keyboard.press('Enter');
    await ann.room('third').waitFor({ state: 'detached' });
    const focus = await ann.page.evaluate(() => document.activeElement.closest('#rooms') !== null);
    assert.ok(focus, 'the button is gone, the focus is not');
});

test('many rooms at once, after a reload as well', async () => {
    const rooms = Array.from({ length: 12 }, (_, index) => `many ${index + 1}`);
    const ann = await inRooms(...rooms);
    for (const room of rooms) await publish(here.server, room, `to ${room}`, 'Bo');
    for (const room of rooms.slice(0, -1)) await ann.room(room, { unread: 1 }).waitFor();
    await ann.sees('to many 12');
    await ann.page.reload();
    await ann.state('live');
    for (const room of rooms.slice(0, -1)) await ann.room(room, { unread: 1 }).waitFor();
    await ann.waitFor(() => document.title === '(11) many 12 · anteroom');
    await ann.room('many 1').first().click();
    await ann.sees('to many 1');
    assert.deepEqual(await ann.rows(), ['[Today]', '[1 new while you were away]', 'Bo: to many 1']);
});
