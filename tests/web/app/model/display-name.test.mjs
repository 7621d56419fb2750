import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hue, initial, storedName, nameFromInput, nameProblem } from '../../../../web/app/model/display-name.js';

test('takes what people type', () => {
    assert.equal(nameFromInput('  Ann \t  Bo\n'), 'Ann Bo');
    assert.equal(nameFromInput('a\u0000b'), 'a b');
    assert.equal(nameFromInput('u\u0308'), 'ü');
});

test('a name has 1 to 64 characters', () => {
    for (const good of ['a', 'x'.repeat(64), '🎉'.repeat(64)]) assert.equal(nameProblem(good), '');
    for (const bad of ['', 'x'.repeat(65), '🎉'.repeat(65), '\udc00']) assert.notEqual(nameProblem(bad), '');
});

test('what memory holds may be no name', () => {
    assert.equal(storedName('Ann'), 'Ann');
    for (const other of [undefined, null, 7, '', ['Ann']]) assert.equal(storedName(other), undefined);
});

test('the initial is what people see as the first letter', () => {
    const cases = [
        ['ann', 'A'],
        ['ümit', 'Ü'],
        ['👩‍🚀 x', '👩‍🚀'],
        ['山田', '山'],
        ['', '?'],
        [undefined, '?'],
    ];
    for (const [name, letter] of cases) assert.equal(initial(name), letter);
});

test('a name always has the same one of ten hues, and names differ', () => {
    const names = Array.from({ length: 200 }, (_, index) => `person ${index}`);
    const hues = names.map(hue);
    assert.deepEqual(hues, names.map(hue));
    assert.ok(hues.every((value) => Number.isInteger(value) && value >= 0 && value < 10));
    assert.equal(new Set(hues).size, 10);
    assert.equal(hue(undefined), hue(''));
});
