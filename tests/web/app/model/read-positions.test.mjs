import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createReadPositions, roomOfKey } from '../../../../web/app/model/read-positions.js';
import { memoryWith } from '../../storage.mjs';

test('goes forward, and back only into another life of the room', () => {
    const reading = createReadPositions(memoryWith());
    const steps = [
        ['e-5', 'e-5'],
        ['e-7', 'e-7'],
        ['e-6', 'e-7'], // another tab was further
        ['0', 'e-7'],
        [undefined, 'e-7'],
        ['f-1', 'f-1'],
    ];
    for (const [cursor, kept] of steps) {
        reading.advance('a', cursor);
        assert.equal(reading.get('a'), kept);
    }
    reading.remove('a');
    assert.equal(reading.get('a'), undefined);
});

test('what something else wrote is no place', () => {
    const reading = createReadPositions(memoryWith({ 'read.a': 7, 'read.b': 'x', 'read.c': null, 'read.d': 'e-1' }));
    assert.deepEqual(['a', 'b', 'c', 'd'].map(reading.get), [undefined, undefined, undefined, 'e-1']);
    assert.equal(roomOfKey('read.a.b'), 'a.b');
    assert.equal(roomOfKey('joined'), undefined);
});
