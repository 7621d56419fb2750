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
