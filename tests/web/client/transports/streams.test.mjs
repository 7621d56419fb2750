// Server-sent events and WebSockets, and what happens where they do not get through.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fakeSockets, message, settled } from '../../fakes.mjs';
import { empty, following } from '../../following.mjs';

const START = 'retry: 2000\n\nid: e-1\n\n';
const block = (id) => `id: ${id}\ndata: ${JSON.stringify(message(id))}\n\n`;
const SSE = { transport: 'sse', leads: true };

/** A subscription whose stream is open. */
async function streaming(options) {
    const all = await following({ after: 'e-1', transport: 'sse', ...options });
    const stream = await all.network.last.stream();
    await stream.send(START);
    return { ...all, stream };
}

/** One whose WebSocket is open. */
async function connected(options) {
    const sockets = fakeSockets();
    const all = await following({
        after: 'e-1',
        transport: 'websocket',
        base: 'http://h',
        WebSocket: sockets.WebSocket,
        ...options,
    });
    await sockets.open();
    return { ...all, sockets };
}

test('a stream: asks for it, is live with its first bytes, hands over what comes', async () => {
    const { network, log, stream, handle } = await streaming();
    const { url, init } = network.last;
    assert.equal(url, '/room/lobby/subscribe?after=e-1');
    assert.equal(init.headers.Accept, 'text/event-stream');
    assert.deepEqual(log.at(-1), ['state', { state: 'live', ...SSE }]);
    await stream.send(block('e-2') + block('e-3').slice(0, 20));
    assert.equal(handle.cursor, 'lobby@e-2');
    await stream.send(block('e-3').slice(20));
    assert.deepEqual(log.at(-1).slice(1), [[{ ...message('e-3'), room: 'lobby' }], 'lobby@e-3']);
    assert.equal(network.requests.length, 1);
});

test('several rooms: composite cursors, and a gap in the middle stays in its place', async () => {
    const { network, log, handle } = await following({
        rooms: ['a', 'b c'],
        after: 'a@e-1,b%20c@f-1',
        transport: 'sse',
    });
    assert.equal(network.last.url, '/subscribe?room=a&room=b%20c&after=a@e-1,b%2520c@f-1');
    const stream = await network.last.stream();
    const said = (room, id, next) => `id: ${next}\ndata: ${JSON.stringify({ room, ...message(id) })}\n\n`;
    const gap = { room: 'a', reason: 'evicted', missed: 3 };
    await stream.send(
        said('a', 'e-2', 'a@e-2,b%20c@f-1') +
            said('b c', 'f-2', 'a@e-2,b%20c@f-2') +
            `event: gap\nid: a@e-5,b%20c@f-2\ndata: ${JSON.stringify(gap)}\n\n` +
            said('a', 'e-6', 'a@e-6,b%20c@f-2'),
    );
    const told = log
        .filter(([kind]) => kind !== 'state')
        .map(([kind, what, cursor]) => [kind, what.next ?? what.map(({ id }) => id), cursor]);
    assert.deepEqual(told, [
        ['messages', ['e-2', 'f-2'], 'a@e-2,b%20c@f-2'],
        ['gap', 'e-5', 'a@e-5,b%20c@f-2'],
        ['messages', ['e-6'], 'a@e-6,b%20c@f-2'],
    ]);
    assert.equal(handle.cursorOf('b c'), 'f-2');
});

test('a long cursor goes into a header', async () => {
    const rooms = Array.from({ length: 100 }, (_, index) => `room with a rather long name ${index}`);
    const { network } = await following({ rooms, after: '0', transport: 'sse' });
    const { url, init } = network.last;
    assert.ok(!url.includes('after='));
    assert.equal(init.headers['Last-Event-ID'].split(',').length, 100);
});

test('a repeated message is not handed over twice', async () => {
    const { stream, log } = await streaming();
    await stream.send(block('e-2') + block('e-2') + block('e-1') + block('e-3'));
    assert.deepEqual(
        log.at(-1)[1].map(({ id }) => id),
        ['e-2', 'e-3'],
    );
});

test('a stream that is cut goes on from its cursor', async () => {
    const { stream, network, clock, lastState, handle } = await streaming();
    await stream.send(block('e-2'));
    await stream.cut();
    assert.equal(lastState().state, 'waiting');
    await clock.advance(500);
    assert.equal(network.last.query.after, 'e-2');
    await (await network.last.stream()).send(START);
    assert.deepEqual(lastState(), { state: 'live', ...SSE });
    handle.close();
    assert.equal(network.last.aborted, true);
    await settled();
    assert.deepEqual(clock.pending, []);
});

