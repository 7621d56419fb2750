import assert from 'node:assert/strict';
import { test } from 'node:test';

import { epochOf, isAfter, numberOf } from '../../../../web/app/model/cursor.js';

test('reads what a cursor says', () => {
    assert.deepEqual([epochOf('k3f9x-42'), numberOf('k3f9x-42')], ['k3f9x', 42]);
    assert.deepEqual([epochOf('a-b-7'), numberOf('a-b-7')], ['a-b', 7]);
    for (const other of ['0', '', 'opaque', undefined, 42]) {
        assert.deepEqual([epochOf(other), numberOf(other)], ['', NaN]);
    }
});

test('compares within one life of a room', () => {
    assert.equal(isAfter('e-10', 'e-9'), true);
    assert.equal(isAfter('e-9', 'e-9'), false);
    assert.equal(isAfter('f-10', 'e-9'), false);
    assert.equal(isAfter('opaque', undefined), false);
});
