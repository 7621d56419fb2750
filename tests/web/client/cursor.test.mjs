import assert from 'node:assert/strict';
import { test } from 'node:test';

import { before, encodeRoom, formatPlaces, isAtOrPast, parsePlaces } from '../../../web/client/cursor.js';

test('composite cursors are written and read', () => {
    const places = new Map([
        ['a', 'k3f9x-42'],
        ["b@,c d/ü'", 'p0-7'],
        ['z', '0'],
    ]);
    const text = formatPlaces(places);
    assert.equal(text, 'a@k3f9x-42,b%40%2Cc%20d%2F%C3%BC%27@p0-7,z@0');
    assert.deepEqual(parsePlaces(text, [...places.keys()]), places);
    assert.equal(encodeRoom("a-._~!'()*"), 'a-._~%21%27%28%29%2A');
});

test('rooms that are not asked for are left out, and those without a place', () => {
    assert.deepEqual(parsePlaces('a@e-1,b@e-2', ['b', 'c']), new Map([['b', 'e-2']]));
});

test('a plain cursor is that of the only room, and 0 of all', () => {
    assert.deepEqual(parsePlaces('e-1', ['a']), new Map([['a', 'e-1']]));
    assert.deepEqual(
        parsePlaces('0', ['a', 'b']),
        new Map([
            ['a', '0'],
            ['b', '0'],
        ]),
    );
    assert.throws(() => parsePlaces('e-1', ['a', 'b']), TypeError);
});

test('what is no cursor is refused', () => {
    for (const cursor of ['', 'e', 'e-', '-1', 'e-x', 'a@', 'a@e', 'a@e-1,', '%@e-1', 'a@e 1-2', '1'])
        assert.throws(() => parsePlaces(cursor, ['a']), TypeError, cursor);
});

test('places compare within one epoch', () => {
    const cases = [
        ['e-2', 'e-1', true],
        ['e-10', 'e-9', true],
        ['e-1', 'e-1', true],
        ['0', '0', true],
        ['e-1', 'e-2', false],
        ['f-9', 'e-1', false],
        ['e-1', '0', false],
    ];
    for (const [place, other, result] of cases) assert.equal(isAtOrPast(place, other), result, `${place} ${other}`);
    assert.equal(before('a-b-10'), 'a-b-9');
});
