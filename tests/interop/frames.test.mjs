// WebSocket frames, right and wrong, in bytes: the cases that conformance suites ask for, adapted to a server whose text
// frames are publishes and that answers each with an ack.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { BINARY, CLOSE, PING, PONG, TEXT, closeFrame, frame, openRaw } from './raw_websocket.mjs';
import { factsOf, startServer, waitingIn } from './server.mjs';
import { within } from './waiting.mjs';

const MAX = 4096; // of a message
const MAX_FRAME = 6 * MAX + 4096;
let server;
let packing;
before(async () => {
    server = await startServer(['--max-body', String(MAX)]);
    packing = await startServer(['--max-body', String(MAX), '--websocket-deflate']);
});
after(async () => {
    assert.equal(await server.stop(), 0);
    assert.equal(await packing.stop(), 0);
});

let count = 0;
const nextRoom = () => `frames-${++count}`;
const urlOf = (room, at = server) => `${at.url}/room/${room}/subscribe?after=0`;
const hello = (data = 'hello', key) => JSON.stringify({ data, key });
const pieces = (bytes, size) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
const told = (one) => JSON.parse(one.payload);

/** A text message in frames of `size` bytes, with `between` after each but the last. */
function fragments(text, size, between = []) {
    const parts = pieces(Buffer.from(text), size);
    return parts.flatMap((part, i) => [
        frame(i === 0 ? TEXT : 0, part, { fin: i === parts.length - 1 }),
        ...(i < parts.length - 1 ? between : []),
    ]);
}

const isAck = (one) => one.opcode === TEXT && told(one).ack !== undefined;
const isPong = (payload) => (one) => one.opcode === PONG && one.payload.equals(Buffer.from(payload));

// What is sent, and what has to come back before the connection is found to be well.
const well = [
    ['one frame', [frame(TEXT, hello())], [isAck]],
    ['one frame, a byte at a time', pieces(frame(TEXT, hello()), 1), [isAck], { apart: true }],
    ['payload of 125 bytes', [frame(TEXT, hello('x'.repeat(125 - hello('').length)))], [isAck]],
    ['payload of 126 bytes', [frame(TEXT, hello('x'.repeat(126 - hello('').length)))], [isAck]],
    ['payload of 127 bytes', [frame(TEXT, hello('x'.repeat(127 - hello('').length)))], [isAck]],
    ['the longest payload', [frame(TEXT, hello('x'.repeat(MAX - hello('').length)))], [isAck]],
    ['two messages in one write', [frame(TEXT, hello('one')), frame(TEXT, hello('two'))], [isAck, isAck]],
    ['two fragments', fragments(hello(), 8), [isAck]],
    ['fragments of one byte', fragments(hello('äöü😀'), 1), [isAck]],
    [
        'fragments, first and last empty',
        [frame(TEXT, '', { fin: false }), frame(0, hello(), { fin: false }), frame(0, '')],
        [isAck],
    ],
    ['pings between fragments', fragments(hello(), 6, [frame(PING, 'p')]), [isPong('p'), isPong('p'), isAck]],
    ['pongs between fragments', fragments(hello(), 4, [frame(PONG, 'p')]), [isAck]],
    ['ping without payload', [frame(PING)], [isPong('')]],
    ['ping with text', [frame(PING, 'Hello, world!')], [isPong('Hello, world!')]],
    [
        'ping with bytes that are no text',
        [frame(PING, Buffer.from([0, 255, 254, 253, 0]))],
        [isPong(Buffer.from([0, 255, 254, 253, 0]))],
    ],
    ['ping of 125 bytes', [frame(PING, 'x'.repeat(125))], [isPong('x'.repeat(125))]],
    [
        'ping of 125 bytes, a byte at a time',
        pieces(frame(PING, 'x'.repeat(125)), 1),
        [isPong('x'.repeat(125))],
        { apart: true },
    ],
    ['pong that nobody asked for, and a ping', [frame(PONG, 'x'), frame(PING, 'y')], [isPong('y')]],
    [
        'ten pings at once',
        Array.from({ length: 10 }, (_, i) => frame(PING, `${i}`)),
        Array.from({ length: 10 }, (_, i) => isPong(`${i}`)),
    ],
    [
        'text of every length of UTF-8',
        [frame(TEXT, hello('\u0000\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}'))],
        [isAck],
    ],
    [
        'code point split between frames',
        [
            frame(TEXT, Buffer.from('{"data":"\xf0\x9f', 'latin1'), { fin: false }),
            frame(0, Buffer.from('\x98\x80"}', 'latin1')),
        ],
        [isAck],
    ],
    [
        'masked with zeros',
        [Buffer.concat([Buffer.from([0x81, 0x80 | hello().length, 0, 0, 0, 0]), Buffer.from(hello())])],
        [isAck],
    ],
];

