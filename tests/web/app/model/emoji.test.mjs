import assert from 'node:assert/strict';
import { test } from 'node:test';

import { emojiOf, findEmoji, groups, nameOf, replaceShortcodes } from '../../../../web/app/model/emoji.js';
import { blocks } from '../../../../web/app/model/message-format.js';

const all = groups.flatMap(({ emoji }) => emoji);
const names = all.flatMap((each) => each.names);
const graphemes = (text) => [...new Intl.Segmenter().segment(text)].length;
const found = (part, limit) => findEmoji(part, limit).map(({ emoji }) => emoji);

test('every entry is one emoji that is shown in colours, with names that are used once', () => {
    assert.ok(all.length > 300);
    for (const { emoji, names: own, words } of all) {
        assert.equal(graphemes(emoji), 1, emoji);
        assert.match(emoji, /^\p{Emoji_Presentation}|\ufe0f/u, `${emoji} is text without a variation selector`);
        assert.ok(own.length > 0, emoji);
        for (const name of own) assert.match(name, /^[a-z0-9_+-]{1,40}$/, emoji);
        for (const word of words) assert.match(word, /^[a-z0-9_-]+$/, emoji);
        for (const word of words) assert.ok(!own.includes(word), `${emoji} /${word}`);
    }
    assert.equal(new Set(names).size, names.length);
    assert.equal(new Set(all.map(({ emoji }) => emoji)).size, all.length);
    assert.ok(groups.every(({ name, emoji }) => name !== '' && emoji.length > 0));
});

test('a name has an emoji, an emoji a name', () => {
    for (const { emoji, names: own } of all) {
        for (const name of own) assert.equal(emojiOf(name), emoji);
        assert.equal(nameOf(emoji), own[0]);
    }
    const cases = { '+1': '👍', thumbsup: '👍', heart: '❤️', tada: '🎉', 100: '💯', SMILE: '😄' };
    for (const [name, emoji] of Object.entries(cases)) assert.equal(emojiOf(name), emoji);
    for (const name of ['', 'no such name', 'constructor', '__proto__', ':smile:'])
        assert.equal(emojiOf(name), undefined);
    assert.equal(nameOf('❤'), 'heart', 'as some systems write it');
    for (const text of ['', 'x', '❤️❤️']) assert.equal(nameOf(text), undefined);
});

test('the name itself comes first, then names that start so, then words in names and other words', () => {
    assert.equal(found('heart')[0], '❤️', 'the name itself');
    assert.equal(found('smile')[0], '😄');
    assert.deepEqual(findEmoji('thumbsu'), [{ emoji: '👍', name: 'thumbsup' }]);
    assert.deepEqual(findEmoji('lol'), [{ emoji: '😂', name: 'joy' }], 'another word: shown with its first name');
    assert.ok(found('cat').indexOf('🐱') < found('cat').indexOf('😻'));
    assert.ok(found('eyes').includes('😍'));
    assert.deepEqual(found('TaDa'), ['🎉']);
    assert.deepEqual(found('green heart'), ['💚']);
    assert.deepEqual(found('  green   heart '), ['💚']);
    assert.deepEqual(found('green zebra'), []);
    assert.equal(found('face', 5).length, 5);
    for (const part of ['', ' ', 'zzzz', '.*', '__', '\\']) assert.deepEqual(found(part), [], part);
});

test('every name finds its emoji first, every start of a name finds it', () => {
    for (const { emoji, names: own } of all) {
        for (const name of own) {
            assert.deepEqual(findEmoji(name, 1), [{ emoji, name }]);
            for (let end = 1; end < name.length; end += 1) assert.ok(found(name.slice(0, end)).includes(emoji), name);
        }
    }
});

test('names between colons become emoji', () => {
    const cases = [
        [':smile:', '😄'],
        ['hi :wave:, all', 'hi 👋, all'],
        ['(:heart:)', '(❤️)'],
        [':+1::tada:', '👍🎉'],
        [':+1: :-1:', '👍 👎'],
        [':Smile: :OK:', '😄 🆗'],
        ['done: :100:!', 'done: 💯!'],
        [':smile::nothing::tada:', '😄:nothing:🎉'],
        ['こんにちは:wave:', 'こんにちは👋'],
        ['😄:wave:😄', '😄👋😄'],
        ['a\r\n:tada:\rb\n:tada:\n', 'a\r\n🎉\rb\n🎉\n'],
        ['**:fire:**', '**🔥**'],
        ['see https://a.example :eyes:', 'see https://a.example 👀'],
    ];
    for (const [text, expected] of cases) assert.equal(replaceShortcodes(text), expected, text);
});

