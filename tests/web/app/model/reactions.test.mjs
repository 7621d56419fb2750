import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Reactions } from '../../../../web/app/model/reactions.js';

/** `names` by emoji, from the reactions in `given`: [number, name, emoji, isRemoved]. */
function after(given, to = 'e-1') {
    const reactions = new Reactions();
    for (const [number, from, emoji, isRemoved = false] of given)
        reactions.apply({ id: `e-${number}`, time: 1000 * number, from }, { to: 'e-1', emoji, isRemoved });
    return reactions.of(to).map(({ emoji, names }) => [emoji, ...names]);
}

test('are given and taken back', () => {
    assert.deepEqual(
        after([
            [2, 'Ann', '👍'],
            [3, 'Bo', '👍'],
            [4, 'Ann', '🎉'],
        ]),
        [
            ['👍', 'Ann', 'Bo'],
            ['🎉', 'Ann'],
        ],
    );
    assert.deepEqual(
        after([
            [2, 'Ann', '👍'],
            [3, 'Ann', '👍'],
        ]),
        [['👍', 'Ann']],
        'given twice is given',
    );
    assert.deepEqual(
        after([
            [2, 'Ann', '👍'],
            [3, 'Bo', '👍', true],
        ]),
        [['👍', 'Ann']],
        'each takes back their own',
    );
    assert.deepEqual(
        after([
            [2, 'Ann', '👍'],
            [3, 'Ann', '👍', true],
        ]),
        [],
    );
    assert.deepEqual(
        after([
            [2, 'Ann', '👍'],
            [3, 'Ann', '👍', true],
            [4, 'Ann', '👍'],
        ]),
        [['👍', 'Ann']],
    );
    assert.deepEqual(after([[2, 'Ann', '👍']], 'e-9'), [], 'of another message');
});

test('in whatever order they are read the newest of each person counts, and the first is first', () => {
    const all = [
        [2, 'Ann', '👍'],
        [3, 'Bo', '🎉'],
        [4, 'Cy', '👍'],
        [5, 'Ann', '👍', true],
        [6, 'Dan', '❤️'],
    ];
    const expected = after(all);
    assert.deepEqual(expected, [
        ['🎉', 'Bo'],
        ['👍', 'Cy'],
        ['❤️', 'Dan'],
    ]);
    assert.deepEqual(after([...all].reverse()), expected);
    assert.deepEqual(after([...all.slice(2), ...all.slice(0, 2)]), expected, 'a page of older messages');
});

test('within a millisecond the number decides', () => {
    const reactions = new Reactions();
    const apply = (number, isRemoved) =>
        reactions.apply({ id: `e-${number}`, time: 1, from: 'Ann' }, { to: 'e-1', emoji: '👍', isRemoved });
    apply(10, true);
    apply(9, false);
    assert.deepEqual(reactions.of('e-1'), []);
});

test('those without a name are one', () => {
    assert.deepEqual(
        after([
            [2, undefined, '👍'],
            [3, undefined, '👍'],
        ]),
        [['👍', '']],
    );
});

test('of very many messages the first are forgotten', () => {
    const reactions = new Reactions();
    for (let to = 1; to <= 5001; to += 1)
        reactions.apply({ id: 'e-9000', time: 1, from: 'Ann' }, { to: `e-${to}`, emoji: '👍', isRemoved: false });
    assert.deepEqual(
        [reactions.of('e-1').length, reactions.of('e-2').length, reactions.of('e-5001').length],
        [0, 1, 1],
    );
});
