import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LARGEST_MESSAGE, UNKNOWN, createOutbox, sizeNotice } from '../../../../web/app/model/outbox.js';
import { AnteroomError } from '../../../../web/client/anteroom.js';
import { fakeClock, settled } from '../../fakes.mjs';

const away = () => new AnteroomError('the server cannot be reached');
const busy = (retryAfter) => new AnteroomError('full', { status: 503, retryAfter });
const refused = () => new AnteroomError('too long', { status: 413 });

/** An outbox whose POSTs, and questions whether a message was published, the test answers. */
function desk() {
    const clock = fakeClock();
    const log = [];
    const posts = [];
    const questions = [];
    const asking = (list) => (message) => new Promise((accept, refuse) => list.push({ message, accept, refuse }));
    const outbox = createOutbox({
        ...clock,
        random: () => 1,
        publish: asking(posts),
        find: asking(questions),
        cursor: () => 'e-7',
        onStarted: (key) => log.push(`started ${key}`),
        onAccepted: (key, { id }) => log.push(`accepted ${key} ${id}`),
        onWaiting: ({ key }, error) => log.push(`waits ${key}: ${error.message}`),
        onFailed: ({ key }, error, { uncertain }) =>
            log.push(`failed ${key}: ${error.message}${uncertain ? ' (uncertain)' : ''}`),
        onChange() {},
    });
    const add = (...keys) => {
        for (const key of keys) outbox.add({ key, data: 'hi', as: 'me', time: clock.now() });
        return settled();
    };
    const keys = () => outbox.messages.map(({ key }) => key);
    return { clock, log, posts, questions, outbox, add, keys };
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
        cursor() {},
        onStarted() {},
        onChange() {},
        onFailed: ({ key }, error, { uncertain }) => log.push(`${key} ${error.message} ${uncertain}`),
    });
    outbox.add({ key: 'a' });
    outbox.add({ key: 'b' });
    await settled();
    assert.deepEqual(log, ['a no false', 'b no false']);
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

/** Sends `a`, whose answer is lost, and lets minutes pass in which the server forgets its key. */
async function forgotten(desk, minutes = 10) {
    await desk.add('a');
    desk.posts[0].refuse(away());
    await settled();
    desk.posts.length = 0;
    await desk.clock.sleep(minutes * 60_000);
}

test('what a server may have forgotten is looked for, and sent again if it was not published', async () => {
    const here = desk();
    const { posts, questions, log, keys } = here;
    await forgotten(here);
    assert.deepEqual([posts.length, questions.length], [0, 1]);
    const { after, as, data } = questions[0].message;
    assert.deepEqual([after, as, data], ['e-7', 'me', 'hi']);
    questions[0].refuse(away());
    await here.clock.advance(5000);
    assert.equal(questions.length, 2, 'until there is an answer');
    questions[1].accept(undefined);
    await settled();
    posts[0].accept({ id: 'e-9' });
    await settled();
    assert.deepEqual([log.at(-1), keys()], ['accepted a e-9', []]);
});

test('what is found has been published; where nobody can tell, the user decides', async () => {
    const found = desk();
    await forgotten(found);
    found.questions[0].accept({ id: 'e-8', time: 1 });
    await settled();
    assert.deepEqual([found.log.at(-1), found.keys(), found.posts], ['accepted a e-8', [], []]);

    const unknown = desk();
    await forgotten(unknown);
    const { message } = unknown.questions[0];
    unknown.questions[0].accept(UNKNOWN);
    await settled();
    assert.equal(unknown.log.at(-1), 'failed a: It may have been published: nobody can tell any more. (uncertain)');
    assert.deepEqual([unknown.keys(), unknown.posts], [[], []]);
    unknown.outbox.add(message);
    await settled();
    assert.equal(unknown.posts.length, 1, 'sent again because the user said so');
});

test('a clock that was set back tells nothing', async () => {
    const here = desk();
    await here.add('a');
    here.posts[0].refuse(away());
    await settled();
    await here.clock.sleep(-60 * 60_000);
    await here.clock.advance(500);
    assert.equal(here.questions.length, 1);
});

test('a key is used as long as it is surely known, and doubt stays doubt', async () => {
    const { clock, posts, log, outbox, add } = desk();
    await add('a');
    const { since, after } = outbox.messages[0];
    assert.deepEqual([since, after], [clock.now(), 'e-7']);
    posts[0].refuse(away()); // may have been published
    await clock.advance(500);
    posts[1].refuse(busy()); // not by this attempt
    await settled();
    assert.equal(outbox.messages[0].since, since);
    await clock.advance(1000);
    posts[2].refuse(refused());
    await settled();
    assert.equal(log.at(-1), 'failed a: too long (uncertain)');

    await add('b');
    posts[3].refuse(busy());
    await settled();
    assert.equal(outbox.messages[0].since, undefined, 'nothing was published');
    await clock.advance(500);
    posts[4].refuse(refused());
    await settled();
    assert.equal(log.at(-1), 'failed b: too long');
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
