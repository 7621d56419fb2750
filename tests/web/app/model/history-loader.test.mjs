import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Conversation } from '../../../../web/app/model/conversation.js';
import { createHistoryLoader } from '../../../../web/app/model/history-loader.js';
import { message } from '../../fakes.mjs';

/** Asks of a room that holds e-1 … e-5, two a page. */
function asking() {
    const asked = [];
    const seen = [];
    const facts = { fails: false };
    let conversation;
    async function read({ room, limit, ...question }) {
        asked.push(question);
        if (facts.fails) throw new Error('The server cannot be reached.');
        const last = question.before ? Number(question.before.slice(2)) - 1 : 5;
        const messages = [last - 1, last].filter((number) => number > 0).map((number) => message(`e-${number}`));
        return { room, messages, next: 'e-5', more: last > 2 };
    }
    const historyLoader = createHistoryLoader({ onChange: () => seen.push(conversation.history.isLoading) }, read);
    return { historyLoader, asked, seen, facts, room: (readUpTo) => (conversation = new Conversation('a', readUpTo)) };
}

const ids = ({ timeline }) => timeline.entries.map(({ id }) => id);

test('page by page, to the beginning', async () => {
    const { historyLoader, asked, seen, room } = asking();
    const conversation = room();
    conversation.open({ messages: [message('e-5')], next: 'e-5', more: true });
    await historyLoader.loadContext(conversation);
    assert.deepEqual(asked, [], 'its newest came as history');
    await historyLoader.loadOlder(conversation);
    await historyLoader.loadOlder(conversation);
    assert.deepEqual(asked, [{ before: 'e-5' }, { before: 'e-3' }]);
    assert.deepEqual(ids(conversation), ['e-1', 'e-2', 'e-3', 'e-4', 'e-5']);
    assert.equal(conversation.history.more, false);
    assert.deepEqual(seen, [true, false, true, false]);
});

test('what was read before is asked for once', async () => {
    const { historyLoader, asked, room } = asking();
    const conversation = room('e-4');
    const opened = historyLoader.loadContext(conversation);
    await historyLoader.loadContext(conversation);
    await opened;
    await historyLoader.loadContext(conversation);
    assert.deepEqual([asked, ids(conversation)], [[{}], ['e-4']]);
});

test('a failure is told, and asking for more asks the same again', async () => {
    const { historyLoader, asked, facts, room } = asking();
    const conversation = room('e-5');
    facts.fails = true;
    await historyLoader.loadContext(conversation);
    assert.equal(conversation.history.problem, 'The server cannot be reached.');
    facts.fails = false;
    await historyLoader.loadOlder(conversation);
    assert.deepEqual(
        [asked, ids(conversation)],
        [
            [{}, {}],
            ['e-4', 'e-5'],
        ],
    );
    assert.equal(conversation.history.problem, '');
});

/** A server that keeps e-1 … e-`count`, of which these numbers are shown; the others are reactions. */
function keeping(count, isShown) {
    const asked = [];
    const facts = { fails: 0 };
    async function read({ room, limit, before }) {
        asked.push(before === undefined ? limit : `${before} ${limit}`);
        if (facts.fails-- > 0) throw new Error('The server cannot be reached.');
        const last = before ? Number(before.slice(2)) - 1 : count;
        const first = Math.max(1, last - limit + 1);
        const messages = Array.from({ length: last - first + 1 }, (_, index) => {
            const id = `e-${first + index}`;
            return isShown(first + index) ? message(id) : message(id, { type: 'reaction', to: 'e-1', emoji: '👍' });
        });
        return { room, messages, next: `e-${count}`, more: first > 1 };
    }
    const loader = createHistoryLoader({ onChange() {} }, read);
    const conversation = new Conversation('a');
    const open = async () => conversation.open(await read({ room: 'a', limit: 100 }));
    return { loader, conversation, asked, facts, open };
}

