import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applied, namesMatching, suggestionAt } from '../../../../web/app/model/suggestions.js';

/** What is suggested at the `|` of a text: `emoji part`, `mention part`; '' for nothing. */
function at(marked) {
    const caret = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = suggestionAt(text, caret);
    if (!found) return '';
    const { kind, part, from, to } = found;
    assert.equal(text.slice(from, to), (kind === 'emoji' ? ':' : '@') + part);
    assert.equal(to, caret);
    return `${kind} ${part}`;
}

test('an emoji from two characters of its name on', () => {
    const cases = [
        [':sm|', 'emoji sm'],
        ['hi :smi|', 'emoji smi'],
        ['hi (:smi|)', 'emoji smi'],
        ['a\n:Smi|\nb', 'emoji Smi'],
        [':+1|', 'emoji +1'],
        [':-1|', 'emoji -1'],
        [':1st|', 'emoji 1st'],
        [':stuck_out-t|', 'emoji stuck_out-t'],
        ['日本:sm|', 'emoji sm'],
        [':sm|:', 'emoji sm'],
        [':|', ''],
        [':s|', ''],
        [':)|', ''],
        ['10:30|', ''],
        ['at :30|', ''],
        ['a:sm|', ''],
        ['::sm|', ''],
        ['std::sm|', ''],
        [':smile:|', ''],
        [':smile |', ''],
        [':sm|i', ''],
        ['https://sm|', ''],
        [`:${'a'.repeat(40)}|`, `emoji ${'a'.repeat(40)}`],
        [`:${'a'.repeat(41)}|`, ''],
    ];
    for (const [text, expected] of cases) assert.equal(at(text), expected, text);
});

test('a name from the @ on, of up to three words', () => {
    const cases = [
        ['@|', 'mention '],
        ['hi @|', 'mention '],
        ['hi @An|', 'mention An'],
        ['(@An|)', 'mention An'],
        ['@Ann B|', 'mention Ann B'],
        ['@Ann Bo C|', 'mention Ann Bo C'],
        ['@Ann Bo Cy D|', ''],
        ['@Ann |', ''],
        ['@ |', ''],
        ['@Ann  B|', ''],
        ['@Ann\n|', ''],
        ['@Ann\nB|', ''],
        ['@Ann @B|', 'mention B'],
        ['日本@山|', 'mention 山'],
        ['日本@An|さん', 'mention An'],
        ['@O’Neil-x.y|', 'mention O’Neil-x.y'],
        ['ann@example|', ''],
        ['1@2|', ''],
        ['@@|', ''],
        ['https://a.example/@an|', ''],
        ['@An|n', ''],
        [`@${'🎉'.repeat(64)}|`, `mention ${'🎉'.repeat(64)}`],
        [`@${'🎉'.repeat(65)}|`, ''],
        ['@ann: :sm|', 'emoji sm'],
        ['', ''],
    ];
    for (const [text, expected] of cases) assert.equal(at(text.includes('|') ? text : `${text}|`), expected, text);
});

test('nothing in code', () => {
    const cases = [
        ['`a :sm|', ''],
        ['`@an|`', ''],
        ['`a` :sm|', 'emoji sm'],
        ['`\n:sm|', 'emoji sm'],
        ['```\n:sm|', ''],
        ['```js\n@an|\n```', ''],
        ['```\na\n```\n:sm|', 'emoji sm'],
        ['```a b\n:sm|', 'emoji sm'],
    ];
    for (const [text, expected] of cases) assert.equal(at(text), expected, text);
});

test('a long text takes no time', () => {
    for (const piece of [':', '@', ':a', '@a ', '@a', 'a ', '`', '```\n', 'a']) {
        const text = piece.repeat((64 * 1024) / piece.length);
        const began = process.cpuUsage().user;
        for (let caret = text.length - 10; caret <= text.length; caret += 1) suggestionAt(text, caret);
        assert.ok(process.cpuUsage().user - began < 1_000_000, `microseconds of CPU for ${JSON.stringify(piece)}`);
    }
});

test('names that start so come first, then those with such a word, whatever the case and accents', () => {
    const names = ['Bo Ann', 'Ann', 'Änne Marie', 'Joann', 'Bo Lee Chang', '山田'];
    const cases = [
        ['', names],
        ['ann', ['Ann', 'Änne Marie', 'Bo Ann']],
        ['ANN', ['Ann', 'Änne Marie', 'Bo Ann']],
        ['änne', ['Änne Marie']],
        ['a\u0308nne m', ['Änne Marie']],
        ['bo l', ['Bo Lee Chang']],
        ['lee ch', ['Bo Lee Chang']],
        ['山', ['山田']],
        ['o', []],
        ['.', []],
    ];
    for (const [part, expected] of cases) assert.deepEqual(namesMatching(part, names), expected, part);
});

test('a choice replaces what was written, and a space follows', () => {
    const chosen = (marked, replacement) => {
        const caret = marked.indexOf('|');
        const text = marked.replace('|', '');
        const result = applied(text, suggestionAt(text, caret), replacement);
        return `${result.text.slice(0, result.caret)}|${result.text.slice(result.caret)}`;
    };
    assert.equal(chosen(':sm|', '😄'), '😄 |');
    assert.equal(chosen('a :sm| b', '😄'), 'a 😄 |b');
    assert.equal(chosen('a :sm|\nb', '😄'), 'a 😄 |\nb');
    assert.equal(chosen('(@an|)', '@Ann Bo'), '(@Ann Bo |)');
});
