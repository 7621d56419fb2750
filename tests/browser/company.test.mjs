// In company: replies, reactions, mentions, who is typing, emoji, light markup, and names that say what they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { heldBy, publish, publishMany } from './server.mjs';

const here = pageFixture(['--history-messages', '2000']);

const data = async (room) => (await heldBy(here.server, room)).map((message) => message.data);
const reactions = (person, text) => person.message(text).locator('.reactions');
const hasReaction = (person, text, label) => reactions(person, text).getByRole('button', { name: label }).waitFor();

/** Chooses from what can be done with a message, with the mouse. */
async function choose(person, text, action) {
    await person.message(text).hover();
    await person.message(text).getByRole('button', { name: 'What to do with the message by' }).click();
    await person.page.locator('#actions').getByRole('button', { name: action, exact: true }).click();
}

test('light markup is shown as what it means, HTML as it was written', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'markup' });
    const lines = [
        '**strong** and *so* ~~not~~ `a < b`',
        '> quoted',
        '- one',
        '- two',
        '3. three',
        '<b onclick="x()">no</b>',
    ];
    await ann.field.fill(lines.join('\n'));
    await ann.field.press('Enter');
    const body = ann.page.locator('.message[data-status=settled] .body');
    await body.waitFor();
    const shown = await body.evaluate((node) =>
        ['strong', 'em', 's', 'p code', 'blockquote', 'ul li', 'ol[start="3"] li', 'b', '[onclick]'].map((selector) => [
            selector,
            ...[...node.querySelectorAll(selector)].map(({ innerText }) => innerText),
        ]),
    );
    assert.deepEqual(shown, [
        ['strong', 'strong'],
        ['em', 'so'],
        ['s', 'not'],
        ['p code', 'a < b'],
        ['blockquote', 'quoted'],
        ['ul li', 'one', 'two'],
        ['ol[start="3"] li', 'three'],
        ['b'],
        ['[onclick]'],
    ]);
    assert.match(await body.innerText(), /<b onclick="x\(\)">no<\/b>$/);
});

test('a reply has the words it answers, and leads to them', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'replies' });
    const bo = await here.enter({ name: 'Bo', room: 'replies' });
    await bo.say('shall **we**?');
    await ann.sees('shall we?');
    await publishMany(here.server, 'replies', 60);
    await ann.sees('line 60');

    await choose(ann, 'shall we?', 'Reply');
    await ann.page.getByText('Reply to Bo: shall we?').waitFor();
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'text');
    await ann.field.press('Escape');
    await ann.page.locator('#replying').waitFor({ state: 'hidden' });
    await choose(ann, 'shall we?', 'Reply');
    await ann.page.getByRole('button', { name: 'No reply' }).click();
    await ann.page.locator('#replying').waitFor({ state: 'hidden' });
    await ann.say('hm'); // the next one then shows no author of its own
    await choose(ann, 'shall we?', 'Reply');
    await ann.say('yes, let us');
    await ann.page.locator('#replying').waitFor({ state: 'hidden' });
    const [{ id }] = await heldBy(here.server, 'replies');
    const reply = { type: 'reply', to: id, text: 'yes, let us', quote: { from: 'Bo', text: 'shall we?' } };
    await bo.sees('yes, let us');
    assert.deepEqual((await data('replies')).at(-1), reply);

    const quote = bo.message('yes, let us').locator('.quote');
    assert.equal(await quote.innerText(), 'Bo shall we?');
    assert.ok((await quote.locator('.quoted').boundingBox()).width > 10, 'who said it can be seen');
    await quote.click();
    await bo.page.locator(`.message.found[data-id="${id}"]`).waitFor();
    assert.equal(new URL(bo.page.url()).hash, `#${id}`);
    assert.ok(await isInView(bo, 'shall we?'));
});

const isInView = (person, text) =>
    person.message(text).evaluate((node) => {
        const [log, box] = [document.querySelector('#log'), node].map((each) => each.getBoundingClientRect());
        return box.top >= log.top && box.bottom <= log.bottom;
    });