test('pages of only reactions are read over, to the next that shows something', async () => {
    const { loader, conversation, asked, open } = keeping(1000, (number) => number > 900 || number === 550);
    await open();
    await loader.loadOlder(conversation);
    assert.deepEqual(asked, [100, 'e-901 100', 'e-801 100', 'e-701 100', 'e-601 100']);
    assert.equal(ids(conversation)[0], 'e-550');
    await loader.loadOlder(conversation);
    assert.deepEqual([asked.length, conversation.history.more], [10, false], 'and to the begin');
});

test('a room that begins with only reactions shows what is before them', async () => {
    const { loader, conversation, asked, open } = keeping(350, (number) => number <= 120);
    await open();
    await loader.loadContext(conversation);
    assert.deepEqual(asked, [100, 'e-251 100', 'e-151 100']);
    assert.equal(ids(conversation).length, 70);
    await loader.loadContext(conversation);
    assert.equal(asked.length, 3, 'once');
});

test('a failure within ends it, and is shown', async () => {
    const { loader, conversation, asked, facts, open } = keeping(1000, (number) => number > 900);
    await open();
    facts.fails = 1;
    await loader.loadOlder(conversation);
    assert.equal(asked.length, 2);
    assert.deepEqual(conversation.history, {
        isLoaded: true,
        isLoading: false,
        more: true,
        problem: 'The server cannot be reached.',
    });
});

const never = () => false;

test('up to a message, in as few pages as it takes', async () => {
    const { loader, conversation, asked, open } = keeping(3000, () => true);
    await open();
    assert.equal(await loader.loadUpTo(conversation, 'e-2950', never), true);
    assert.equal(asked.length, 1, 'it is there');
    assert.equal(await loader.loadUpTo(conversation, 'e-2890', never), true);
    assert.equal(await loader.loadUpTo(conversation, 'e-2300', never), true);
    assert.equal(ids(conversation)[0], 'e-2300');
    assert.equal(await loader.loadUpTo(conversation, 'e-700', never), true);
    assert.deepEqual(asked.slice(1), ['e-2901 100', 'e-2801 501', 'e-2300 1000', 'e-1300 600']);
    assert.equal(ids(conversation).length, 2301, 'nothing is missing, nothing is there twice');
});

test('up to a message that is not there', async () => {
    const { loader, conversation, asked, open } = keeping(300, (number) => number !== 250);
    await open();
    assert.equal(await loader.loadUpTo(conversation, 'e-250', never), false, 'a reaction');
    assert.equal(asked.length, 1);
    assert.equal(await loader.loadUpTo(conversation, 'd-7', never), false, 'of another life of the room');
    assert.deepEqual([asked.length, conversation.history.more], [3, false]);
});

test('up to a message: until the page is full, and not without the server', async () => {
    const { loader, conversation, asked, facts, open } = keeping(3000, () => true);
    await open();
    const isFull = () => conversation.timeline.entries.length >= 500;
    assert.equal(await loader.loadUpTo(conversation, 'd-1', isFull), false);
    assert.equal(asked.length, 5);
    facts.fails = 1;
    assert.equal(await loader.loadUpTo(conversation, 'e-2400', never), false);
    assert.match(conversation.history.problem, /cannot be reached/);
    assert.equal(
        await loader.loadUpTo(conversation, 'e-2400', never),
        true,
        'an earlier failure is no reason not to try',
    );
});

test('up to a message, while a page is being loaded already', async () => {
    const { loader, conversation, asked, open } = keeping(300, () => true);
    await open();
    const older = loader.loadOlder(conversation);
    assert.equal(await loader.loadUpTo(conversation, 'e-150', never), true);
    await older;
    assert.deepEqual(asked, [100, 'e-201 100']);

    const read = keeping(300, () => true);
    const resumed = new Conversation('a', 'e-299');
    const context = read.loader.loadContext(resumed);
    assert.equal(await read.loader.loadUpTo(resumed, 'e-250', never), true);
    await context;
    assert.deepEqual(read.asked, [100]);
});
