// Who is here: the list, and joins and leaves between the messages.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const LEASE = 1000; // ms
const here = pageFixture(['--presence-lease', `${LEASE}ms`]);

const present = (person) => person.page.locator('#people bdi').allInnerTexts();
const isHere = (person, name) => person.page.locator('#people bdi', { hasText: name }).waitFor({ state: 'attached' });
const note = (person, text) => person.page.locator('.note', { hasText: text }).waitFor();

/** Waits until somebody has left another room who polls there once from now on: as long as a lease, by the server's clock. */
async function leaseLater() {
    const ask = async (path) => (await fetch(here.server.url + path, { headers: { Accept: 'application/json' } })).json();
    await ask('/room/clock/subscribe?as=Cy&wait=0');
    for (let after = '0', gone = false; !gone; ) {
        const { messages, next } = await ask(`/room/clock:presence/subscribe?after=${after}`);
        gone = messages.some(({ data }) => data.event === 'leave');
        after = next;
    }
}

test('who comes and goes is listed, and noted between the messages', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'party' });
    await isHere(ann, 'Ann');
    await ann.say('first');
    await ann.sees('first');
    const bo = await here.enter({ name: 'Bo', room: 'party' });
    await note(ann, 'Bo joined');
    await isHere(ann, 'Bo');
    await isHere(bo, 'Ann');
    assert.deepEqual(await present(ann), ['Ann', 'Bo']);
    await bo.say('second');
    await ann.sees('second');
    await bo.page.close();
    await note(ann, 'Bo left');
    await ann.page.locator('#people bdi', { hasText: 'Bo' }).waitFor({ state: 'detached' });
    const order = await ann.page.locator('#messages > :is(.message, .note)').evaluateAll((items) =>
        items.map((item) => (item.matches('.note') ? `(${item.innerText})` : item.querySelector('.body').innerText)),
    );
    assert.deepEqual(order, ['first', '(Bo joined)', 'second', '(Bo left)']);
});

test('oneself is in the list and not in the notes; a reload is no leave', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'reloading' });
    const bo = await here.enter({ name: 'Bo', room: 'reloading' });
    await note(ann, 'Bo joined');
    await isHere(bo, 'Bo');
    await bo.page.reload();
    await bo.state('live');
    await leaseLater(); // by then Bo would have left
    assert.deepEqual(await ann.notes(), ['Bo joined']);
    assert.equal((await bo.notes()).includes('Bo joined'), false);
    assert.deepEqual(await present(bo), ['Ann', 'Bo']);
});

test('a new name is one event, and leaves the old one behind', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'renaming' });
    const bo = await here.enter({ name: 'Bo', room: 'renaming' });
    await note(ann, 'Bo joined');
    await publish(here.server, 'renaming', 'between'); // else the notes become one: Bo came by
    await ann.sees('between');
    await bo.page.getByRole('button', { name: /Your name: Bo/ }).click();
    await bo.page.getByLabel('Name', { exact: true }).fill('Robert');
    await bo.page.keyboard.press('Enter');
    await isHere(ann, 'Robert');
    await ann.page.locator('#people bdi', { hasText: 'Bo' }).waitFor({ state: 'detached' });
    await note(ann, 'Bo is now Robert');
    await ann.say('hello');
    await ann.sees('hello');
    assert.deepEqual(await ann.notes(), ['Bo joined', 'Bo is now Robert'], 'one event, not three');
});

test('who only reads is counted, without a name', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'reading' });
    const reader = await here.enter({ room: 'reading' });
    await isHere(reader, 'Ann');
    await reader.page.getByText('and 1 without a name').waitFor({ state: 'attached' });
    assert.deepEqual(await ann.notes(), []);
});

test('on a narrow screen the list is behind a button, and a key away', async () => {
    const context = { viewport: { width: 390, height: 700 } };
    const ann = await here.enter({ name: 'Ann', room: 'narrow', context });
    await here.enter({ name: 'Bo', room: 'narrow' });
    await isHere(ann, 'Bo');
    assert.equal(await ann.page.locator('#people').isVisible(), false);
    await ann.page.getByRole('button', { name: '2 here' }).focus();
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('complementary', { name: 'Who is here' }).getByText('Bo').waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.page.locator('#people').waitFor({ state: 'hidden' });
});

test('names are text, however they look', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const ann = await here.enter({ name: 'Ann', room: 'strange' });
    await here.enter({ name, room: 'strange' });
    await note(ann, `${name} joined`);
    await isHere(ann, name);
    assert.equal(await ann.page.locator('img').count(), 0);
});

test('the room of joins and leaves is not offered', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'offered' });
    await publish(here.server, 'another', 'x');
    await ann.page.reload();
    await ann.page.getByRole('link', { name: 'another' }).waitFor();
    const links = await ann.page.locator('#rooms a').allInnerTexts();
    assert.equal(links.some((text) => text.includes(':presence')), false);
});
