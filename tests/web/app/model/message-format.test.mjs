import assert from 'node:assert/strict';
import { test } from 'node:test';

import { blocks, summary } from '../../../../web/app/model/message-format.js';
import { splitLinks } from '../../../../web/app/model/links.js';

/** Parts as text, links in [brackets]. */
const linked = (text) =>
    splitLinks(text)
        .map((part) => (part.href ? `[${part.text}]` : part.text))
        .join('');

test('finds addresses and leaves the sentence around them alone', () => {
    const cases = [
        ['no address', 'no address'],
        ['', ''],
        ['http://a.example', '[http://a.example]'],
        ['HTTPS://A.example/B', '[HTTPS://A.example/B]'],
        ['see https://a.example/x?y=1&z=%20#f.', 'see [https://a.example/x?y=1&z=%20#f].'],
        ['https://a.example, https://b.example!', '[https://a.example], [https://b.example]!'],
        ['(https://a.example/x)', '([https://a.example/x])'],
        ['https://en.example/wiki/Door_(bolt)', '[https://en.example/wiki/Door_(bolt)]'],
        ['(see https://en.example/wiki/Door_(bolt)).', '(see [https://en.example/wiki/Door_(bolt)]).'],
        ['"https://a.example"', '"[https://a.example]"'],
        ['<https://a.example>', '<[https://a.example]>'],
        ['**https://a.example**', '**[https://a.example]**'],
        ['https://a.example/ü/日本', '[https://a.example/ü/日本]'],
        ['http://127.0.0.1:8080/room/lobby', '[http://127.0.0.1:8080/room/lobby]'],
        ['a\nhttps://a.example\nb', 'a\n[https://a.example]\nb'],
        ['xhttps://a.example', 'xhttps://a.example'],
        [
            'javascript:alert(1) data:text/html,x ftp://a.example',
            'javascript:alert(1) data:text/html,x ftp://a.example',
        ],
        ['javascript:https://a.example', 'javascript:[https://a.example]'],
        ['https:// http://. https://[', 'https:// http://. https://['],
        ['<a href="https://a.example">x</a>', '<a href="[https://a.example]">x</a>'],
    ];
    for (const [text, expected] of cases) assert.equal(linked(text), expected);
});

test('what a link leads to is what it shows, as http or https', () => {
    for (const { text, href } of splitLinks('https://a.example/?q=<x> http://b.example/"x https://user@c.example/')) {
        if (!href) continue;
        assert.match(href, /^https?:/);
        assert.equal(new URL(text).href, href);
    }
});

test('nothing of a text is lost, and it takes no time', () => {
    const long = 64 * 1024;
    const texts = [
        ')'.repeat(long),
        `https://a.example/${')'.repeat(long)}`,
        'https://'.repeat(long / 8),
        `https://a${'('.repeat(long)}`,
    ];
    for (const text of texts) {
        const began = process.cpuUsage().user;
        assert.equal(
            splitLinks(text)
                .map((part) => part.text)
                .join(''),
            text,
        );
        assert.ok(process.cpuUsage().user - began < 2_000_000, 'microseconds of CPU');
    }
});

const text = (...parts) => ({ kind: 'text', parts });
const code = (body, label = '') => ({ kind: 'code', text: body, label });

test('text keeps its lines, code is set apart', () => {
    const cases = [
        ['hi', [text({ text: 'hi' })]],
        ['a\r\nb\rc', [text({ text: 'a\nb\nc' })]],
        ['\n\n  a\n\n', [text({ text: '  a' })]],
        [
            'use `a <b>` and `c`',
            [text({ text: 'use ' }, { text: 'a <b>', code: true }, { text: ' and ' }, { text: 'c', code: true })],
        ],
        ['`https://a.example`', [text({ text: 'https://a.example', code: true })]],
        ['a ` b\nc ` d', [text({ text: 'a ` b\nc ` d' })]],
        ['```\na `b`\n  c\n```', [code('a `b`\n  c')]],
        ['x\n```js\na\n\n```\ny', [text({ text: 'x' }), code('a\n', 'js'), text({ text: 'y' })]],
        ['```\nnever closed', [text({ text: '```\nnever closed' })]],
        ['```\n```', [code('')]],
        ['a ```b``` c', [text({ text: 'a ``' }, { text: 'b', code: true }, { text: '`` c' })]],
    ];
    for (const [data, expected] of cases) assert.deepEqual(blocks(data), expected, JSON.stringify(data));
});

test('JSON values are shown as such', () => {
    assert.deepEqual(blocks({ a: [1, '<b>'] }), [code('{\n  "a": [\n    1,\n    "<b>"\n  ]\n}', 'JSON')]);
    assert.deepEqual(blocks([]), [code('[]', 'JSON')]);
    for (const [data, shown] of [
        [7, '7'],
        [true, 'true'],
        [null, 'null'],
    ]) {
        assert.deepEqual(blocks(data), [text({ text: shown, code: true })]);
    }
    assert.equal(blocks(undefined)[0].parts[0].text, 'undefined');
});

test('a text full of fences takes no time', () => {
    const began = process.cpuUsage().user;
    for (const line of ['```a\n', '```\n', '`', '``` \n']) blocks(line.repeat((64 * 1024) / line.length));
    assert.ok(process.cpuUsage().user - began < 2_000_000, 'microseconds of CPU');
});

test('a summary is one short line', () => {
    assert.equal(summary(' a\n\n b '), 'a b');
    assert.equal(summary({ a: 1 }), '{"a":1}');
    assert.equal(summary('x'.repeat(500)).length, 120);
    assert.equal(summary(undefined), 'undefined');
});
