import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LARGEST_MESSAGE, createOutbox, sizeNotice } from '../../../../web/app/model/outbox.js';
import { AnteroomError } from '../../../../web/client/anteroom.js';
import { fakeClock, settled } from '../../fakes.mjs';

const away = () => new AnteroomError('the server cannot be reached');
const busy = (retryAfter) => new AnteroomError('full', { status: 503, retryAfter });
const refused = () => new AnteroomError('too long', { status: 413 });

/** An outbox whose POSTs the test answers; `delivered` has the keys that came by the subscription. */
function desk() {
    const clock = fakeClock();
    const log = [];
    const posts = [];
    const delivered = new Set();
    const outbox = createOutbox({
        ...clock,
        random: () => 1,
        publish: (message) => new Promise((accept, refuse) => posts.push({ message, accept, refuse })),
        isSettled: (key) => delivered.has(key),
        onStarted: (key) => log.push(`started ${key}`),
        onAccepted: (key, { id }) => log.push(`accepted ${key} ${id}`),
        onWaiting: (key, error) => log.push(`waits ${key}: ${error.message}`),
        onFailed: (key, error) => log.push(`failed ${key}: ${error.message}`),
        onChange() {},
    });
    const add = (...keys) => {
        for (const key of keys) outbox.add({ key, data: 'hi', as: 'me', time: clock.now() });
        return settled();
    };
    const keys = () => outbox.messages.map(({ key }) => key);
    return { clock, log, posts, delivered, outbox, add, keys };
}

test('sends one after the other', async () => {
    const { log, posts, add, keys } = desk();
    await add('a', 'b', 'c');
    assert.equal(posts.length, 1);
    assert.deepEqual([posts[0].message.data, posts[0].message.as], ['hi', 'me']);
    posts[0].accept({ id: 'e-1' });
    await settled();
    posts[1].refuse(refused());
    await settled();
    assert.equal(posts.length, 3, 'a refusal does not hold up the next');
    assert.deepEqual(log, ['started a', 'accepted a e-1', 'started b', 'failed b: too long', 'started c']);
    assert.deepEqual(keys(), ['c']);
});

test('without a server all wait in order, and go by themselves', async () => {
    const { clock, log, posts, add, keys } = desk();
    await add('a', 'b');
    for (const pause of [500, 1000, 2000, 4000, 5000, 5000]) {
        posts.at(-1).refuse(away());
        await settled();
        assert.deepEqual(clock.pending, [pause]);
        await clock.advance(pause);
    }
    assert.equal(new Set(posts.map(({ message }) => message.key)).size, 1, 'nothing overtakes');
    assert.deepEqual(keys(), ['a', 'b']);
    posts.at(-1).accept({ id: 'e-1' });
    await settled();
    posts.at(-1).accept({ id: 'e-2' });
    await settled();
    assert.deepEqual(log.slice(-3), ['accepted a e-1', 'started b', 'accepted b e-2']);
    assert.deepEqual(clock.pending, []);
});

test('a connection ends the pause, and a server that is busy has its own', async () => {
    const { clock, posts, outbox, add } = desk();
    await add('a');
    posts[0].refuse(busy(9000));
    await settled();
    assert.deepEqual(clock.pending, [9000]);
    outbox.connected(true);
    await settled();
    assert.equal(posts.length, 2);
    posts[1].refuse(busy());
    await settled();
    outbox.connected(true);
    assert.equal(posts.length, 2, 'it was connected already');
    assert.deepEqual(clock.pending, [500]);
});

test('what cannot be an answer of a server is a failure, and publish may throw at once', async () => {
    const log = [];
    const outbox = createOutbox({
        publish: () => {
            throw new TypeError('no');
        },
        isSettled: () => false,
        onStarted() {},
        onChange() {},
        onFailed: (key, error) => log.push(`${key} ${error.message}`),
    });
    outbox.add({ key: 'a' });
    outbox.add({ key: 'b' });
    await settled();
    assert.deepEqual(log, ['a no', 'b no']);
});

test('is taken back unless it is being sent', async () => {
    const { clock, posts, outbox, add, keys } = desk();
    await add('a', 'b', 'c');
    assert.equal(outbox.take('a'), undefined);
    assert.equal(outbox.take('c').key, 'c');
    assert.equal(outbox.take('nothing'), undefined);
    posts[0].refuse(away());
    await settled();
    assert.equal(outbox.take('a').key, 'a');
    await settled();
    assert.equal(posts[1].message.key, 'b', 'the next does not wait for its pause');
    assert.deepEqual(keys(), ['b']);
    assert.deepEqual(clock.pending, []);
});

test('what the subscription has delivered is not sent again', async () => {
    const { clock, posts, delivered, add, keys } = desk();
    await add('a', 'b');
    posts[0].refuse(away());
    await settled();
    delivered.add('a');
    await clock.advance(500);
    assert.equal(posts[1].message.key, 'b');
    assert.deepEqual(keys(), ['b']);
});

test('what a server may have forgotten is sent again only once the subscription has caught up', async () => {
    const { clock, posts, outbox } = desk();
    const since = clock.now() - 10 * 60_000;
    outbox.add({ key: 'old', data: 'x', as: 'me', time: since, since });
    await clock.advance(60_000);
    assert.equal(posts.length, 0);
    outbox.connected(true);
    await clock.advance(1000);
    assert.equal(posts.length, 0);
    await clock.advance(500);
    assert.equal(posts.length, 1);
    posts[0].accept({ id: 'e-1' });
    await settled();
    assert.equal(outbox.messages.length, 0);
});

test('since when it may have been published is kept, and forgotten if it was not', async () => {
    const { clock, posts, outbox, add } = desk();
    await add('a');
    const { since } = outbox.messages[0];
    assert.equal(since, clock.now());
    posts[0].refuse(away());
    await clock.advance(500);
    assert.equal(outbox.messages[0].since, since);
    posts[1].refuse(busy());
    await settled();
    assert.equal(outbox.messages[0].since, undefined);
});

test('closed, it sends nothing any more', async () => {
    const { clock, posts, outbox, add } = desk();
    await add('a', 'b');
    posts[0].refuse(away());
    await settled();
    outbox.close();
    await clock.advance(60_000);
    outbox.connected(true);
    assert.equal(posts.length, 1);
});

test('tells the size when it matters, in bytes', () => {
    assert.deepEqual(sizeNotice('hi'), { tooLarge: false, text: '' });
    assert.deepEqual(sizeNotice('x'.repeat(LARGEST_MESSAGE)), { tooLarge: false, text: '64.0 of 64 KiB' });
    assert.equal(sizeNotice('x'.repeat(LARGEST_MESSAGE + 1)).tooLarge, true);
    assert.match(sizeNotice('ü'.repeat(LARGEST_MESSAGE)).text, /^128\.0 KiB: too long/);
    assert.equal(sizeNotice('€'.repeat(22_000)).tooLarge, true);
    assert.deepEqual(sizeNotice('x'.repeat(30_000)), { tooLarge: false, text: '' });
});