for (const [name, sent, expected, { apart = false } = {}] of well) {
    test(`right: ${name}`, async () => {
        const room = nextRoom();
        const one = await openRaw(urlOf(room));
        assert.ok(one.accepted, one.head);
        if (apart)
            for (const each of sent) await new Promise((done) => one.socket.write(each, () => setImmediate(done)));
        else one.send(...sent);
        // Frames of messages that were published come too; they are not what is counted here.
        const answers = () => one.frames.all.filter((each) => each.opcode !== TEXT || !('data' in told(each)));
        await one.frames.first(() => answers().length >= expected.length);
        const acks = answers().filter(isAck).length;
        for (const [i, matches] of expected.entries())
            assert.ok(matches(answers()[i]), answers()[i].payload.toString());
        await one.frames.first((all) => all.length >= expected.length + acks);
        assert.equal((await factsOf(server.url, room)).messages, acks);
        for (const each of one.frames.all) assert.deepEqual([each.fin, each.rsv, each.masked], [1, 0, 0]);
        one.send(closeFrame(1000));
        await within(5000, 'the end of the socket', one.over);
        assert.equal(one.frames.all.at(-1).code, 1000);
        await waitingIn(server.url, room, 0);
    });
}

const bytes = (...values) => Buffer.from(values);
const badText = {
    'a byte that is never in UTF-8': bytes(0xff),
    'a continuation on its own': bytes(0x80),
    'a code point cut off': bytes(0xe2, 0x82),
    'a surrogate': bytes(0xed, 0xa0, 0x80),
    'beyond the last code point': bytes(0xf4, 0x90, 0x80, 0x80),
    'a longer form than needed': bytes(0xc0, 0xaf),
    'a longer form than needed, in three': bytes(0xe0, 0x80, 0xaf),
};
const around = (middle) => Buffer.concat([Buffer.from('{"data":"'), middle, Buffer.from('"}')]);

// What is sent, and the code that the connection is closed with.
const wrong = [
    ['an opcode that is reserved, 3', [frame(3, 'x')], 1002],
    ['an opcode that is reserved, 7', [frame(7)], 1002],
    ['an opcode that is reserved, 11', [frame(11, 'x')], 1002],
    ['an opcode that is reserved, 15', [frame(15)], 1002],
    ['reserved bit 1 without an extension', [frame(TEXT, hello(), { rsv: 4 })], 1002],
    ['reserved bit 2', [frame(TEXT, hello(), { rsv: 2 })], 1002],
    ['reserved bit 3', [frame(TEXT, hello(), { rsv: 1 })], 1002],
    ['reserved bits in a ping', [frame(PING, 'x', { rsv: 7 })], 1002],
    ['not masked', [frame(TEXT, hello(), { masked: false })], 1002],
    ['a ping in fragments', [frame(PING, 'x', { fin: false }), frame(0, 'y')], 1002],
    ['a ping of 126 bytes', [frame(PING, 'x'.repeat(126))], 1002],
    ['a close of 126 bytes', [frame(CLOSE, Buffer.concat([bytes(3, 232), Buffer.alloc(124, 'x')]))], 1002],
    ['a continuation of nothing', [frame(0, hello())], 1002],
    ['a continuation of nothing, to be continued', [frame(0, hello(), { fin: false })], 1002],
    ['a continuation after a whole message', [frame(TEXT, hello()), frame(0, 'x')], 1002, 1],
    ['a new message in the middle of another', [frame(TEXT, '{"da', { fin: false }), frame(TEXT, hello())], 1002],
    ['a length in more bytes than needed, 2', [frame(TEXT, 'x'.repeat(20), { lengthBytes: 2 })], 1002],
    ['a length in more bytes than needed, 8', [frame(TEXT, 'x'.repeat(200), { lengthBytes: 8 })], 1002],
    ['binary', [frame(BINARY, hello())], 1003],
    ['binary in fragments', [frame(BINARY, 'x', { fin: false })], 1003],
    ['longer than allowed', [frame(TEXT, hello('x'.repeat(MAX + 1)))], 1009],
    ['longer than allowed, by its announcement alone', [frame(TEXT, '', { length: MAX_FRAME + 1, lengthBytes: 2 })], 1009],
    ['longer than allowed, 2^62', [frame(TEXT, '', { length: 2n ** 62n, lengthBytes: 8 })], 1009],
    ['longer than allowed, in fragments', [frame(TEXT, 'x'.repeat(MAX), { fin: false }), frame(0, 'y')], 1009],
    ...Object.entries(badText).map(([name, text]) => [`text with ${name}`, [frame(TEXT, around(text))], 1007]),
    ...Object.entries(badText).map(([name, text]) => [
        `text in fragments with ${name}`,
        [frame(TEXT, around(text).subarray(0, 10), { fin: false }), frame(PING), frame(0, around(text).subarray(10))],
        1007,
    ]),
    ['a close with half a code', [frame(CLOSE, 'x')], 1002],
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map((code) => [
        `a close with code ${code}`,
        [closeFrame(code)],
        1002,
    ]),
    [
        'a close with a reason that is no text',
        [frame(CLOSE, Buffer.concat([bytes(3, 232), badText['a surrogate']]))],
        1007,
    ],
    ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map((code) => [
        `nothing: a close with code ${code}`,
        [closeFrame(code, 'bye')],
        code,
    ]),
    ['nothing: a close without code', [frame(CLOSE)], undefined],
    ['nothing: a close, and a message after it', [closeFrame(1000), frame(TEXT, hello())], 1000],
    ['nothing: a close in the middle of a message', [frame(TEXT, '{"da', { fin: false }), closeFrame(1000)], 1000],
];

