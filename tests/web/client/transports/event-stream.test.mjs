import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createEventStreamParser } from '../../../../web/client/transports/event-stream.js';

const whole = (text) => createEventStreamParser()(text);

test('reads blocks with all their fields', () => {
    const text =
        'retry: 2000\n\nid: e-1\n\n: keep-alive\n\nevent: gap\nid: e-2\ndata: {"a":1}\n\ndata:x\ndata\ndata:  y\n\n';
    assert.deepEqual(whole(text), [
        { retry: 2000 },
        { id: 'e-1' },
        { event: 'gap', id: 'e-2', data: '{"a":1}' },
        { data: 'x\n\n y' },
    ]);
});

test('what is not complete is kept for the next piece', () => {
    const read = createEventStreamParser();
    assert.deepEqual(read('data: a\n'), []);
    assert.deepEqual(read('\ndata: b'), [{ data: 'a' }]);
    assert.deepEqual(read('c\n\n'), [{ data: 'bc' }]);
});

test('any line end will do, and a mark at the start', () => {
    for (const end of ['\n', '\r\n', '\r'])
        assert.deepEqual(whole(`\uFEFFdata: a${end}id: 1${end}${end}data: b${end}${end}:${end}`), [
            { data: 'a', id: '1' },
            { data: 'b' },
        ]);
});

test('split anywhere it reads the same', () => {
    const text = 'id: 1\r\ndata: ü🎉\r\n\r\n:\n\nevent: gap\ndata: b\n\nretry: 5\n\ndata: c\n\n';
    const expected = whole(text);
    for (let one = 0; one <= text.length; one += 1)
        for (let two = one; two <= text.length; two += 1) {
            const read = createEventStreamParser();
            const pieces = [text.slice(0, one), text.slice(one, two), text.slice(two)];
            assert.deepEqual(pieces.flatMap(read), expected, `${one}, ${two}`);
        }
});

test('odd fields are left out', () => {
    assert.deepEqual(whole('retry: soon\nid: a\0b\nsomething: else\nDATA: x\n\n'), []);
});
