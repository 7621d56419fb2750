// Messages that wait outlive the page: a reload, a crash, a tab that was duplicated, and browsers that keep nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openOutboxStorage } from '../../../../web/app/model/outbox-storage.js';
import { createStorage } from '../../../../web/app/model/storage.js';
import { fakeClock } from '../../fakes.mjs';
import { storage } from '../../storage.mjs';

/** A browser whose tabs hold locks until they are closed. */
function browser() {
    const kept = storage();
    const held = new Map(); // name -> tab
    const waiting = new Set();
    const clock = fakeClock();
    let ids = 0;
    function open(session = storage()) {
        const tab = {};
        const locks = {
            async request(name, { ifAvailable, signal }, callback) {
                while (held.has(name)) {
                    if (ifAvailable) return callback(null);
                    await new Promise((resolve, reject) => {
                        waiting.add(resolve);
                        signal.addEventListener('abort', () => reject(new DOMException('late', 'AbortError')));
                    });
                }
                held.set(name, tab);
                const result = callback({ name });
                if (result !== undefined) return result;
                held.delete(name);
                return undefined;
            },
        };
        const close = () => {
            for (const [name, holder] of held) if (holder === tab) held.delete(name);
            for (const resolve of waiting) resolve();
        };
        const opened = openOutboxStorage({
            storage: createStorage(() => kept),
            session: createStorage(() => session),
            locks,
            randomKey: () => `t${(ids += 1)}`,
            setTimeout: clock.setTimeout,
        });
        return { opened, session, close };
    }
    return { open, kept, clock };
}

const message = (key, time) => ({ room: 'a', key, data: `says ${key}`, as: 'ann', time });
const keys = ({ restored }) => restored.map(({ key }) => key);

test('a reload finds what waited, and a tab that is still open keeps its own', async () => {
    const { open } = browser();
    const one = open();
    const other = open();
    (await one.opened).save([message('k1', 1), message('k2', 2)]);
    (await other.opened).save([message('k3', 3)]);
    one.close();
    const again = open(one.session);
    assert.deepEqual(keys(await again.opened), ['k1', 'k2']);
    assert.deepEqual((await again.opened).restored[0], message('k1', 1));
});

test('a new tab takes over from those that are gone, once, in the order of writing', async () => {
    const { open, kept } = browser();
    const [one, two] = [open(), open()];
    (await one.opened).save([message('k2', 2)]);
    (await two.opened).save([message('k1', 1), message('k3', 3)]);
    one.close();
    two.close();
    const next = open();
    assert.deepEqual(keys(await next.opened), ['k1', 'k2', 'k3']);
    assert.deepEqual(keys(await open().opened), []);
    (await next.opened).save([]);
    assert.deepEqual(
        Array.from({ length: kept.length }, (_, i) => kept.key(i)),
        [],
    );
});

test('a page that is reloaded waits for the one before to let go', async () => {
    const { open, clock } = browser();
    const one = open();
    (await one.opened).save([message('k1', 1)]);
    const again = open(one.session);
    await clock.advance(1000);
    one.close();
    assert.deepEqual(keys(await again.opened), ['k1']);
});

test('a tab that was duplicated is another one', async () => {
    const { open, clock } = browser();
    const one = open();
    (await one.opened).save([message('k1', 1)]);
    const copy = open(storage({ 'anteroom.tab': one.session.getItem('anteroom.tab') }));
    await clock.advance(1500);
    assert.deepEqual(keys(await copy.opened), []);
    (await copy.opened).save([message('k2', 2)]);
    one.close();
    assert.deepEqual(keys(await open(one.session).opened), ['k1']);
});

test('without locks a reload finds its own', async () => {
    const kept = storage();
    const session = storage();
    const open = (locks) =>
        openOutboxStorage({
            storage: createStorage(() => kept),
            session: createStorage(() => session),
            locks,
            randomKey: () => 'id',
        });
    for (const locks of [undefined, { request: () => Promise.reject(new Error('denied')) }]) {
        (await open(locks)).save([message('k1', 1)]);
        assert.deepEqual(keys(await open(locks)), ['k1']);
        (await open(locks)).save([]);
        assert.deepEqual(keys(await open(locks)), []);
    }
});

test('where nothing is kept, nothing is found, and what others wrote is ignored', async () => {
    const forbidden = createStorage(() => undefined);
    const { restored, save } = await openOutboxStorage({ storage: forbidden, session: forbidden, randomKey: () => 'id' });
    assert.deepEqual(restored, []);
    save([message('k1', 1)]);
    for (const text of ['not JSON', '{}', '[1, null, {"room":"a"}]']) {
        const session = storage({ 'anteroom.tab': '"me"' });
        const kept = storage({ 'anteroom.outbox.me': text });
        const opened = await openOutboxStorage({
            storage: createStorage(() => kept),
            session: createStorage(() => session),
            randomKey: () => 'id',
        });
        assert.deepEqual(opened.restored, []);
    }
});
