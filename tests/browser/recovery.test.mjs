// The server goes away and comes back, the network fails: pages say so, recover by themselves, and hide no gap.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { hanging, publish, startNetwork } from './server.mjs';

const KEPT = 10;
const here = pageFixture(['--history-messages', String(KEPT), '--allow-delete']);
const RESTARTED = '[Messages may be gone. The server was restarted.]';

for (const signal of ['SIGTERM', 'SIGKILL']) {
    test(`the server is restarted (${signal}): both pages recover and keep chatting`, async () => {
        const room = `restart-${signal}`;
        const ann = await here.enter({ name: 'Ann', room });
        const bo = await here.enter({ name: 'Bo', room });
        await ann.say('before');
        for (const person of [ann, bo]) await person.sees('before');

        const code = await here.restart(signal);
        assert.equal(code, signal === 'SIGTERM' ? 0 : 'SIGKILL');
        for (const person of [ann, bo]) await person.page.locator('.gap').waitFor();
        for (const person of [ann, bo]) await person.state('live');

        await bo.say('after');
        await ann.sees('after');
        await ann.say('indeed');
        await bo.sees('indeed');
        for (const person of [ann, bo]) {
            assert.deepEqual(await person.rows(), ['[Today]', 'Ann: before', RESTARTED, 'Bo: after', 'Ann: indeed']);
        }
    });
}

test('while the server is away the page says so, keeps what is written, and comes back', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'away' });
    await ann.say('before');
    await ann.sees('before');
    await here.server.stop();
    await ann.page.getByText('The server cannot be reached.').waitFor();
    await ann.page
        .getByText(/Reconnecting/)
        .first()
        .waitFor();
    await ann.page.getByRole('status').getByText('Connection lost.').waitFor();
    await ann.say('into the void');
    await ann.say('and on');
    await ann.page.getByText('Waiting to be sent.').nth(1).waitFor();

    await here.restart();
    await ann.page
        .getByRole('button', { name: 'Try now' })
        .click({ timeout: 2000 })
        .catch(() => {}); // it may have been faster
    await ann.state('live');
    assert.equal(await ann.page.locator('#notice').isVisible(), false);
    await ann.page.getByRole('status').getByText('Connected again.').waitFor();
    await ann.sees('and on');
    assert.deepEqual(await ann.rows(), ['[Today]', 'Ann: before', RESTARTED, 'Ann: into the void', 'Ann: and on']);
});

test('a page that is opened while the server is away shows the history when it is back', async () => {
    const { server } = here;
    await publish(server, 'early', 'gone with the restart', 'Bo');
    const opened = here.enter({
        name: 'Ann',
        room: 'early',
        prepare: (page) => page.route('**/messages*', (route) => route.abort(), { times: 2 }),
    });
    const ann = await opened;
    await ann.sees('gone with the restart');
    assert.equal(await ann.page.locator('.gap').count(), 0);
});

test('messages that were evicted meanwhile are counted, where they are missing', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'gap', transport: 'poll' });
    await hanging(here.server, 'gap');
    await publish(here.server, 'gap', 'message 0', 'Bo');
    await ann.sees('message 0');
    let asked = 0;
    await ann.page.route('**/subscribe*', (route) => {
        asked += 1;
        return route.abort();
    });
    await publish(here.server, 'gap', 'message 1', 'Bo'); // ends the poll that hangs; the next ones fail
    await ann.sees('message 1');
    for (let number = 2; number <= 28; number += 1) await publish(here.server, 'gap', `message ${number}`, 'Bo');
    await ann.page.locator('#connection-status[data-state=waiting]').waitFor();
    await ann.page.unroute('**/subscribe*');
    await ann.sees('message 28');
    const held = Array.from({ length: KEPT }, (_, index) => `Bo: message ${19 + index}`);
    const missed = '[17 messages are gone. The server no longer keeps them.]';
    assert.deepEqual(await ann.rows(), ['[Today]', 'Bo: message 0', 'Bo: message 1', missed, ...held]);
    assert.ok(asked > 0);
});

test('Retry-After of a draining server is obeyed', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'draining', transport: 'poll' });
    await hanging(here.server, 'draining');
    let polls = 0;
    await ann.page.route('**/subscribe*', async (route) => {
        polls += 1;
        const answer = await route.fetch();
        const body = { ...(await answer.json()), draining: true };
        await route.fulfill({ response: answer, headers: { 'Retry-After': '600' }, json: body });
    });
    await publish(here.server, 'draining', 'one', 'Bo');
    await publish(here.server, 'draining', 'two', 'Bo');
    await ann.sees('two');
    await ann.page.getByText(/back in (600|601) s/).waitFor();
    assert.equal(polls, 1);
});

test('an error that only repeats itself stops the page, with its reason, until one tries again', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'forbidden', transport: 'poll' });
    await hanging(here.server, 'forbidden');
    let polls = 0;
    await ann.page.route('**/subscribe*', (route) => {
        polls += 1;
        const problem = { status: 403, title: 'Forbidden', detail: 'this room wants a token' };
        return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await publish(here.server, 'forbidden', 'one', 'Bo');
    await ann.page.getByText('This room wants a token.', { exact: true }).waitFor();
    assert.equal(polls, 1);
    await ann.page.unroute('**/subscribe*');
    await publish(here.server, 'forbidden', 'two', 'Bo');
    await ann.page.getByRole('button', { name: 'Try again' }).click();
    await ann.sees('two');
    assert.deepEqual(await ann.texts(), ['one', 'two']);
});

for (const transport of ['sse', 'websocket', 'poll']) {
    test(`offline and back: the page says so, and shows what came meanwhile (${transport})`, async () => {
        const room = `offline-${transport}`;
        const network = await startNetwork(here.server);
        const ann = await here.enter({ name: 'Ann', room, transport, network });
        await publish(here.server, room, 'before', 'Bo');
        await ann.sees('before');
        await ann.profile.setOffline(true);
        await network.cut();
        await publish(here.server, room, 'meanwhile', 'Bo');
        await ann.page.locator('#connection-status .words', { hasText: 'Offline' }).waitFor();
        await ann.page.getByText('You seem to be offline.').waitFor();
        await publish(here.server, room, 'and more', 'Bo');
        await network.mend();
        await ann.profile.setOffline(false); // the page hears of it, and tries at once
        await ann.state('live');
        await ann.sees('and more');
        await publish(here.server, room, 'after', 'Bo');
        await ann.sees('after');
        assert.deepEqual(await ann.texts(), ['before', 'meanwhile', 'and more', 'after']);
        assert.equal(await ann.page.locator('.gap').count(), 0);
        await network.cut();
    });
}

test('a room that is emptied says so, and goes on', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'emptied' });
    await ann.say('before');
    await ann.sees('before');
    const answer = await fetch(`${here.server.url}/room/emptied`, { method: 'DELETE' });
    assert.equal(answer.status, 204);
    await ann.page.locator('.gap', { hasText: 'The room was emptied.' }).waitFor();
    await ann.say('after');
    await ann.sees('after');
    assert.deepEqual(await ann.texts(), ['before', 'after']);
    assert.equal(await ann.page.locator('.gap').count(), 1);

    await ann.page.reload();
    await ann.state('live');
    await ann.sees('after');
    assert.deepEqual(await ann.rows(), ['[Today]', 'Ann: after']);
});
