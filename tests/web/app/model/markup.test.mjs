import assert from 'node:assert/strict';
import { test } from 'node:test';

import { blocks, plainText } from '../../../../web/app/model/message-format.js';
import { mentions } from '../../../../web/app/model/mentions.js';
import { visibleText } from '../../../../web/app/model/visible-text.js';

/** Blocks in short: <s>strong</s>, <e>emphasized</e>, <x>struck</x>, <c>code</c>, [words|target], {mention}. */
function inline(parts) {
    const look = ({ text, href, code, strong, em, strike, mention }) => {
        let shown = href ? `[${text}|${href}]` : text;
        if (code) shown = `<c>${shown}</c>`;
        if (mention) shown = mention === 'me' ? `{{${shown}}}` : `{${shown}}`;
        if (em) shown = `<e>${shown}</e>`;
        if (strong) shown = `<s>${shown}</s>`;
        return strike ? `<x>${shown}</x>` : shown;
    };
    return parts.map(look).join('');
}

function look(block) {
    if (block.kind === 'text') return inline(block.parts);
    if (block.kind === 'code') return `CODE(${block.text})`;
    if (block.kind === 'quote') return `QUOTE(${block.blocks.map(look).join(' / ')})`;
    return `LIST${block.start ?? ''}(${block.items.map(inline).join(' / ')})`;
}

const shown = (text, me) => blocks(text, me).map(look).join(' / ');

test('emphasis, where marks are a pair', () => {
    const cases = [
        ['**a b** *c* _d_ ~~e~~', '<s>a b</s> <e>c</e> <e>d</e> <x>e</x>'],
        ['**a *b* c**', '<s>a </s><s><e>b</e></s><s> c</s>'],
        ['(*a*), "**b**".', '(<e>a</e>), "<s>b</s>".'],
        ['*a `b` c*', '<e>a </e><e><c>b</c></e><e> c</e>'],
        ['**[x](https://a.example)**', '<s>[x|https://a.example/]</s>'],
        ['*a\nb*', '<e>a\nb</e>'],
        ['2 * 3 * 4', '2 * 3 * 4'],
        ['2*3*4', '2*3*4'],
        ['snake_case_name __init__', 'snake_case_name __init__'],
        ['** a ** *** ****', '** a ** *** ****'],
        ['*a', '*a'],
        ['a*', 'a*'],
        ['*a **b* c**', '<e>a **b</e> c**'],
        ['*a\n\nb*', '*a\n\nb*'],
        ['https://a.example/_b_/*c*', '[https://a.example/_b_/*c|https://a.example/_b_/*c]*'],
        ['`**a**`', '<c>**a**</c>'],
        ['**', '**'],
        ['****', '****'],
    ];
    for (const [text, expected] of cases) assert.equal(shown(text), expected, text);
});

test('lists, quotes and code', () => {
    const cases = [
        ['- a\n- *b*\n* c', 'LIST(a / <e>b</e> / c)'],
        ['1. a\n2) b', 'LIST1(a / b)'],
        ['7. a', 'LIST7(a)'],
        ['- a\n1. b', 'LIST(a) / LIST1(b)'],
        ['x\n- a\ny', 'x / LIST(a) / y'],
        ['-a\n-\n1.5 x', '-a\n-\n1.5 x'],
        ['> a\n>b\nc', 'QUOTE(a\nb) / c'],
        ['> - a\n> > b', 'QUOTE(LIST(a) / QUOTE(b))'],
        ['>>>>> deep', 'QUOTE(QUOTE(QUOTE(>> deep)))'],
        ['> ```\n> a\n> ```', 'QUOTE(CODE(a))'],
        ['- a\n```\n- b\n```', 'LIST(a) / CODE(- b)'],
    ];
    for (const [text, expected] of cases) assert.equal(shown(text), expected, text);
    assert.equal(plainText(blocks('**a**\n- b\n- c\n> d\n```\ne\n```')), 'a\nb\nc\nd\ne');
});

test('words that are a link, unless they promise another one', () => {
    const cases = [
        ['[the door](https://a.example/x)', '[the door|https://a.example/x]'],
        ['[a](http://a.example) b', '[a|http://a.example/] b'],
        ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
        ['[bank.example](https://evil.example)', '[bank.example](https://evil.example)'],
        ['[a] (https://a.example)', '[a] ([https://a.example|https://a.example/])'],
    ];
    for (const [text, expected] of cases) assert.equal(shown(text), expected, text);
});

test('who is mentioned, and who is not', () => {
    const cases = [
        ['@Ann hi', '{{@Ann}} hi'],
        ['hi @ann, and @Bo.', 'hi {{@ann}}, and {@Bo}.'],
        ['@Anna @Ann-Marie a@ann.example', '{@Anna} {@Ann-Marie} a@ann.example'],
        ['*@Ann*', '<e>{{@Ann}}</e>'],
        ['`@Ann` @', '<c>@Ann</c> @'],
    ];
    for (const [text, expected] of cases) assert.equal(shown(text, 'Ann'), expected, text);
    assert.equal(shown('@ann lee: hi', 'Ann Lee'), '{{@ann lee}}: hi');
    assert.equal(shown('@Ann', undefined), '{@Ann}');
    assert.ok(mentions('hey @ANN!', 'Ann'));
    for (const text of ['Ann', 'x@Ann', '@Anne', '', undefined, { a: '@Ann' }]) assert.ok(!mentions(text, 'Ann'));
});

test('a text full of marks takes no time, and none of it is lost', () => {
    const size = 64 * 1024;
    for (const piece of ['*', '**a', '*a ', '_a_ ', '~~', '@', '@a', '> ', '- a\n', '>\n', '[', '[a](', '*a **b ', '1. *\n']) {
        const text = piece.repeat(size / piece.length);
        const began = process.cpuUsage().user;
        const kept = plainText(blocks(text, 'a')).replace(/[^a-z]/g, '').length;
        assert.ok(process.cpuUsage().user - began < 2_000_000, JSON.stringify(piece));
        assert.equal(kept, text.replace(/[^a-z]/g, '').length, JSON.stringify(piece));
    }
});

test('what cannot be seen in a name is shown by its number', () => {
    const cases = [
        ['Ann', 'Ann'],
        ['\u202eevil', '‹U+202E›evil'],
        ['a\u200bb\u2066', 'a‹U+200B›b‹U+2066›'],
        ['x\u{e0041}', 'x‹U+E0041›'],
        ['👩‍🚀 می‌خواهم', '👩‍🚀 می‌خواهم'],
        ['a\u200db', 'a‹U+200D›b'],
        ['née', 'née'],
        ['tab\there', 'tab‹U+0009›here'],
    ];
    for (const [name, expected] of cases) assert.equal(visibleText(name), expected);
});
