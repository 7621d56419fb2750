// Messages that wait outlive the page: a reload, a crash, a tab that was duplicated, and browsers that keep nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openOutboxStorage } from '../../../../web/app/model/outbox-storage.js';
import { createStorage } from '../../../../web/app/model/storage.js';
import { fakeClock, settled } from '../../fakes.mjs';
import { storage } from '../../storage.mjs';

/** A browser whose pages hold locks until they are closed. `hasLocks` false: as on plain HTTP. */
function browser({ hasLocks = true, kept = storage() } = {}) {
    const held = new Map(); // name -> page
    const waiting = new Set();
    const clock = fakeClock();
    let ids = 0;

    /** @returns {Promise<object>} the page, with `found`: what it has taken over so far */
    async function open({ session = storage() } = {}) {
        const page = { session, found: [], clock: fakeClock(clock.now()) };
        const locks = {
            async request(name, ...rest) {
                const callback = rest.pop();
                const [{ ifAvailable, signal } = {}] = rest;
                while (held.has(name)) {
                    if (ifAvailable) return callback(null);
                    await new Promise((resolve, reject) => {
                        waiting.add(resolve);
                        signal?.addEventListener('abort', () => reject(new DOMException('late', 'AbortError')));
                    });
                }
                held.set(name, page);
                await callback({ name });
                if (held.get(name) === page) held.delete(name);
                return undefined;
            },
        };
        page.close = () => {
            page.isClosed = true;
            for (const [name, holder] of held) if (holder === page) held.delete(name);
            for (const resolve of waiting) resolve();
        };
        const outbox = openOutboxStorage({
            storage: createStorage(() => kept),
            session: createStorage(() => session),
            locks: hasLocks ? locks : undefined,
            randomKey: () => `t${(ids += 1)}`,
            onFound: (messages) => page.found.push(...messages.map(({ key }) => key)),
            setTimeout: (callback, ms) => clock.setTimeout(() => page.isClosed || callback(), ms),
            clearTimeout: clock.clearTimeout,
            now: clock.now,
        });
        page.outbox = outbox;
        await settled();
        return page;
    }
    const lists = () => Array.from({ length: kept.length }, (_, index) => kept.key(index));
    return { open, kept, clock, held, lists };
}

const message = (key, time) => ({ room: 'a', key, data: `says ${key}`, as: 'ann', time });

test('a reload finds what waited, and a tab that is still open keeps its own', async () => {
    for (const hasLocks of [true, false]) {
        const { open } = browser({ hasLocks });
        const one = await open();
        const other = await open();
        one.outbox.save([message('k1', 2), message('k2', 1)]);
        other.outbox.save([message('k3', 3)]);
        one.close();
        const again = await open({ session: one.session });
        assert.deepEqual(again.found, ['k1', 'k2'], 'in the order in which they were written, whatever the clock said');
    }
});

test('pages that are gone are found when one begins, and later; each once', async () => {
    const { open, lists } = browser();
    const [one, two] = [await open(), await open()];
    one.outbox.save([message('k2', 2)]);
    two.outbox.save([message('k1', 1), message('k3', 3)]);
    one.close();
    const next = await open();
    assert.deepEqual(next.found, ['k2']);
    two.close();
    await next.outbox.takeOver();
    assert.deepEqual(next.found, ['k2', 'k1', 'k3']);
    assert.deepEqual((await open()).found, []);
    next.outbox.save([]);
    assert.deepEqual(lists(), []);
});

test('a list is in the storage until it is in another one', async () => {
    const { open, kept } = browser();
    const one = await open();
    one.outbox.save([message('k1', 1)]);
    one.close();
    let least = Infinity;
    const count = () => (least = Math.min(least, [...Array(kept.length).keys()].filter((i) => kept.getItem(kept.key(i)).includes('k1')).length));
    const { removeItem } = kept;
    kept.removeItem = (key) => (removeItem(key), count());
    await open();
    assert.equal(least, 1);
});

test('a page that is reloaded waits for the one before to let go', async () => {
    const { open, clock } = browser();
    const one = await open();
    one.outbox.save([message('k1', 1)]);
    const again = await open({ session: one.session });
    await clock.advance(1000);
    assert.deepEqual(again.found, []);
    one.close();
    await settled();
    assert.deepEqual(again.found, ['k1']);
});

test('a tab that was duplicated is another one', async () => {
    const { open, clock } = browser();
    const one = await open();
    one.outbox.save([message('k1', 1)]);
    const copy = await open({ session: storage({ 'anteroom.page': one.session.getItem('anteroom.page') }) });
    await clock.advance(1500);
    copy.outbox.save([message('k2', 2)]);
    assert.deepEqual(copy.found, []);
    one.close();
    assert.deepEqual((await open({ session: one.session })).found, ['k1']);
});

test('without locks a page is gone that was not there for a while', async () => {
    const { open, clock } = browser({ hasLocks: false });
    const [one, two] = [await open(), await open()];
    one.outbox.save([message('k1', 1)]);
    two.outbox.save([message('k2', 2)]);
    one.close();
    const next = await open();
    assert.deepEqual(next.found, []);
    await clock.advance(100_000);
    await next.outbox.takeOver();
    assert.deepEqual(next.found, ['k1'], 'the other one is there');
});

test('a lock is held only while something waits', async () => {
    const { open, held } = browser();
    const one = await open();
    assert.equal(held.size, 0);
    one.outbox.save([message('k1', 1)]);
    await settled();
    assert.equal(held.size, 1);
    one.outbox.save([]);
    await settled();
    assert.equal(held.size, 0);
});

test('a storage that is full keeps no older list, and that is known', async () => {
    const { open, kept, lists } = browser();
    const one = await open();
    one.outbox.save([message('k1', 1)]);
    assert.equal(one.outbox.isKept, true);
    const { setItem } = kept;
    kept.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
    };
    one.outbox.save([message('k1', 1), message('k2', 2)]);
    assert.deepEqual([one.outbox.isKept, lists()], [false, ['anteroom.page'].filter((key) => lists().includes(key))]);
    kept.setItem = setItem;
    one.outbox.save([message('k2', 2)]);
    assert.equal(one.outbox.isKept, true);
});

test('where nothing is kept, nothing is found, and what others wrote is ignored', async () => {
    const forbidden = createStorage(() => undefined);
    const outbox = openOutboxStorage({ storage: forbidden, session: forbidden, randomKey: () => 'id', onFound() {} });
    await outbox.opened;
    outbox.save([message('k1', 1)]);
    assert.equal(outbox.isKept, false);
    outbox.save([]);
    for (const text of ['not JSON', '{}', '{"messages":[1, null, {"room":"a"}]}', '{"messages":7}', 'null']) {
        const { open } = browser({ kept: storage({ 'anteroom.outbox.x': text }) });
        assert.deepEqual((await open({ session: storage({ 'anteroom.page': '"x"' }) })).found, []);
    }
});
