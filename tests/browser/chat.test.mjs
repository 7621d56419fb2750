// Conversations: what one says the others see, at once, in one order, also those who come later.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const here = pageFixture();

test('two pages in a room chat, a third joins later and sees the history', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'kitchen' });
    const bo = await here.enter({ name: 'Bo', room: 'kitchen' });
    const said = [];
    for (const [person, other, text] of [
        [ann, bo, 'hello'],
        [bo, ann, 'hello Ann'],
        [ann, bo, 'tea?'],
        [ann, bo, 'or coffee?'],
        [bo, ann, 'hello'],
    ]) {
        await person.say(text);
        said.push(`${person === ann ? 'Ann' : 'Bo'}: ${text}`);
        await other.waitFor(
            (count) => document.querySelectorAll('.message[data-status=settled]').length === count,
            said.length,
        );
    }
    const asked = [];
    const prepare = async (page) =>
        page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1)));
    const cay = await here.enter({ name: 'Cay', room: 'kitchen', prepare });
    await cay.sees('or coffee?');
    const order = asked.filter((what) => what === 'messages' || what === 'subscribe');
    assert.equal(order[0], 'messages', 'history first');
    for (const person of [ann, bo, cay]) assert.deepEqual(await person.rows(), ['[Today]', ...said]);

    await cay.say('both');
    for (const person of [ann, bo, cay]) {
        await person.sees('both');
        assert.equal((await person.rows()).at(-1), 'Cay: both');
    }
});

test('all talk at once: everyone sees all of it once, in the room’s order', async () => {
    const names = ['Ann', 'Bo'];
    const both = [];
    for (const name of names) both.push(await here.enter({ name, room: 'noisy' }));
    await Promise.all(
        both.map(async (person, index) => {
            for (let count = 1; count <= 15; count += 1) await person.say(`${names[index]} ${count}`);
        }),
    );
    for (const person of both)
        await person.waitFor(() => document.querySelectorAll('.message[data-status=settled]').length === 30);
    const [first, second] = await Promise.all(both.map((person) => person.texts()));
    assert.deepEqual(first, second);
    assert.equal(new Set(first).size, 30);
    for (const name of names) {
        const own = first.filter((text) => text.startsWith(name));
        assert.deepEqual(
            own,
            Array.from({ length: 15 }, (_, index) => `${name} ${index + 1}`),
            'as it was written',
        );
    }
});

test('rooms are apart, and another is easy to reach', async () => {
    await publish(here.server, 'attic', 'dusty here', 'Zoe');
    const ann = await here.enter({ name: 'Ann', room: 'cellar' });
    await publish(here.server, 'attic', 'still dusty', 'Zoe');
    await ann.say('cold here');
    await ann.sees('cold here');
    assert.deepEqual(await ann.texts(), ['cold here']);

    await ann.page.getByRole('link', { name: 'attic' }).click();
    await ann.sees('still dusty');
    assert.equal(new URL(ann.page.url()).pathname, '/room/attic');
    assert.deepEqual(await ann.texts(), ['dusty here', 'still dusty']);

    await ann.page.getByLabel('Go to a room').fill(' #a / b');
    await ann.page.getByLabel('Go to a room').press('Enter');
    await ann.page.getByText('cannot have a /').waitFor();
    await ann.page.getByLabel('Go to a room').fill('#günther & co?');
    await ann.page.getByRole('button', { name: 'Go', exact: true }).click();
    await ann.page.getByRole('heading', { name: 'günther & co?' }).waitFor();
    await ann.state('live');
    await ann.say('anybody?');
    await ann.sees('anybody?');
    assert.equal(await ann.page.getByRole('link', { name: 'günther & co?' }).getAttribute('aria-current'), 'page');
    await ann.page.goBack();
    await ann.sees('still dusty');
});

test('the address without a room is the lobby', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'elsewhere' });
    await ann.page.goto(`${here.server.url}/`);
    await ann.state('live');
    await ann.say('hello lobby');
    await ann.sees('hello lobby');
    const bo = await here.enter({ name: 'Bo', room: 'lobby' });
    await bo.sees('hello lobby');
});

test('a name is asked when one first writes, remembered, and can be changed', async () => {
    const ann = await here.enter({ room: 'names' });
    const dialog = ann.page.getByRole('dialog', { name: 'What is your name?' });
    assert.equal(await dialog.isVisible(), false);
    await ann.say('one');
    await dialog.waitFor();
    await ann.page.getByLabel('Name', { exact: true }).fill('   ');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByText('at least one character').waitFor();
    await ann.page.getByLabel('Name', { exact: true }).fill('  Ann   Lee ');
    await ann.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await ann.sees('one');

    await ann.page.reload();
    await ann.state('live');
    assert.equal(await dialog.isVisible(), false);
    await ann.say('two');
    await ann.sees('two');

    await ann.page.getByRole('button', { name: /Your name: Ann Lee/ }).click();
    await ann.page.getByLabel('Name', { exact: true }).fill('Lee');
    await ann.page.getByRole('button', { name: 'Use this name' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await ann.say('three');
    await ann.sees('three');
    assert.deepEqual((await ann.rows()).slice(1), ['Ann Lee: one', 'Ann Lee: two', 'Lee: three']);
});

test('one may only read; writing asks for the name and then sends', async () => {
    const ann = await here.enter({ room: 'readers' });
    await publish(here.server, 'readers', 'a notice');
    await ann.sees('a notice');
    await ann.say('who wrote this?');
    await ann.page.getByRole('button', { name: 'Not now' }).click();
    assert.equal(await ann.field.inputValue(), 'who wrote this?');
    await ann.field.press('Enter');
    await ann.page.getByLabel('Name', { exact: true }).fill('Ann');
    await ann.page.keyboard.press('Enter');
    await ann.sees('who wrote this?');
    assert.deepEqual((await ann.rows()).slice(1), ['anonymous: a notice', 'Ann: who wrote this?']);
    assert.equal(await ann.field.inputValue(), '');
});

test('where storage is forbidden the page works, and asks again next time', async () => {
    const forbid = (page) =>
        page.addInitScript(() => {
            Object.defineProperty(window, 'localStorage', {
                get() {
                    throw new DOMException('The operation is insecure.', 'SecurityError');
                },
            });
        });
    const ann = await here.enter({ room: 'private', prepare: forbid });
    await ann.say('nothing is kept');
    await ann.page.getByLabel('Name', { exact: true }).fill('Ann');
    await ann.page.keyboard.press('Enter');
    await ann.sees('nothing is kept');
    await ann.page.reload();
    await ann.say('who was I?');
    await ann.page.getByRole('dialog').waitFor();
});