test('what only looks like a name stays', () => {
    const cases = [
        '10:30:15',
        '1:100:2',
        'at :30:15',
        '[fe80:100::1] ::100: ::1',
        'std::heart::beat',
        'a:heart:b',
        'über:key:',
        ':key:value',
        '::heart::',
        ': heart :',
        ':heart',
        'heart:',
        ':no such name:',
        ':nothing:',
        ':constructor: :__proto__:',
        'https://a.example/:heart:/x?y=:tada:',
        'git+ssh://host/:key:',
        '`:heart:` and `a :tada: b`',
        '```\n:heart:\n```',
        '```js\n a :tada: b\n\n:heart:\n``` ',
        ':\n:heart',
    ];
    for (const text of cases) assert.equal(replaceShortcodes(text), text);
});

test('beside code names are replaced', () => {
    const cases = [
        ['`:heart:` :heart:', '`:heart:` ❤️'],
        ['a ` :heart:\n` :heart:', 'a ` ❤️\n` ❤️'],
        [':tada:\n```\n:heart:\n```\n:tada:', '🎉\n```\n:heart:\n```\n🎉'],
        ['```\n:heart: in a fence that is never closed', '```\n❤️ in a fence that is never closed'],
        ['```a b\n:heart:\n```', '```a b\n❤️\n```'],
    ];
    for (const [text, expected] of cases) assert.equal(replaceShortcodes(text), expected, text);
});

// Pseudo-random, the same each time.
function* texts(pieces, count) {
    let seed = 1;
    const next = (below) => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return (seed >>> 8) % below;
    };
    for (let made = 0; made < count; made += 1) {
        yield Array.from({ length: next(16) }, () => pieces[next(pieces.length)]).join('');
    }
}

test('what is shown as code is never changed', () => {
    const codeOf = (text) =>
        blocks(text).flatMap((block) =>
            block.kind === 'code' ? [block.text] : block.parts.filter(({ code }) => code).map((part) => part.text),
        );
    const pieces = [
        ':tada:',
        ':heart:',
        '`',
        '```',
        '```js',
        '\n',
        '\n',
        '\r\n',
        '\r',
        ' ',
        'a',
        ':',
        'https://a.example/',
    ];
    for (const text of texts(pieces, 20_000)) {
        const replaced = replaceShortcodes(text);
        assert.deepEqual(codeOf(replaced), codeOf(text), JSON.stringify(text));
        assert.equal(replaceShortcodes(replaced), replaced, JSON.stringify(text));
    }
});

test('a text without known names never changes', () => {
    const pieces = [
        ':',
        ':',
        'nothing',
        ':nobody:',
        '30',
        '`',
        '```',
        '\n',
        '\r',
        ' ',
        '/',
        '+',
        '-',
        '_',
        'é',
        '❤',
        '\ud83d',
    ];
    for (const text of texts(pieces, 20_000)) assert.equal(replaceShortcodes(text), text);
});

test('it takes no time', () => {
    const long = 64 * 1024;
    const lines = [
        ':',
        ':a',
        ':a:',
        ':tada:',
        '::',
        'a',
        '`',
        '`a',
        '```\n',
        '```a\n',
        '://',
        'a://',
        ' :',
        ':\n',
        ':tada::',
    ];
    for (const line of lines) {
        for (const end of ['', 'x', ':', '`', '\n```']) {
            const text = line.repeat(long / line.length) + end;
            const began = process.cpuUsage().user;
            replaceShortcodes(text);
            assert.ok(process.cpuUsage().user - began < 1_000_000, `microseconds of CPU for ${JSON.stringify(line)}`);
        }
    }
    const began = process.cpuUsage().user;
    findEmoji('a '.repeat(20));
    findEmoji('a'.repeat(long));
    assert.ok(process.cpuUsage().user - began < 1_000_000, 'microseconds of CPU for a search');
});
