import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createShortcodes } from '../../../../web/app/model/shortcodes.js';
import { fakeClock, settled } from '../../fakes.mjs';

/** Shortcodes whose module comes, or fails, when the test says so. */
function writing() {
    const clock = fakeClock();
    const loads = [];
    const shortcodes = createShortcodes(() => new Promise((resolve, reject) => loads.push({ resolve, reject })), clock);
    const come = () => loads.at(-1).resolve({ replaceShortcodes: (text) => text.replaceAll(':tada:', '🎉') });
    return { clock, shortcodes, loads, come };
}

test('the names are loaded once one is written, and are then replaced', async () => {
    const { shortcodes, loads, come } = writing();
    for (const text of ['', 'hello', 'at 10:30', 'a :t', 'std::string', ': x :']) {
        shortcodes.written(text);
        assert.equal(shortcodes.isMissing(text), false, text);
    }
    assert.equal(loads.length, 0);
    shortcodes.written('a :tada:');
    shortcodes.written('a :tada: b');
    assert.deepEqual([loads.length, shortcodes.isMissing('a :tada: b')], [1, true]);
    assert.equal(shortcodes.replaced('a :tada:'), 'a :tada:');
    come();
    await settled();
    assert.deepEqual([shortcodes.isMissing('a :tada:'), shortcodes.replaced('a :tada:')], [false, 'a 🎉']);
});

test('one waits for them, but not for long', async () => {
    const { clock, shortcodes, come } = writing();
    let waited = false;
    shortcodes.wait().then(() => (waited = true));
    await clock.advance(1999);
    assert.equal(waited, false);
    await clock.advance(1);
    assert.deepEqual([waited, shortcodes.isMissing(':tada:')], [true, false], 'it is sent as it is');
    shortcodes.written('another :tada:');
    assert.equal(shortcodes.isMissing(':tada:'), true);
    come();
    await shortcodes.wait();
    assert.equal(shortcodes.replaced(':tada:'), '🎉');
});

test('a failure is not for ever', async () => {
    const { shortcodes, loads, come } = writing();
    const waiting = shortcodes.wait();
    loads[0].reject(new TypeError('offline'));
    await waiting;
    assert.equal(shortcodes.isMissing(':tada:'), false);
    shortcodes.written(':tada:');
    assert.equal(loads.length, 2);
    come();
    await settled();
    assert.equal(shortcodes.replaced(':tada:'), '🎉');
});
