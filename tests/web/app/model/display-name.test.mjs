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

test('a name is something to see, without marks that hide', () => {
    const good = ['ann bo', '👩‍🚀', '❤️‍🔥 ann', 'علی‌رضا', 'क्‍ष'];
    for (const name of good) {
        assert.equal(nameProblem(name), '', name);
        assert.equal(nameFromInput(name), name);
    }
    for (const mark of ['\u200b', '\u200c', '\u200d', '\u200e', '\u202e', '\u2066', '\u2060', '\ufeff', '\u00ad']) {
        for (const name of [mark, `a${mark}`, `a${mark}b`, `${mark}b`]) {
            assert.notEqual(nameProblem(name), '', JSON.stringify(name));
            assert.equal(nameFromInput(name), name.replace(mark, '').trim());
        }
    }
    const stray = ['ann1\ufe0f', 'さ\ufe0fくら', '🙂\ufe0f\ufe0f', '€\ufe0f', 'ع\u200dلی', 'ا\u200cر', 'क\u200dष'];
    for (const name of stray) assert.notEqual(nameProblem(name), '', JSON.stringify(name));
    assert.equal(nameProblem('1\ufe0f\u20e3 র\u200d্য'), '');
    for (const blank of [' ', '\u00a0\u2003', '\u3164', '\ufe0f', '\u2800']) assert.notEqual(nameProblem(blank), '');
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
