import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createNotifySettings, isFor } from '../../../../web/app/model/notify-settings.js';
import { memoryWith, storage } from '../../storage.mjs';

test('every message of a room is chosen by room, and kept for all tabs', () => {
    const kept = storage();
    const settings = createNotifySettings(memoryWith({}, kept));
    const other = createNotifySettings(memoryWith({}, kept));
    assert.equal(settings.wantsAll('a'), false);
    settings.setWantsAll('a', true);
    settings.setWantsAll('b', true);
    settings.setWantsAll('b', true);
    settings.setWantsAll('a', false);
    assert.deepEqual([other.wantsAll('a'), other.wantsAll('b')], [false, true]);
    assert.equal(kept.getItem('anteroom.notify'), '["b"]');
});

test('a sound is played unless one does not want it', () => {
    const kept = storage();
    const settings = createNotifySettings(memoryWith({}, kept));
    assert.equal(settings.hasSound, true);
    settings.hasSound = false;
    assert.equal(createNotifySettings(memoryWith({}, kept)).hasSound, false);
});

test('what something else has stored does no harm', () => {
    for (const notify of [null, 7, 'a', {}, [1, null, ['a']]])
        assert.equal(createNotifySettings(memoryWith({ notify })).wantsAll('a'), false, JSON.stringify(notify));
});

test('a message is for one that it mentions, or whose words it answers', () => {
    const reply = (from, text = 'yes') => ({ type: 'reply', to: 'e-1', text, quote: { from, text: '@Ann?' } });
    const cases = [
        ['hi @Ann', true],
        ['hi @ann', true],
        ['hi Ann', false],
        ['mail ann@Ann.example', false],
        [reply('Ann'), true],
        [reply('Bo'), false],
        [reply('Bo', 'ask @Ann'), true],
        [reply(undefined), false],
        [{ type: 'reaction', to: 'e-1', emoji: '👍' }, false],
        [{ for: '@Ann' }, true],
    ];
    for (const [data, expected] of cases) assert.equal(isFor({ data }, 'Ann'), expected, JSON.stringify(data));
    assert.equal(isFor({ data: 'hi @undefined' }, undefined), false, 'without a name nothing is');
});