test('a stream that ends in good time is opened again at once', async () => {
    const { stream, network, clock, states } = await streaming();
    await clock.advance(6000);
    await stream.end();
    assert.equal(network.requests.length, 2);
    assert.deepEqual(states(), ['connecting', 'live']);
});

test('a draining server says when to come back', async () => {
    const { stream, clock, network, lastState } = await streaming();
    await stream.send(`${block('e-2')}retry: 700\n\n`);
    await stream.end();
    assert.deepEqual([lastState().draining, lastState().delay], [true, 1200]);
    await clock.advance(1200);
    assert.equal(network.last.query.after, 'e-2');
});

test('a superseded stream ends it', async () => {
    const { stream, clock, network, lastState } = await streaming({ client: 'c' });
    assert.equal(network.last.query.client, 'c');
    await stream.send('event: superseded\ndata: {}\n\n');
    await stream.end();
    assert.equal(lastState().state, 'superseded');
    assert.deepEqual(clock.pending, []);
});

test('a stream that goes silent is given up after two and a half keep-alives', async () => {
    const { stream, clock, network, lastState } = await streaming();
    for (let count = 0; count < 3; count += 1) {
        await clock.advance(30_000);
        await stream.send(':\n\n');
    }
    await clock.advance(37_499);
    assert.equal(network.requests.length, 1);
    await clock.advance(1);
    assert.match(lastState().error.message, /silent/);
    await clock.advance(500);
    assert.equal(network.last.init.headers.Accept, 'text/event-stream');
});

test('no bytes within five seconds: the long poll takes over, and the stream is tried again later', async () => {
    for (const headersCome of [true, false]) {
        const { clock, network, states, lastState } = await following({
            after: 'e-1',
            transport: 'auto',
            WebSocket: undefined,
        });
        const stream = network.last;
        if (headersCome) await stream.stream();
        await clock.advance(4999);
        assert.equal(network.requests.length, 1);
        await clock.advance(1);
        assert.equal(stream.aborted, true);
        assert.deepEqual(network.last.query, { after: 'e-1', wait: '0' });
        await network.last.answer(empty('e-1'));
        assert.deepEqual(lastState(), { state: 'live', transport: 'poll', leads: true });
        assert.deepEqual(states(), ['connecting', 'live']);
        for (let minute = 0; minute < 6; minute += 1) {
            await clock.advance(24_000);
            if (network.last.init.headers.Accept === 'application/json') await network.last.answer(empty('e-1'));
            await clock.advance(36_000);
        }
        const asked = network.requests.filter(({ init }) => init.headers.Accept === 'text/event-stream');
        assert.equal(asked.length, 2);
    }
});

test('bytes at the start and then not even a keep-alive, twice: the long poll takes over', async () => {
    const { clock, network } = await streaming();
    await clock.advance(38_000);
    await (await network.last.stream()).send(START);
    await clock.advance(37_500);
    assert.equal(network.last.query.wait, '0');
});

test('a server that is away is no reason for another transport', async () => {
    const { clock, network, lastState } = await following({ after: 'e-1', transport: 'auto' });
    for (let count = 0; count < 4; count += 1) {
        assert.equal(network.last.init.headers.Accept, 'text/event-stream');
        await network.last.fail();
        assert.match(lastState().error.message, /cannot be reached/);
        await clock.advance(lastState().delay);
    }
});

test('if the poll fails, too, it was not the transport: the stream is next', async () => {
    const { clock, network, lastState } = await following({ after: 'e-1', transport: 'sse' });
    await clock.advance(5000);
    assert.equal(network.last.query.wait, '0');
    await network.last.fail();
    await clock.advance(lastState().delay);
    assert.equal(network.last.init.headers.Accept, 'text/event-stream');
});

test('answers that are no stream: another transport, or what they say', async () => {
    for (const status of [406, 501]) {
        const { network } = await following({ after: 'e-1', transport: 'sse' });
        await network.last.answer({}, { status });
        assert.equal(network.last.query.wait, '0', String(status));
    }
    const captive = await following({ after: 'e-1', transport: 'sse' });
    await captive.network.last.answer('<html>', { headers: { 'Content-Type': 'text/html' } });
    assert.equal(captive.network.last.query.wait, '0');
    const denied = await following({ after: 'e-1', transport: 'sse' });
    await denied.network.last.answer({ detail: 'No.' }, { status: 403 });
    assert.deepEqual([denied.lastState().state, denied.lastState().error.message], ['failed', 'No.']);
});

