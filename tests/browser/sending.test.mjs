// One's own message: pending at once, settled by its id, never twice, and sent again after a failure.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { hanging, heldBy, publish } from './server.mjs';

const here = pageFixture();
const PUBLISH = '**/publish*';

/** Something that is held until the test opens it. */
function gate() {
    let open;
    const opened = new Promise((resolve) => (open = resolve));
    return { opened, open };
}

/** The server gets POSTs at once, the page their answers when the gate opens. */
async function holdAnswers(page) {
    const { opened, open } = gate();
    await page.route(PUBLISH, async (route) => {
        const response = await route.fetch();
        await opened;
        await route.fulfill({ response });
    });
    return { release: () => Promise.all([page.waitForResponse(PUBLISH), open()]) };
}

/** Polls after the one that hangs reach the server when the gate opens. For people whose transport is the long poll. */
async function holdPolls(page, room) {
    await hanging(here.server, room);
    const { opened, open } = gate();
    await page.route('**/subscribe*', async (route) => {
        await opened;
        await route.continue();
    });
    return { release: open };
}

const status = (person, text) => person.message(text).first().getAttribute('data-status');

test('is pending at once, and settled when the server has it', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'pending' });
    const { opened, open } = gate();
    await ann.page.route(PUBLISH, async (route) => {
        await opened;
        await route.continue();
    });
    await ann.say('is anybody there?');
    assert.equal(await status(ann, 'is anybody there?'), 'sending');
    await ann.page.getByText('Sending…').waitFor();
    assert.equal(await ann.field.inputValue(), '');
    open();
    await ann.sees('is anybody there?');
    assert.deepEqual(await ann.texts(), ['is anybody there?']);
});

test('is shown once when the poll is faster than the answer', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'poll-first' });
    const answers = await holdAnswers(ann.page);
    await ann.say('quick');
    await ann.sees('quick'); // by the poll: the answer is still out
    await answers.release();
    await publish(here.server, 'poll-first', 'after it', 'Bo');
    await ann.sees('after it');
    assert.deepEqual(await ann.texts(), ['quick', 'after it']);
});

test('is shown once when the answer is faster than the poll', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'answer-first', transport: 'poll' });
    const polls = await holdPolls(ann.page, 'answer-first');
    await publish(here.server, 'answer-first', 'before it', 'Bo'); // ends the poll that hangs; the next is held
    await ann.sees('before it');
    await ann.say('mine');
    await ann.page.locator('.message[data-status=sent]').waitFor();
    await publish(here.server, 'answer-first', 'after it', 'Bo');
    polls.release();
    await ann.sees('after it');
    assert.deepEqual(await ann.texts(), ['before it', 'mine', 'after it']);
    assert.equal(await status(ann, 'mine'), 'settled');
});

test('the same words from another tab of the same person are another message', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'twice' });
    const { opened, open } = gate();
    await ann.page.route(PUBLISH, async (route) => {
        await opened;
        await route.continue();
    });
    await ann.say('ok');
    await publish(here.server, 'twice', 'ok', 'Ann'); // from the other tab, and faster
    await publish(here.server, 'twice', 'between', 'Bo');
    await ann.sees('between');
    assert.deepEqual(await ann.texts(), ['ok', 'between'], 'so far it looks like the one that was written here');
    open();
    await ann.waitFor(() => document.querySelectorAll('.message[data-status=settled]').length === 3);
    assert.deepEqual(await ann.texts(), ['ok', 'between', 'ok']);
});

test('what the server refuses says why, and can be sent again', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'refused' });
    let refusals = 3; // the page tries as often by itself
    const keys = [];
    await ann.page.route(PUBLISH, (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        if (refusals-- <= 0) return route.continue();
        const problem = {
            status: 503,
            title: 'Service Unavailable',
            detail: 'the server has no memory left; try again later',
        };
        return route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await ann.say('important');
    const reason = 'Not sent. The server has no memory left; try again later.';
    await ann.message('important').getByText(reason).waitFor();
    await ann.page.getByRole('status').getByText('Message not sent.').waitFor();
    await ann.say('also important');
    await ann.sees('also important');
    assert.deepEqual(await ann.texts(), ['also important', 'important'], 'what has no place stays at the end');

    await ann.page.getByRole('button', { name: 'Send again' }).click();
    await ann.sees('important');
    assert.deepEqual(await ann.texts(), ['also important', 'important']);
    assert.deepEqual(
        (await heldBy(here.server, 'refused')).map(({ data }) => data),
        ['also important', 'important'],
    );
    assert.equal(keys.length, 5);
    assert.deepEqual(new Set([keys[0], keys[1], keys[2], keys[4]]).size, 1, 'every try of one message has the same key');
    assert.notEqual(keys[0], keys[3]);
});

test('what never left can be sent again, or discarded', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'offline' });
    await ann.page.route(PUBLISH, (route) => route.abort());
    await ann.say('first');
    await ann.say('second');
    await ann.page.getByText('Not confirmed').nth(1).waitFor();
    await ann.page.unroute(PUBLISH);
    await ann.message('first').getByRole('button', { name: 'Discard' }).click();
    await ann.message('second').getByRole('button', { name: 'Send again' }).click();
    await ann.sees('second');
    assert.deepEqual(await ann.texts(), ['second']);
    assert.deepEqual(
        (await heldBy(here.server, 'offline')).map(({ data }) => data),
        ['second'],
    );
});

test('a message whose answer was lost settles by itself when the poll brings it', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'lost-answer', transport: 'poll' });
    const polls = await holdPolls(ann.page, 'lost-answer');
    await publish(here.server, 'lost-answer', 'before', 'Bo');
    await ann.sees('before');
    await ann.page.route(PUBLISH, async (route) => {
        await route.fetch(); // the server has it
        await route.abort(); // the page does not know
    });
    await ann.say('did it arrive?');
    await ann.page.getByText('Not confirmed: it may have arrived.').waitFor();
    polls.release();
    await ann.sees('did it arrive?');
    assert.deepEqual(await ann.texts(), ['before', 'did it arrive?']);
    assert.equal(await ann.page.getByText('Send again').count(), 0);
});

test('a message that is too long is not sent, and says so', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'long' });
    const most = 'ü'.repeat(32 * 1024);
    await ann.field.fill(`${most}x`);
    await ann.page.getByText('too long. A message has at most 64 KiB').waitFor();
    assert.equal(await ann.page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    await ann.field.press('Enter');
    assert.equal(await ann.page.locator('.message').count(), 0);

    await ann.field.fill(most);
    await ann.field.press('Enter');
    await ann.page.locator('.message[data-status=settled]').waitFor();
    assert.equal((await heldBy(here.server, 'long'))[0].data, most);
    await ann.page.getByRole('button', { name: 'Show the whole message' }).click();
});

test('lines, blanks and empty messages', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'lines' });
    await ann.field.pressSequentially('one');
    await ann.field.press('Shift+Enter');
    await ann.field.pressSequentially('  two ');
    await ann.field.press('Enter');
    await ann.sees('one\n  two');
    await ann.field.fill('  \n ');
    await ann.field.press('Enter');
    await ann.say('three');
    await ann.sees('three');
    assert.deepEqual(
        (await heldBy(here.server, 'lines')).map(({ data }) => data),
        ['one\n  two', 'three'],
    );
});
