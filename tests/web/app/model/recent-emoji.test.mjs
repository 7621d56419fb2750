import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRecentEmoji } from '../../../../web/app/model/recent-emoji.js';
import { memoryWith } from '../../storage.mjs';

test('the newest comes first, each once, some of them', () => {
    const memory = memoryWith();
    const recent = createRecentEmoji(memory);
    assert.deepEqual(recent.list(), []);
    for (const emoji of ['👍', '🎉', '👍']) recent.add(emoji);
    assert.deepEqual(createRecentEmoji(memory).list(), ['👍', '🎉']);
    for (let code = 0x1f600; code < 0x1f640; code += 1) recent.add(String.fromCodePoint(code));
    assert.equal(recent.list().length, 16);
    assert.equal(recent.list()[0], '\u{1f63f}');
});

test('what others wrote is none', () => {
    for (const stored of [7, {}, 'x', null])
        assert.deepEqual(createRecentEmoji(memoryWith({ emoji: stored })).list(), []);
    const recent = createRecentEmoji(memoryWith({ emoji: ['👍', 7, '', 'x'.repeat(33), null, '👍', '🎉'] }));
    assert.deepEqual(recent.list(), ['👍', '🎉']);
});
