import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createStorage, prefixOf, watchStorage } from '../../../../web/app/model/storage.js';
import { storage } from '../../storage.mjs';

test('remembers between visits', () => {
    const kept = storage();
    createStorage(() => kept).set('name', 'Ann');
    assert.equal(createStorage(() => kept).get('name'), 'Ann');
    assert.equal(kept.getItem('anteroom.name'), '"Ann"');
    assert.equal(createStorage(() => kept).get('rooms'), undefined);
    createStorage(() => kept).remove('name');
    assert.equal(createStorage(() => kept).get('name'), undefined);
});

test('where storage is forbidden, it remembers until the page goes', () => {
    const forbidden = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const access of [
        forbidden,
        () => ({ getItem: forbidden, setItem: forbidden, removeItem: forbidden }),
        () => undefined,
    ]) {
        const memory = createStorage(access);
        assert.equal(memory.get('name'), undefined);
        memory.set('name', 'Ann');
        assert.equal(memory.get('name'), 'Ann');
        memory.remove('name');
        assert.equal(memory.get('name'), undefined);
    }
});

test('what something else wrote is as good as nothing', () => {
    assert.equal(createStorage(() => storage({ 'anteroom.name': 'not JSON' })).get('name'), undefined);
});

test('servers behind other paths of the site have their own', () => {
    const kept = storage();
    const of = (root) => createStorage(() => kept, prefixOf(root));
    for (const root of ['/', '/chat/', '/chat/b/']) of(root).set('outbox.1', root);
    for (const root of ['/', '/chat/', '/chat/b/']) {
        assert.equal(of(root).get('outbox.1'), root);
        assert.deepEqual(of(root).keys('outbox.'), ['outbox.1']);
    }
    assert.equal(createStorage(() => kept).get('outbox.1'), '/');

    const target = new EventTarget();
    const heard = [];
    watchStorage(target, (name) => heard.push(name), prefixOf('/chat/'));
    for (const key of ['anteroom.name', 'anteroom/chat/name', 'anteroom/other/name'])
        target.dispatchEvent(Object.assign(new Event('storage'), { key }));
    assert.deepEqual(heard, ['name']);
});

test('hears what another tab remembers', () => {
    const target = new EventTarget();
    const heard = [];
    watchStorage(target, (name) => heard.push(name));
    for (const key of ['anteroom.name', 'of.another.page', null]) {
        target.dispatchEvent(Object.assign(new Event('storage'), { key }));
    }
    assert.deepEqual(heard, ['name']);
});
