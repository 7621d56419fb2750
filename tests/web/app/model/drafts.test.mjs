import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createDrafts } from '../../../../web/app/model/drafts.js';
import { createStorage } from '../../../../web/app/model/storage.js';
import { fakeClock } from '../../fakes.mjs';
import { storage } from '../../storage.mjs';

test('what is written is kept by room, a moment later or when the page goes', async () => {
    const clock = fakeClock();
    const kept = storage();
    const drafts = createDrafts(
        createStorage(() => kept),
        clock,
    );
    drafts.set('a', 'h');
    drafts.set('a', 'hello');
    drafts.set('b', 'x');
    assert.equal(drafts.get('a'), 'hello');
    assert.equal(kept.getItem('anteroom.drafts'), null);
    await clock.advance(300);
    assert.equal(kept.getItem('anteroom.drafts'), '{"a":"hello","b":"x"}');
    const later = createDrafts(createStorage(() => kept));
    assert.deepEqual([later.get('a'), later.get('b'), later.get('c')], ['hello', 'x', '']);
    later.set('a', '');
    later.save();
    assert.equal(kept.getItem('anteroom.drafts'), '{"b":"x"}');
    later.set('b', '');
    later.save();
    assert.equal(kept.getItem('anteroom.drafts'), null);
});

test('the same text is no change, and what others wrote is no draft', async () => {
    const clock = fakeClock();
    for (const text of ['[]', '1', '{"a":1}', 'not JSON']) {
        const drafts = createDrafts(
            createStorage(() => storage({ 'anteroom.drafts': text })),
            clock,
        );
        assert.equal(drafts.get('a'), '');
        drafts.set('a', '');
    }
    assert.deepEqual(clock.pending, []);
});

test('another tab does not change what is written here', async () => {
    const kept = storage();
    const [one, two] = [1, 2].map(() => createDrafts(createStorage(() => kept), fakeClock()));
    one.set('a', 'a long text');
    one.save();
    two.set('a', 'ok');
    two.set('a', '');
    two.set('b', 'x');
    two.save();
    assert.deepEqual([one.get('a'), one.get('b'), two.get('a')], ['a long text', 'x', '']);
});
