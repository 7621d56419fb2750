import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AnteroomError } from '../../../../web/client/anteroom.js';
import {
    createAnnouncer,
    describeState,
    gapText,
    transportSummary,
    sentence,
    storedTransport,
} from '../../../../web/app/model/status-text.js';

const online = { online: true, left: 2400 };
const error = new AnteroomError('The server cannot be reached.');
const waiting = (attempt, more) => ({ state: 'waiting', attempt, delay: 2400, draining: false, error, ...more });

test('every state has a label', () => {
    const cases = [
        [{ state: 'live' }, 'live', 'Live'],
        [{ state: 'connecting', attempt: 0 }, 'busy', 'Connecting…'],
        [{ state: 'connecting', attempt: 1 }, 'busy', 'Reconnecting…'],
        [waiting(1), 'busy', 'Reconnecting in 3 s'],
        [waiting(2), 'down', 'Reconnecting in 3 s'],
        [waiting(1, { draining: true }), 'busy', 'Server restarting, back in 3 s'],
        [{ state: 'failed', error }, 'down', 'Stopped'],
        [{ state: 'superseded' }, 'down', 'Stopped'],
    ];
    for (const [state, tone, label] of cases) {
        const said = describeState(state, online);
        assert.deepEqual([said.tone, said.label], [tone, label]);
    }
    assert.equal(describeState(waiting(1), { online: false, left: 9 }).label, 'Offline');
    assert.equal(describeState(waiting(1), { online: true, left: -5 }).label, 'Reconnecting in 1 s');
});

test('a notice appears when it lasts or is over, with something to do', () => {
    assert.deepEqual(describeState(waiting(1), online).notice, '');
    assert.deepEqual(describeState(waiting(1, { delay: 25_000 }), online).action, 'Try now');
    const lasting = describeState(waiting(2), online);
    assert.deepEqual([lasting.notice, lasting.action], ['The server cannot be reached.', 'Try now']);
    assert.match(describeState(waiting(2), { online: false, left: 9 }).notice, /offline/);
    assert.match(describeState(waiting(2, { draining: true, error: undefined }), online).notice, /restarting/);
    assert.match(describeState(waiting(2, { error: undefined }), online).notice, /lost/);
    const over = describeState({ state: 'failed', error: new AnteroomError('no such room', { status: 404 }) }, online);
    assert.deepEqual([over.notice, over.action], ['No such room.', 'Try again']);
    assert.deepEqual(describeState({ state: 'live' }, online).notice, '');
});

test('says aloud once that the connection is lost, and once that it is back', () => {
    const announce = createAnnouncer();
    const heard = [
        { state: 'connecting', attempt: 0 },
        { state: 'live' },
        waiting(1),
        { state: 'connecting', attempt: 1 },
        { state: 'live' }, // flickered: nothing said
        waiting(1),
        waiting(2),
        waiting(3),
        { state: 'live' },
        { state: 'failed', error },
        { state: 'superseded' },
    ].map(announce);
    assert.deepEqual(heard.filter(Boolean), [
        'Connection lost. Trying to reconnect.',
        'Connected again.',
        'Disconnected. The server cannot be reached.',
    ]);
    assert.match(createAnnouncer()({ state: 'superseded' }), /elsewhere/);
});

test('the server’s details become sentences', () => {
    assert.equal(sentence('the body is empty'), 'The body is empty.');
    assert.equal(sentence('Try again!'), 'Try again!');
});

test('by what messages come, in words', () => {
    const live = { state: 'live', transport: 'sse', leads: true };
    const all = 'for all tabs of this browser.';
    assert.equal(transportSummary(live, 'auto'), `SSE is in use. This tab holds the connection ${all}`);
    assert.equal(
        transportSummary({ ...live, leads: false }, 'sse'),
        `SSE is in use. Another tab holds the connection ${all}`,
    );
    assert.match(
        transportSummary({ ...live, transport: 'poll' }, 'websocket'),
        /^Long poll is in use. WebSocket does not get/,
    );
    assert.equal(
        transportSummary({ state: 'connecting', transport: 'websocket', attempt: 0 }, 'auto'),
        'Trying WebSocket.',
    );
    assert.equal(transportSummary({ state: 'failed', transport: 'sse', error }, 'auto'), 'Not connected.');
    assert.equal(transportSummary({ state: 'connecting', attempt: 0 }, 'auto'), 'Not connected.');
    for (const kept of ['poll', 'sse', 'websocket']) assert.equal(storedTransport(kept), kept);
    for (const kept of [undefined, 'auto', 'pigeon', 7, 'toString']) assert.equal(storedTransport(kept), 'auto');
});

test('gaps in words', () => {
    const cases = [
        [{ reason: 'evicted', missed: 17 }, '17 messages are gone.', 'The server no longer keeps them.'],
        [{ reason: 'evicted', missed: 1 }, '1 message is gone.', 'The server no longer keeps it.'],
        [{ reason: 'evicted' }, 'Messages may be gone.', 'The server no longer keeps them.'],
        [{ reason: 'restarted' }, 'Messages may be gone.', 'The server was restarted.'],
        [{ reason: 'deleted', missed: 1 }, '1 message is gone.', 'The room was emptied.'],
        [{ reason: 'deleted' }, 'Messages may be gone.', 'The room was emptied.'],
        [{ reason: 'deleted', missed: 0 }, 'The room was emptied.', ''],
        [{ reason: 'of tomorrow', missed: 2 }, '2 messages are gone.', ''],
    ];
    for (const [gap, what, why] of cases) assert.deepEqual(gapText(gap), { what, why });
});
