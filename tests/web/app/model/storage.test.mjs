import assert from 'node:assert/strict';
import { test } from 'node:test';

import { remembering, watchMemory } from '../../../../web/app/model/storage.js';
import { storage } from '../../storage.mjs';

test('remembers between visits', () => {
    const kept = storage();
    remembering(() => kept).set('name', 'Ann');
    assert.equal(remembering(() => kept).get('name'), 'Ann');
    assert.equal(kept.getItem('anteroom.name'), '"Ann"');
    assert.equal(remembering(() => kept).get('rooms'), undefined);
    remembering(() => kept).remove('name');
    assert.equal(remembering(() => kept).get('name'), undefined);
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
        const memory = remembering(access);
        assert.equal(memory.get('name'), undefined);
        memory.set('name', 'Ann');
        assert.equal(memory.get('name'), 'Ann');
        memory.remove('name');
        assert.equal(memory.get('name'), undefined);
    }
});

test('what something else wrote is as good as nothing', () => {
    assert.equal(remembering(() => storage({ 'anteroom.name': 'not JSON' })).get('name'), undefined);
});

test('hears what another tab remembers', () => {
    const target = new EventTarget();
    const heard = [];
    watchMemory(target, (name) => heard.push(name));
    for (const key of ['anteroom.name', 'of.another.page', null]) {
        target.dispatchEvent(Object.assign(new Event('storage'), { key }));
    }
    assert.deepEqual(heard, ['name']);
});