test('streams that end at once, three times: the long poll takes over', async () => {
    const { stream, clock, network } = await streaming();
    await stream.end();
    for (let count = 0; count < 2; count += 1) {
        await clock.advance(2000);
        const next = await network.last.stream();
        await next.send(START);
        await next.end();
    }
    assert.equal(network.last.query.wait, '0');
});

test('what is no message on a stream is a failure, and nothing is skipped', async () => {
    for (const data of ['{', '7', '{"id":7}', '{"id":"e-2","room":"other"}']) {
        const { stream, lastState, handle } = await streaming();
        await stream.send(`id: e-9\ndata: ${data}\n\n`);
        assert.match(lastState().error.message, /not from an anteroom/, data);
        assert.equal(handle.cursor, 'lobby@e-1');
    }
});

test('a WebSocket: its address, its frames, its places', async () => {
    const { sockets, log, handle, lastState } = await connected({ as: 'ann' });
    assert.equal(sockets.last.url, 'ws://h/room/lobby/subscribe?after=e-1&as=ann');
    assert.deepEqual(lastState(), { state: 'live', transport: 'websocket', leads: true });
    await sockets.send(message('e-2'));
    await sockets.send({ gap: { room: 'lobby', reason: 'evicted', missed: 2 }, next: 'e-4' });
    await sockets.send(message('e-5'));
    assert.deepEqual(
        log.slice(-3).map(([kind, , cursor]) => [kind, cursor]),
        [
            ['messages', 'lobby@e-2'],
            ['gap', 'lobby@e-4'],
            ['messages', 'lobby@e-5'],
        ],
    );
    handle.close();
    await settled();
    assert.equal(sockets.last.closed, true);
});

test('a WebSocket that closes says why', async () => {
    const superseded = await connected();
    await superseded.sockets.send({ superseded: true });
    assert.equal(superseded.lastState().state, 'superseded');

    const draining = await connected();
    await draining.sockets.send(message('e-2'));
    await draining.sockets.end(1001);
    assert.equal(draining.lastState().draining, true);
    await draining.clock.advance(500);
    assert.equal(draining.sockets.last.query.after, 'e-2');

    const lost = await connected();
    await lost.sockets.end(1006);
    assert.match(lost.lastState().error.message, /lost/);
});

test('no WebSocket here, or none that opens: a stream instead', async () => {
    const none = await following({ after: 'e-1', transport: 'websocket', base: 'http://h', WebSocket: undefined });
    assert.equal(none.network.last.init.headers.Accept, 'text/event-stream');

    const sockets = fakeSockets();
    const refused = await following({
        after: 'e-1',
        transport: 'websocket',
        base: 'http://h',
        WebSocket: sockets.WebSocket,
    });
    assert.equal(refused.network.requests.length, 0);
    await sockets.end(1006);
    assert.equal(refused.network.last.init.headers.Accept, 'text/event-stream');

    const stuck = await following({
        after: 'e-1',
        transport: 'websocket',
        base: 'http://h',
        WebSocket: sockets.WebSocket,
    });
    await stuck.clock.advance(5000);
    assert.equal(sockets.last.closed, true);
    assert.equal(stuck.network.last.init.headers.Accept, 'text/event-stream');
});

test('a quiet WebSocket is checked by a short request', async () => {
    const { sockets, clock, network, lastState } = await connected();
    await clock.advance(45_000);
    assert.equal(network.last.url, 'http://h/room/lobby/subscribe?after=e-1&wait=0');
    await network.last.answer(empty('e-1'));
    assert.equal(lastState().state, 'live');
    await clock.advance(45_000);
    await network.last.answer({ messages: [message('e-2')], next: 'e-2' });
    assert.match(lastState().error.message, /silent/);
    await clock.advance(500);
    assert.equal(sockets.last.query.after, 'e-1', 'the new connection brings it');
});

test('the transport changes while it runs, and nothing is lost', async () => {
    const { sockets, network, handle, lastState } = await connected();
    await sockets.send(message('e-2'));
    handle.setTransport('poll');
    await settled();
    assert.equal(sockets.last.closed, true);
    assert.deepEqual(network.last.query, { after: 'e-2', wait: '0' });
    await network.last.answer(empty('e-2'));
    assert.equal(lastState().transport, 'poll');
    handle.setTransport('sse');
    await settled();
    assert.equal(network.last.query.after, 'e-2');
    assert.throws(() => handle.setTransport('pigeon'), TypeError);
});
