// One's own message: pending at once, settled by its id, never twice, and sent again after a failure.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { hanging, heldBy, publish } from './server.mjs';

const here = pageFixture();
const PUBLISH = /(?<!%3Atyping)\/publish(\?|$)/; // and neither the module publish.js, nor what says that somebody is typing

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

/** Answers the first `count` publishes with a problem, as the server would. */
async function refuse({ page }, count, problem) {
    const keys = [];
    await page.route(PUBLISH, (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        if (keys.length > count) return route.continue();
        const { status } = problem;
        return route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    return keys;
}

const said = async (room) => (await heldBy(here.server, room)).map(({ data }) => data);

test('what the server refuses says why, and can be sent again', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'refused' });
    const keys = await refuse(ann, 1, { status: 403, title: 'Forbidden', detail: 'this room is closed for today' });
    await ann.say('important');
    await ann.message('important').getByText('Not sent. This room is closed for today.').waitFor();
    await ann.page.getByRole('status').getByText('Message not sent.').waitFor();
    await ann.say('also important');
    await ann.sees('also important');
    assert.deepEqual(await ann.texts(), ['also important', 'important'], 'what has no place stays at the end');

    await ann.page.getByRole('button', { name: 'Send again' }).click();
    await ann.sees('important');
    assert.deepEqual(await ann.texts(), ['also important', 'important']);
    assert.deepEqual(await said('refused'), ['also important', 'important']);
    assert.equal(keys[0], keys[2], 'every try of one message has the same key');
    assert.notEqual(keys[0], keys[1]);
});

test('what the server is too busy for waits, nothing overtakes it, and it goes by itself', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'busy' });
    const keys = await refuse(ann, 3, { status: 503, title: 'Service Unavailable', detail: 'the memory is full' });
    await ann.say('first');
    await ann.message('first').getByText('Waiting to be sent. The memory is full.').waitFor();
    await ann.say('second');
    await ann.message('second').getByText('Waiting to be sent.').waitFor();
    await ann.sees('second');
    assert.deepEqual(await said('busy'), ['first', 'second']);
    assert.equal(new Set(keys).size, 2);
});

test('what waits can be taken back, and is in the composer again', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'taken-back' });
    await ann.page.route(PUBLISH, (route) => route.abort());
    await ann.say('first');
    await ann.say('second');
    await ann.message('second').getByRole('button', { name: 'Take back' }).click();
    assert.equal(await ann.page.locator('#text').inputValue(), 'second');
    await ann.page.locator('#text').fill('');
    // Nobody knows whether the first one has come through.
    await ann.message('first').getByText('No answer yet.').waitFor();
    await ann.message('first').getByRole('button', { name: 'Stop trying' }).click();
    await ann.message('first').getByText('No answer. It may have been published.').waitFor();
    await ann.page.unroute(PUBLISH);
    await ann.say('third');
    await ann.sees('third');
    await ann.message('first').getByRole('button', { name: 'Send again' }).click();
    await ann.sees('first');
    assert.deepEqual(await said('taken-back'), ['third', 'first']);
});

test('what waits and what is not sent outlives a reload, and goes in order, once', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'kept' });
    let lost = 0;
    await ann.page.route(PUBLISH, async (route) => {
        if ((lost += 1) === 1) await route.fetch(); // the server has it, and the page does not know
        await route.abort();
    });
    await ann.say('first');
    await ann.say('second');
    await ann.message('second').getByText('Waiting to be sent.').waitFor();
    await ann.sees('first'); // by the subscription
    await ann.page.locator('#text').fill('half a thought');
    await ann.page.unroute(PUBLISH);
    await ann.page.route(PUBLISH, (route) => route.abort());
    await ann.page.reload();
    await ann.message('second').locator('.waiting').waitFor(); // by now it may have been tried
    assert.equal(await ann.page.locator('#text').inputValue(), 'half a thought');
    await ann.page.unroute(PUBLISH);
    await ann.sees('second');
    assert.deepEqual(await said('kept'), ['first', 'second']);
    assert.deepEqual(await ann.texts(), ['first', 'second']);
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
    await ann.page.getByText('No answer yet.').waitFor();
    polls.release();
    await ann.sees('did it arrive?');
    assert.deepEqual(await ann.texts(), ['before', 'did it arrive?']);
    assert.equal(await ann.page.getByText('Stop trying').count(), 0);
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
