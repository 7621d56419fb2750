import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
    isEmoji,
    meaningOf,
    reactionTo,
    renamed,
    replyTo,
    roomOfTyping,
    textOf,
    typing,
    typingRoom,
} from '../../../../web/app/model/vocabulary.js';

const TO = '0a1b-12';

test('what is made here is understood here', () => {
    const message = { id: TO, from: 'Ann', data: 'hello **you**' };
    assert.deepEqual(meaningOf(replyTo(message, 'hi')), {
        kind: 'reply',
        to: TO,
        text: 'hi',
        quote: { from: 'Ann', text: 'hello you' },
    });
    const given = { kind: 'reaction', to: TO, emoji: '👍' };
    assert.deepEqual(meaningOf(reactionTo(TO, '👍')), { ...given, isRemoved: false });
    assert.deepEqual(meaningOf(reactionTo(TO, '👍', { remove: true })), { ...given, isRemoved: true });
    assert.deepEqual(meaningOf(renamed('Ann')), { kind: 'renamed', was: 'Ann' });
    assert.deepEqual(meaningOf(typing()), { kind: 'typing' });
});

test('as JSON they are what docs/page.md says, since other clients read them', () => {
    const cases = [
        [
            replyTo({ id: TO, from: 'Ann', data: 'a' }, 'b'),
            `{"type":"reply","to":"${TO}","text":"b","quote":{"from":"Ann","text":"a"}}`,
        ],
        [replyTo({ id: TO, data: 'a' }, 'b'), `{"type":"reply","to":"${TO}","text":"b","quote":{"text":"a"}}`],
        [reactionTo(TO, '👍'), `{"type":"reaction","to":"${TO}","emoji":"👍"}`],
        [reactionTo(TO, '👍', { remove: true }), `{"type":"reaction","to":"${TO}","emoji":"👍","remove":true}`],
        [renamed('Ann'), '{"type":"renamed","was":"Ann"}'],
        [typing(), '{"type":"typing"}'],
    ];
    for (const [data, json] of cases) assert.equal(JSON.stringify(data), json);
});

test('anything of another form is a value like any other', () => {
    const values = [
        'text',
        '',
        null,
        42,
        true,
        [],
        { type: 'photo' },
        { type: 'reply', to: TO },
        { type: 'reply', to: TO, text: '  ' },
        { type: 'reply', to: TO, text: 7 },
        { type: 'reply', to: 'no id', text: 'a' },
        { type: 'reply', to: `${'a'.repeat(64)}-1`, text: 'a' },
        { type: 'reply', text: 'a' },
        { type: 'reaction', to: TO, emoji: 'ok' },
        { type: 'reaction', to: TO },
        { type: 'reaction', to: 'x"y-1', emoji: '👍' },
        { type: 'reaction', emoji: '👍' },
        { type: 'renamed' },
        { type: 'renamed', was: '' },
        { type: 'renamed', was: ['Ann'] },
        [{ type: 'typing' }],
    ];
    for (const value of values) assert.deepEqual(meaningOf(value), { kind: 'content' }, JSON.stringify(value));
});

test('of a reply the quote may be missing or odd', () => {
    const quoted = (quote) => meaningOf({ type: 'reply', to: TO, text: 'a', quote }).quote;
    for (const quote of [undefined, null, 'a', 7, {}, { from: 1, text: 2 }, { from: ' ', text: ' ' }])
        assert.deepEqual(quoted(quote), { from: undefined, text: '' }, JSON.stringify(quote));
    assert.equal(quoted({ text: 'x'.repeat(70_000) }).text.length, 120, 'cut to a line');
});

test('a reply quotes what the other says, whatever it is', () => {
    const quoteOf = (data) => replyTo({ id: TO, data }, 'b').quote.text;
    assert.equal(quoteOf({ a: [1] }), '{"a":[1]}');
    assert.equal(quoteOf('one\n\n> two\n- *three*'), 'one two three');
    assert.equal(quoteOf(replyTo({ id: TO, data: 'first' }, 'second')), 'second');
    assert.equal(textOf(replyTo({ id: TO, data: 'first' }, 'second')), 'second');
    assert.equal(textOf('plain'), 'plain');
    assert.equal(textOf(undefined), 'undefined');
});

test('one emoji, and nothing that changes what is around it', () => {
    for (const emoji of ['👍', '👍🏽', '❤️', '👩‍👩‍👧‍👦', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '#️⃣', '©️'])
        assert.equal(isEmoji(emoji), true, emoji);
    const others = [
        '',
        'a',
        'a👍',
        '👍 👍',
        '1',
        '#',
        '<b>👍',
        '\u202e👍',
        '👍\u2066',
        '👍\u200f',
        '👍\u0301',
        '👍'.repeat(17),
        7,
        null,
    ];
    for (const other of others) assert.equal(isEmoji(other), false, JSON.stringify(other));
});

test('typing has a room of its own', () => {
    assert.equal(typingRoom('a b'), 'a b:typing');
    assert.equal(roomOfTyping('a b:typing'), 'a b');
    assert.equal(roomOfTyping(typingRoom('a:typing')), 'a:typing');
    assert.equal(roomOfTyping('a:presence'), undefined);
});
