import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LARGEST_MESSAGE, createOutbox, sizeNotice } from '../../../../web/app/model/outbox.js';
import { settled } from '../../fakes.mjs';

function shell() {
    const log = [];
    const posts = [];
    const outbox = createOutbox({
        publish: (message) => new Promise((accept, refuse) => posts.push({ message, accept, refuse })),
        onStarted: (key) => log.push(`begun ${key}`),
        onAccepted: (key, { id }) => log.push(`accepted ${key} ${id}`),
        onFailed: (key, error) => log.push(`refused ${key} ${error.message}`),
    });
    return { log, posts, outbox };
}

test('sends one after the other', async () => {
    const { log, posts, outbox } = shell();
    for (const key of ['a', 'b', 'c']) outbox.send({ key, data: 'hi', as: 'me' });
    await settled();
    assert.equal(posts.length, 1);
    assert.deepEqual(posts[0].message, { key: 'a', data: 'hi', as: 'me' });
    posts[0].accept({ id: 'e-1' });
    await settled();
    posts[1].refuse(new Error('full'));
    await settled();
    assert.equal(posts.length, 3, 'a failure does not hold up the next');
    assert.deepEqual(log, ['begun a', 'accepted a e-1', 'begun b', 'refused b full', 'begun c']);
});

test('publish may throw at once', async () => {
    const log = [];
    const outbox = createOutbox({
        publish: () => {
            throw new Error('no');
        },
        onStarted() {},
        onAccepted: () => assert.fail(),
        onFailed: (key, error) => log.push(`${key} ${error.message}`),
    });
    await outbox.send({ key: 'a' });
    await outbox.send({ key: 'b' });
    assert.deepEqual(log, ['a no', 'b no']);
});

test('tells the size when it matters, in bytes', () => {
    assert.deepEqual(sizeNotice('hi'), { tooLarge: false, text: '' });
    assert.deepEqual(sizeNotice('x'.repeat(LARGEST_MESSAGE)), { tooLarge: false, text: '64.0 of 64 KiB' });
    assert.equal(sizeNotice('x'.repeat(LARGEST_MESSAGE + 1)).tooLarge, true);
    assert.match(sizeNotice('ü'.repeat(LARGEST_MESSAGE)).text, /^128\.0 KiB: too long/);
    assert.equal(sizeNotice('€'.repeat(22_000)).tooLarge, true);
    assert.deepEqual(sizeNotice('x'.repeat(30_000)), { tooLarge: false, text: '' });
});