test('a reaction is seen by all, is taken back, and stays over a reload and pages of history', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'reactions' });
    const bo = await here.enter({ name: 'Bo', room: 'reactions' });
    await bo.say('cake?');
    await ann.sees('cake?');
    await choose(ann, 'cake?', 'React with 👍');
    for (const person of [ann, bo]) await hasReaction(person, 'cake?', '👍 1 by Ann');
    const [{ id }] = await heldBy(here.server, 'reactions');
    assert.deepEqual((await data('reactions')).at(-1), { type: 'reaction', to: id, emoji: '👍' });

    await reactions(bo, 'cake?').getByRole('button', { name: '👍 1 by Ann' }).click();
    await hasReaction(ann, 'cake?', '👍 2 by Ann, Bo');
    assert.deepEqual(await reactions(ann, 'cake?').getByRole('button', { pressed: true }).allInnerTexts(), ['👍 2']);
    await reactions(ann, 'cake?').getByRole('button').press('Enter');
    for (const person of [ann, bo]) await hasReaction(person, 'cake?', '👍 1 by Bo');
    const focused = () => ann.page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.equal(await focused(), '👍 1 by Bo', 'the focus stays where it was');
    assert.deepEqual((await data('reactions')).at(-1), { type: 'reaction', to: id, emoji: '👍', remove: true });
    assert.equal(await ann.page.locator('.message').count(), 1, 'reactions are no messages');

    await publishMany(here.server, 'reactions', 250);
    await ann.page.reload();
    await ann.sees('line 250');
    assert.equal(await ann.message('cake?').count(), 0);
    for (let page = 0; page < 3; page += 1) {
        const before = await ann.page.locator('.message').count();
        if ((await ann.message('cake?').count()) > 0) break;
        await ann.log.evaluate((log) => (log.scrollTop = 0));
        await ann.waitFor((count) => document.querySelectorAll('.message').length > count, before);
    }
    await hasReaction(ann, 'cake?', '👍 1 by Bo');
});

test('a room whose newest messages are all reactions shows what they are about', async () => {
    const { id } = await publish(here.server, 'applause', 'we are done', 'Bo');
    await publishMany(here.server, 'applause', 130, (number) => ({
        type: 'reaction',
        to: id,
        emoji: number % 2 ? '🎉' : '👏',
    }));
    const ann = await here.enter({ name: 'Ann', room: 'applause' });
    await ann.sees('we are done');
    assert.deepEqual(await reactions(ann, 'we are done').getByRole('button').allInnerTexts(), ['🎉 1', '👏 1']);
});

test('a mention stands out for who is meant', async () => {
    const ann = await here.enter({ name: 'Ann Lee', room: 'mentions' });
    const bo = await here.enter({ name: 'Bo', room: 'mentions' });
    await bo.say('what do you think, @Ann Lee?');
    for (const [person, isMe] of [
        [ann, true],
        [bo, false],
    ]) {
        await person.sees('what do you think, @Ann Lee?');
        assert.equal(await person.page.locator('.mention.me', { hasText: '@Ann Lee' }).count(), isMe ? 1 : 0);
        assert.equal(await person.page.locator('.message.for-me').count(), isMe ? 1 : 0);
        assert.equal(await person.page.locator('.mention').count(), 1);
    }
    await ann.field.pressSequentially('@b');
    await ann.page.getByRole('option', { name: 'Bo' }).waitFor();
    await ann.field.press('Enter');
    await ann.waitFor(() => document.querySelector('#text').value === '@Bo ');
    await ann.field.press('Enter');
    await bo.page.locator('.mention.me', { hasText: '@Bo' }).waitFor();
});

test('who is typing is shown to the others, until the message comes or a while has passed', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'typing' });
    const bo = await here.enter({ name: 'Bo', room: 'typing' });
    const line = bo.page.locator('#typing');
    await ann.field.pressSequentially('hel');
    await line.getByText('Ann is typing…').waitFor();
    assert.equal(await ann.page.locator('#typing').innerText(), '', 'not to oneself');
    await ann.field.press('Enter');
    await bo.sees('hel');
    await bo.waitFor(() => document.querySelector('#typing').innerText === '');
    await ann.field.pressSequentially('lo');
    await line.getByText('Ann is typing…').waitFor();
    await bo.waitFor(() => document.querySelector('#typing').innerText === ''); // by itself
    assert.deepEqual(await data('typing'), ['hel'], 'typing is not in the room');
    assert.equal(await bo.page.getByRole('link', { name: 'typing:typing' }).count(), 0, 'nor is its room offered');
});

test('emoji by their names: as they are sent, and while they are written', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'emoji' });
    await ann.say('done :tada: at 10:30:00');
    await ann.sees('done 🎉 at 10:30:00');
    await ann.field.pressSequentially('oh :hea');
    await ann.page.getByRole('listbox', { name: 'Emoji' }).waitFor();
    const first = await ann.page.getByRole('option').first().locator('.emoji').innerText();
    await ann.field.press('Enter');
    await ann.waitFor((emoji) => document.querySelector('#text').value === `oh ${emoji} `, first);
    await ann.field.press('Enter');
    await ann.sees(`oh ${first}`);
    assert.deepEqual(await data('emoji'), ['done 🎉 at 10:30:00', `oh ${first}`]);
});