for (const [name, sent, code, acks = 0] of wrong) {
    test(`wrong: ${name}`, async () => {
        const room = nextRoom();
        const one = await openRaw(urlOf(room));
        assert.ok(one.accepted, one.head);
        one.send(...sent);
        const [last] = (
            await one.frames.first((all) => all.some(({ opcode }) => opcode === CLOSE), 5000, 'the close')
        ).slice(-1);
        assert.equal(last.code, code);
        await within(5000, 'the end of the socket', one.over);
        assert.equal(one.frames.all.filter(isAck).length, acks);
        assert.equal((await factsOf(server.url, room)).messages, acks, 'nothing appended');
        await waitingIn(server.url, room, 0);
    });
}

test('frames that are no publish are answered with what is wrong, and the connection goes on', async () => {
    const one = await openRaw(urlOf(nextRoom()));
    const bad = [
        '',
        'x',
        '[]',
        '"x"',
        '1',
        '{}',
        '{"data":1,}',
        '{"key":"k"}',
        '{"data":1,"key":2}',
        '{"data":1,"key":""}',
        '{"data":1,"room":"other"}',
        `{"data":1,"key":"${'k'.repeat(129)}"}`,
    ];
    one.send(...bad.map((text) => frame(TEXT, text)), frame(TEXT, '{"data":null,"key":"good"}'));
    await one.frames.first(bad.length + 2);
    const all = one.frames.all.map(told);
    for (const [i, text] of bad.entries())
        assert.deepEqual([all[i].error?.status, typeof all[i].error?.detail], [400, 'string'], text);
    assert.equal(all[bad.length].ack.key, 'good');
    assert.equal(all[bad.length + 1].data, null);
    one.socket.destroy();
});

const refusals = [
    ['another version', { 'Sec-WebSocket-Version': 8 }, 426],
    ['no version', { 'Sec-WebSocket-Version': undefined }, 426],
    ['no key', { 'Sec-WebSocket-Key': undefined }, 400],
    ['a key that is too short', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }, 400],
    ['a page of another origin', { Origin: 'http://evil.example' }, 403],
];
for (const [name, fields, status] of refusals) {
    test(`handshake with ${name}: ${status}`, async () => {
        const one = await openRaw(urlOf(nextRoom()), fields);
        assert.ok(one.head.startsWith(`HTTP/1.1 ${status} `), one.head);
        assert.match(one.head, /content-type: application\/problem\+json/i);
        if (status === 426) assert.match(one.head, /sec-websocket-version: 13/i);
        one.socket.destroy();
    });
}

for (const fields of [
    { Connection: 'keep-alive, Upgrade' },
    { Connection: 'upgrade', Upgrade: 'WebSocket' },
    { Upgrade: 'h2c, websocket' },
    { 'Sec-WebSocket-Extensions': 'permessage-deflate', Origin: undefined },
]) {
    test(`handshake with ${JSON.stringify(fields)}, and a frame right behind it`, async () => {
        const one = await openRaw(urlOf(nextRoom()), fields, frame(TEXT, hello('early')));
        assert.ok(one.accepted, one.head);
        assert.doesNotMatch(one.head, /extensions/i);
        await one.frames.first(2);
        assert.ok(one.frames.all.some(isAck));
        one.socket.destroy();
    });
}

