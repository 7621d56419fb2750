import assert from 'node:assert/strict';
import { test } from 'node:test';

import { remembering } from '../../web/memory.js';

function storage(values = {}) {
    const kept = new Map(Object.entries(values));
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test('remembers between visits', () => {
    const kept = storage();
    remembering(() => kept).set('name', 'Ann');
    assert.equal(remembering(() => kept).get('name'), 'Ann');
    assert.equal(kept.getItem('anteroom.name'), '"Ann"');
    assert.equal(remembering(() => kept).get('rooms'), undefined);
});

test('where storage is forbidden, it remembers until the page goes', () => {
    const forbidden = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const access of [forbidden, () => ({ getItem: forbidden, setItem: forbidden }), () => undefined]) {
        const memory = remembering(access);
        assert.equal(memory.get('name'), undefined);
        memory.set('name', 'Ann');
        assert.equal(memory.get('name'), 'Ann');
    }
});

test('what something else wrote is as good as nothing', () => {
    assert.equal(remembering(() => storage({ 'anteroom.name': 'not JSON' })).get('name'), undefined);
});