test('an emoji’s name in what is written before one has a name', async () => {
    const ann = await here.enter({ room: 'first words' });
    await ann.say('here I am :tada:');
    await ann.page.getByLabel('Name', { exact: true }).fill('Ann');
    await ann.page.keyboard.press('Enter');
    await ann.sees('here I am 🎉');
    assert.deepEqual(await data('first words'), ['here I am 🎉']);
});

test('emoji from the panel: into the text, and as a reaction', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'panel' });
    await ann.field.pressSequentially('so ');
    await ann.page.getByRole('button', { name: 'Emoji' }).click();
    await ann.page.getByRole('searchbox', { name: 'Search emoji' }).fill('tada');
    await ann.page.getByText(/emoji found/).waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.waitFor(() => document.querySelector('#text').value === 'so 🎉');
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'text');
    await ann.field.press('Enter');
    await ann.sees('so 🎉');

    await choose(ann, 'so 🎉', 'React with another emoji');
    await ann.page.getByRole('group', { name: 'Recently used' }).getByRole('button', { name: 'tada' }).click();
    await hasReaction(ann, 'so 🎉', '🎉 1 by Ann');
});

test('with the keyboard only: from the newest message to another, a reaction, a reply', async () => {
    const { id } = await publish(here.server, 'by key', 'one', 'Bo');
    await publish(here.server, 'by key', 'two', 'Bo');
    const ann = await here.enter({ name: 'Ann', room: 'by key' });
    await ann.sees('two');
    await ann.field.press('ArrowUp');
    await ann.page.keyboard.press('ArrowUp');
    await ann.page.keyboard.press('Enter');
    await ann.waitFor(() => document.activeElement.closest('#actions'));
    await ann.page.keyboard.press('ArrowRight');
    await ann.page.keyboard.press('Enter');
    await hasReaction(ann, 'one', '❤️ 1 by Ann');
    assert.equal(await ann.page.evaluate(() => document.activeElement.closest('.message')?.dataset.id), id);
    await ann.page.keyboard.press('Enter');
    for (let press = 0; press < 7; press += 1) await ann.page.keyboard.press('ArrowDown');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByText('Reply to Bo: one').waitFor();
    await ann.page.keyboard.type('indeed');
    await ann.page.keyboard.press('Enter');
    await ann.sees('indeed');
    assert.equal((await data('by key')).at(-1).to, id);
});

test('text and link of a message can be copied', async () => {
    const context = { permissions: ['clipboard-read', 'clipboard-write'] };
    const ann = await here.enter({ name: 'Ann', room: 'copy & paste', context });
    const { id } = await publish(here.server, 'copy & paste', '**as** it was\nwritten', 'Bo');
    await ann.sees('as it was\nwritten');
    const clipboard = () => ann.page.evaluate(() => navigator.clipboard.readText());
    await choose(ann, 'as it was\nwritten', 'Copy text');
    await ann.page.getByText('Text copied').waitFor();
    assert.equal(await clipboard(), '**as** it was\nwritten');
    await choose(ann, 'as it was\nwritten', 'Copy link');
    await ann.page.getByText('Link copied').waitFor();
    assert.equal(await clipboard(), `${here.server.url}/room/copy%20%26%20paste#${id}`);
});

test('what would change how a name or a room looks is shown, and has no effect', async () => {
    const room = 'gnp\u202e.moc';
    const ann = await here.enter({ name: 'Ann', room });
    const shownRoom = 'gnp‹U+202E›.moc';
    assert.equal(await ann.page.locator('h1').innerText(), shownRoom);
    assert.equal(await ann.page.title(), `${shownRoom} · anteroom`);
    assert.equal(await ann.page.locator('#joined bdi').innerText(), shownRoom);
    assert.equal(await ann.field.getAttribute('placeholder'), `Message ${shownRoom}`);
    await ann.page.getByRole('button', { name: `Leave ${shownRoom}` }).waitFor({ state: 'attached' });

    const quote = { from: 'B\u200bo', text: 'x' };
    await publish(here.server, room, { type: 'reply', to: 'e-1', text: 'said who?', quote }, 'Cy');
    await ann.sees('said who?');
    assert.equal(await ann.page.locator('.quoted').innerText(), 'B‹U+200B›o');
    await publish(here.server, room, { type: 'renamed', was: '\u2066Bo' }, 'Cy');
    await ann.page.locator('.note', { hasText: '‹U+2066›Bo is now Cy' }).waitFor();
    await publish(here.server, 'a\u00adb', 'hello');
    await ann.page.reload();
    await ann.page.locator('#others').getByRole('link', { name: 'a‹U+00AD›b' }).waitFor();
    await ann.page.keyboard.press('Control+k');
    await ann.page.locator('#switcher').getByRole('option', { name: 'a‹U+00AD›b' }).waitFor();
});
