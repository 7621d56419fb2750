import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
    cursorBefore,
    encodeRoom,
    epochOf,
    formatComposite,
    isAfter,
    isAtOrAfter,
    isSameEpoch,
    numberOf,
    parseComposite,
} from '../../../web/client/cursor.js';

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

test('composite cursors are written and read', () => {
    const places = new Map([
        ['a', 'k3f9x-42'],
        ["b@,c d/ü'", 'p0-7'],
        ['z', '0'],
    ]);
    const text = formatComposite(places);
    assert.equal(text, 'a@k3f9x-42,b%40%2Cc%20d%2F%C3%BC%27@p0-7,z@0');
    assert.deepEqual(parseComposite(text, [...places.keys()]), places);
    assert.equal(encodeRoom("a-._~!'()*"), 'a-._~%21%27%28%29%2A');
});

test('rooms that are not asked for are left out, and those without a place', () => {
    assert.deepEqual(parseComposite('a@e-1,b@e-2', ['b', 'c']), new Map([['b', 'e-2']]));
});

test('a plain cursor is that of the only room, and 0 of all', () => {
    assert.deepEqual(parseComposite('e-1', ['a']), new Map([['a', 'e-1']]));
    assert.deepEqual(
        parseComposite('0', ['a', 'b']),
        new Map([
            ['a', '0'],
            ['b', '0'],
        ]),
    );
    assert.throws(() => parseComposite('e-1', ['a', 'b']), TypeError);
});

test('what is no cursor is refused', () => {
    for (const cursor of ['', 'e', 'e-', '-1', 'e-x', 'a@', 'a@e', 'a@e-1,', '%@e-1', 'a@e 1-2', '1'])
        assert.throws(() => parseComposite(cursor, ['a']), TypeError, cursor);
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
    for (const [place, other, result] of cases) assert.equal(isAtOrAfter(place, other), result, `${place} ${other}`);
    assert.equal(cursorBefore('a-b-10'), 'a-b-9');
});

test('one grammar: what is no cursor has no epoch, is never compared, and is not parsed', () => {
    for (const other of [
        'e',
        'e-',
        '-1',
        'e-x',
        'e 1-2',
        'a@e-1',
        'e,f-1',
        ' e-1',
        'e-1\n',
        '1',
        'e-1.5',
        '',
        undefined,
    ]) {
        assert.deepEqual([epochOf(other), numberOf(other)], ['', NaN], String(other));
        assert.equal(isAtOrAfter('e-9', other), false);
        assert.equal(isAtOrAfter(other, 'e-1'), false);
        assert.equal(isAfter(other, other), false);
        assert.equal(isSameEpoch(other, 'e-1'), false);
        assert.equal(cursorBefore(other), other);
        if (other !== undefined && !other.includes('@'))
            assert.throws(() => parseComposite(`a@${other}`, ['a']), TypeError, other);
    }
});
