import assert from 'node:assert/strict';
import { test } from 'node:test';

import { matcher, search } from '../../../../web/app/model/search.js';
import { message } from '../../fakes.mjs';

test('all words occur, in whatever order, case and accents', () => {
    const cases = [
        ['tea', 'Tea for two', true],
        ['two tea', 'Tea for two', true],
        ['tea three', 'Tea for two', false],
        ['cafe', 'CAFÉ', true],
        ['café', 'the cafe', true],
        ['２', 'Tea for 2', true],
        ['bo tea', 'Tea for two', true],
        ['', 'Tea for two', false],
        ['  ', 'Tea for two', false],
        ['name', { name: 'x' }, true],
        ['yes', { type: 'reply', to: 'e-1', text: 'Yes', quote: { text: 'tea?' } }, true],
        ['tea', { type: 'reply', to: 'e-1', text: 'Yes', quote: { text: 'tea?' } }, false],
        ['reaction', { type: 'reaction', to: 'e-1', emoji: '👍' }, false],
        ['renamed', { type: 'renamed', was: 'Cy' }, false],
        ['typing', { type: 'typing' }, false],
    ];
    for (const [query, data, expected] of cases)
        assert.equal(matcher(query)({ from: 'Bo', data }), expected, `'${query}' in ${JSON.stringify(data)}`);
    assert.equal(matcher('tea')({ data: 'tea' }), true, 'without an author');
});

/** A server that keeps e-1 … e-`count`, of which every `step`-th says tea; counts what it was asked. */
function kept(count, step) {
    const asked = [];
    async function history({ room, limit, before }) {
        asked.push(before);
        const last = before ? Number(before.slice(2)) - 1 : count;
        const first = Math.max(1, last - limit + 1);
        const messages = Array.from({ length: last - first + 1 }, (_, index) => {
            const number = first + index;
            return message(`e-${number}`, number % step === 0 ? 'tea' : 'coffee');
        });
        return { room, messages, more: first > 1 };
    }
    return { history, asked };
}

async function found({ history }, { cancelAfter = Infinity, query = 'tea' } = {}) {
    const ids = [];
    let asked = 0;
    const outcome = await search({
        history: (question) => ((asked += 1), history(question)),
        room: 'a',
        query,
        onFound: (some) => ids.push(...some.map(({ id }) => id)),
        isCancelled: () => asked >= cancelAfter,
    });
    return { ids, ...outcome };
}

test('everything that is kept, page by page, the newest first', async () => {
    const server = kept(2500, 500);
    const { ids, isComplete } = await found(server);
    assert.deepEqual(ids, ['e-2500', 'e-2000', 'e-1500', 'e-1000', 'e-500']);
    assert.equal(isComplete, true);
    assert.deepEqual(server.asked, [undefined, 'e-1501', 'e-501']);
});

test('a hundred are enough', async () => {
    const server = kept(2500, 1);
    const { ids, isComplete } = await found(server);
    assert.deepEqual([ids.length, ids[0], ids.at(-1), isComplete], [100, 'e-2500', 'e-2401', false]);
    assert.equal(server.asked.length, 1);
});

test('what is not wanted any more is neither shown nor searched on', async () => {
    const server = kept(2500, 500);
    const { ids, isComplete } = await found(server, { cancelAfter: 2 });
    assert.deepEqual([ids, isComplete, server.asked.length], [['e-2500', 'e-2000'], false, 2]);
});

test('an empty room, and one whose pages end early', async () => {
    assert.deepEqual(await found(kept(0, 1)), { ids: [], isComplete: true });
    const evicted = async () => ({ room: 'a', messages: [], more: true });
    assert.deepEqual(await found({ history: evicted }), { ids: [], isComplete: true });
});
