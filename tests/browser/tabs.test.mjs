// Many tabs of one browser: all live over one connection, whichever of them comes and goes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish, subscribersOf, until } from './server.mjs';

const here = pageFixture();

const connections = (room) => subscribersOf(here.server, room);
const oneConnection = (room) => until(() => connections(room), 1, `polls and streams in ${room}`);

/** So many tabs of one browser in one room, all live. */
async function tabsOf(name, room, count, options) {
    const tabs = [await here.enter({ name, room, ...options })];
    while (tabs.length < count) tabs.push(await here.tab(tabs[0], { room }));
    await oneConnection(room);
    return tabs;
}

/** The rows without the line of what is new: a tab that was opened a moment ago may take the first message for that. */
const rowsOf = async (tab) => (await tab.rows()).filter((row) => !row.includes('while you were away'));

const holds = (tab) => tab.page.locator('#connection .in-use').textContent();

async function leaderOf(tabs) {
    const said = await Promise.all(tabs.map(holds));
    const leaders = tabs.filter((_, index) => said[index].includes('This tab holds the connection'));
    assert.equal(leaders.length, 1, said.join('\n'));
    return leaders[0];
}

for (const transport of ['sse', 'websocket', 'poll']) {
    test(`ten tabs are live over one connection (${transport})`, async () => {
        const room = `ten-${transport}`;
        const tabs = await tabsOf('Ann', room, 10, { transport });
        const asked = [];
        for (const { page } of tabs) {
            page.on('request', (request) => /subscribe/.test(request.url()) && asked.push(page));
            page.on('websocket', () => asked.push(page));
        }
        for (const text of ['one', 'two', 'three']) {
            await publish(here.server, room, text, 'Bo');
            for (const tab of tabs) await tab.sees(text);
        }
        await tabs[9].say('from a tab that follows');
        for (const tab of tabs) await tab.sees('from a tab that follows');
        for (const tab of tabs) {
            assert.deepEqual(await tab.texts(), ['one', 'two', 'three', 'from a tab that follows']);
        }
        await oneConnection(room);
        const leader = await leaderOf(tabs);
        assert.ok(
            asked.every((page) => page === leader.page),
            'only the tab that leads asks',
        );
    });
}

test('tabs in different rooms share the connection, too', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'upstairs' });
    const second = await here.tab(ann, { room: 'downstairs' });
    await publish(here.server, 'downstairs', 'who is at the door?', 'Bo');
    await second.sees('who is at the door?');
    await publish(here.server, 'upstairs', 'what is that noise?', 'Bo');
    await ann.sees('what is that noise?');
    for (const room of ['upstairs', 'downstairs']) await oneConnection(room);
});

test('the tab that holds the connection is closed: the others stay live at once, and miss nothing', async () => {
    const tabs = await tabsOf('Ann', 'closing', 4);
    let count = 0;
    while (tabs.length > 1) {
        const leader = await leaderOf(tabs);
        tabs.splice(tabs.indexOf(leader), 1);
        await publish(here.server, 'closing', `${(count += 1)} before`, 'Bo');
        await leader.page.close();
        const closed = Date.now();
        await publish(here.server, 'closing', `${count} after`, 'Bo');
        for (const tab of tabs) await tab.sees(`${count} after`);
        assert.ok(Date.now() - closed < 3000, 'at once');
        await oneConnection('closing');
    }
    const said = [1, 2, 3].flatMap((number) => [`Bo: ${number} before`, `Bo: ${number} after`]);
    assert.deepEqual(await rowsOf(tabs[0]), ['[Today]', ...said]);
});

test('the server is restarted: every tab recovers, and shows the gap once', async () => {
    const tabs = await tabsOf('Ann', 'restarting', 3);
    await publish(here.server, 'restarting', 'before', 'Bo');
    for (const tab of tabs) await tab.sees('before');
    await here.restart('SIGKILL');
    for (const tab of tabs) await tab.page.locator('.gap').waitFor();
    for (const tab of tabs) await tab.state('live');
    await publish(here.server, 'restarting', 'after', 'Bo');
    for (const tab of tabs) {
        await tab.sees('after');
        const gap = '[Messages may be gone. The server was restarted.]';
        assert.deepEqual(await rowsOf(tab), ['[Today]', 'Bo: before', gap, 'Bo: after']);
    }
    await oneConnection('restarting');
});

test('what one tab has shown is read in the others; rooms joined and left in one are so in all', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'first' });
    const second = await here.tab(ann, { room: 'second' });
    await ann.room('second').waitFor();
    await second.page.locator('#joined a').nth(1).waitFor();
    await second.look(false);
    await publish(here.server, 'first', 'hello', 'Bo');
    await ann.sees('hello');
    await publish(here.server, 'second', 'nobody looks', 'Bo');
    await ann.room('second', { unread: 1 }).waitFor();
    await second.look(true);
    await ann.room('second', { unread: 1 }).waitFor({ state: 'detached' });
    await second.waitFor(() => document.title === 'second · anteroom'); // first was read in the other tab

    await second.page.getByRole('button', { name: 'Leave first' }).click();
    await second.room('first').waitFor({ state: 'detached' });
    assert.equal(await ann.room('first').isVisible(), true, 'it is shown there');
});

test('a name that one tab changes is changed in all', async () => {
    const tabs = await tabsOf('Ann', 'naming', 2);
    await tabs[0].page.getByRole('button', { name: /Your name: Ann/ }).click();
    await tabs[0].page.getByLabel('Name', { exact: true }).fill('Lee');
    await tabs[0].page.keyboard.press('Enter');
    await tabs[1].page.getByRole('button', { name: /Your name: Lee/ }).waitFor();
    await oneConnection('naming');
    await tabs[1].say('it is me');
    for (const tab of tabs) await tab.sees('it is me');
    assert.deepEqual((await tabs[0].rows()).at(-1), 'Lee: it is me');
});