// permessage-deflate (RFC 7692), in bytes.
for (const [offer, taken] of [
    ['permessage-deflate', true],
    ['permessage-deflate; server_no_context_takeover; client_no_context_takeover', true],
    ['permessage-deflate; client_max_window_bits=15', true],
    ['x-other, permessage-deflate', true],
    ['permessage-deflate; server_max_window_bits=10, permessage-deflate', true],
    ['permessage-deflate; unknown', false],
    ['permessage-deflate; client_no_context_takeover=1', false],
    ['permessage-deflate; client_max_window_bits=99', false],
    ['permessage-deflate; client_no_context_takeover; client_no_context_takeover', false],
    ['x-other', false],
]) {
    test(`packed: the offer ${offer} is ${taken ? 'taken' : 'declined'}`, async () => {
        const one = await openRaw(urlOf(nextRoom(), packing), { 'Sec-WebSocket-Extensions': offer });
        one.socket.destroy();
        assert.ok(one.accepted, one.head);
        assert.equal(/permessage-deflate/.test(one.head), taken, one.head);
    });
}

const pack = (text) => deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4);
const openPacked = (room) =>
    openRaw(urlOf(room, packing), { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });

test('packed: messages both ways, in one frame and in fragments with a ping between', async () => {
    const one = await openPacked(nextRoom());
    assert.match(one.head, /sec-websocket-extensions: permessage-deflate/i);
    const text = hello('packed '.repeat(100));
    const packed = pack(text);
    one.send(frame(TEXT, packed, { rsv: 4 }));
    one.send(
        frame(TEXT, packed.subarray(0, 9), { rsv: 4, fin: false }),
        frame(PING, 'p'),
        frame(0, packed.subarray(9)),
    );
    one.send(frame(TEXT, hello('plain')));
    const whole = (all) => all.filter((each) => each.opcode === TEXT && !isPacked(each) && isAck(each)).length;
    const isPacked = ({ rsv }) => rsv === 4;
    await one.frames.first((all) => whole(all) === 3 && all.length === 7);
    const messages = one.frames.all.filter(isPacked);
    assert.equal(messages.length, 2);
    for (const each of messages) {
        const bytes = inflateRawSync(Buffer.concat([each.payload, Buffer.from([0, 0, 255, 255])]), { finishFlush: 2 });
        assert.equal(JSON.parse(bytes).data, 'packed '.repeat(100));
        assert.ok(each.payload.length < 100);
    }
    one.socket.destroy();
});

for (const [name, sent, code] of [
    ['what unpacks to more than allowed', [frame(TEXT, pack(hello('x'.repeat(100 * MAX))), { rsv: 4 })], 1009],
    [
        'what unpacks to one byte more than allowed',
        [frame(TEXT, pack(hello('x'.repeat(MAX + 1))), { rsv: 4 })],
        1009,
    ],
    [
        'one byte more than allowed, in a last block',
        [frame(TEXT, deflateRawSync(hello('x'.repeat(MAX + 1))), { rsv: 4 })],
        1009,
    ],
    ['what cannot be unpacked', [frame(TEXT, Buffer.alloc(20, 0xff), { rsv: 4 })], 1007],
    ['bad UTF-8', [frame(TEXT, pack(around(bytes(0xff))), { rsv: 4 })], 1007],
    ['the bit on a continuation', [frame(TEXT, pack(hello()), { rsv: 4, fin: false }), frame(0, '', { rsv: 4 })], 1002],
    ['the bit on a ping', [frame(PING, 'x', { rsv: 4 })], 1002],
]) {
    test(`packed, wrong: ${name}`, async () => {
        const room = nextRoom();
        const one = await openPacked(room);
        one.send(...sent);
        await one.frames.first(1);
        assert.equal(one.frames.all[0].code, code);
        assert.equal((await factsOf(packing.url, room)).messages, 0);
        await within(5000, 'the end of the socket', one.over);
    });
}

test('packed: the longest message is taken', async () => {
    const one = await openPacked(nextRoom());
    one.send(frame(TEXT, pack(hello('x'.repeat(MAX - hello('').length))), { rsv: 4 }));
    await one.frames.first(2);
    assert.ok(one.frames.all.some((each) => each.rsv === 0 && isAck(each)));
    one.socket.destroy();
});
