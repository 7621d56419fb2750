// Away and back: a page that is opened again shows all that came meanwhile, above it the line 'while you were away', and
// hides no gap.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const KEPT = 200;
const here = pageFixture(['--history-messages', String(KEPT)]);

const away = (person) => person.page.goto('about:blank');

async function back(person, room) {
    await person.page.goto(`${here.server.url}/room/${room}`);
    await person.state('live');
}

async function say(room, first, last) {
    for (let number = first; number <= last; number += 1) await publish(here.server, room, `line ${number}`, 'Bo');
}

const lines = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => `Bo: line ${first + index}`);

for (const transport of ['sse', 'websocket', 'poll']) {
    test(`what came while one was away is there, below the line (${transport})`, async () => {
        const room = `away-${transport}`;
        const ann = await here.enter({ name: 'Ann', room, transport });
        await say(room, 1, 3);
        await ann.sees('line 3');
        await away(ann);
        await say(room, 4, 6);
        await publish(here.server, room, 'from my phone', 'Ann');
        await back(ann, room);
        await ann.sees('from my phone');
        const expected = [
            '[Today]',
            ...lines(1, 3),
            '[3 new while you were away]',
            ...lines(4, 6),
            'Ann: from my phone',
        ];
        await ann.sees('line 1'); // what was read comes above
        assert.deepEqual(await ann.rows(), expected);

        await ann.waitFor((title) => document.title === title, `${room} · anteroom`); // it is read now
        await ann.page.reload();
        await ann.state('live');
        await ann.sees('line 1');
        await ann.sees('from my phone');
        assert.deepEqual(
            await ann.rows(),
            expected.filter((row) => !row.includes('away')),
            'read is read',
        );
    });
}

test('a reload in the middle of a conversation misses nothing', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'middle' });
    let count = 0;
    // Not so much to one reload that the server forgets the first of it.
    const talk = async () => {
        for (let line = 0; line < KEPT / 2; line += 1)
            await publish(here.server, 'middle', `line ${(count += 1)}`, 'Bo');
    };
    for (let time = 0; time < 4; time += 1) {
        const talking = talk();
        await ann.page.reload();
        await ann.state('live');
        await talking;
        await ann.sees(`line ${count}`);
    }
    const shown = await ann.texts();
    const numbers = shown.map((text) => Number(text.slice('line '.length)));
    for (let index = 1; index < numbers.length; index += 1) assert.equal(numbers[index], numbers[index - 1] + 1);
    assert.equal(numbers.at(-1), count);
});

test('one was away for more than a page of messages: all are there, what one read is above', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'long' });
    await say('long', 1, 5);
    await ann.sees('line 5');
    await away(ann);
    await say('long', 6, 155);
    await back(ann, 'long');
    await ann.sees('line 155');
    await ann.page.getByRole('button', { name: 'Latest messages' }).waitFor(); // it shows where the new ones begin
    await ann.log.evaluate((log) => (log.scrollTop = 0));
    await ann.sees('line 1');
    const all = await ann.rows();
    assert.deepEqual(all, ['[Today]', ...lines(1, 5), '[150 new while you were away]', ...lines(6, 155)]);
});

test('one was away for longer than the server keeps: the gap is counted, in its place', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'longer' });
    await say('longer', 1, 3);
    await ann.sees('line 3');
    await away(ann);
    await say('longer', 4, 20 + KEPT);
    await back(ann, 'longer');
    await ann.sees(`line ${20 + KEPT}`);
    const gap = '[17 messages are gone. The server no longer keeps them.]';
    assert.deepEqual((await ann.rows()).slice(0, 4), [gap, '[Today]', `[${KEPT} new while you were away]`, 'Bo: line 21']);
});

test('the server was restarted meanwhile: the page says so', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'restarted' });
    await say('restarted', 1, 2);
    await ann.sees('line 2');
    await away(ann);
    await here.restart();
    await say('restarted', 3, 4);
    await back(ann, 'restarted');
    await ann.sees('line 4');
    assert.deepEqual(await ann.rows(), [
        '[Messages may be gone. The server was restarted.]',
        '[Today]',
        '[2 new while you were away]',
        ...lines(3, 4),
    ]);
});

test('on the first visit nothing is new', async () => {
    await say('first', 1, 3);
    const ann = await here.enter({ name: 'Ann', room: 'first' });
    await ann.sees('line 3');
    assert.deepEqual(await ann.rows(), ['[Today]', ...lines(1, 3)]);
    assert.equal(await ann.page.title(), 'first · anteroom');
});
