import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countText, createUnread, tabTitle } from '../../../../web/app/model/unread.js';

test('counts what comes while nobody looks', () => {
    const unread = createUnread();
    unread.add(['1']);
    assert.deepEqual([unread.count, unread.since], [0, undefined]);
    unread.setActive(false);
    unread.add([]);
    assert.equal(unread.since, undefined);
    unread.add(['2', '3']);
    unread.add(['4']);
    assert.deepEqual([unread.count, unread.since, unread.missed], [3, '2', 3]);
});

test('looking clears the count; the line stays until one looks away again', () => {
    const unread = createUnread();
    unread.setActive(false);
    unread.add(['1']);
    unread.setActive(false);
    assert.equal(unread.since, '1', 'looking away twice is looking away once');
    unread.setActive(true);
    assert.deepEqual([unread.count, unread.since], [0, '1']);
    unread.add(['2']);
    assert.deepEqual([unread.count, unread.since], [0, '1']);
    unread.setActive(false);
    assert.equal(unread.since, undefined);
    unread.add(['3']);
    assert.deepEqual([unread.count, unread.since], [1, '3']);
    unread.clearLine();
    assert.deepEqual([unread.count, unread.since], [1, undefined]);
});

test('may begin with nobody looking: the line tells how many came until somebody does', () => {
    const unread = createUnread(false);
    unread.add(['1', '2']);
    assert.equal(unread.setActive(true), true, 'there is a line to show');
    assert.equal(unread.setActive(true), false);
    unread.add(['3']);
    assert.deepEqual([unread.count, unread.since, unread.missed], [0, '1', 2]);
    unread.setActive(false);
    assert.equal(unread.setActive(true), false);
});

test('what another tab has shown is not unread here', () => {
    const unread = createUnread(false);
    unread.add(['1', '2', '3']);
    unread.seenElsewhere((key) => key > '1');
    assert.deepEqual([unread.count, unread.since, unread.missed], [2, '2', 2]);
    unread.seenElsewhere(() => false);
    assert.deepEqual([unread.count, unread.since, unread.missed], [0, undefined, 0]);
    unread.add(['4']);
    unread.setActive(true);
    unread.seenElsewhere(() => false);
    assert.equal(unread.since, '4', 'the line that somebody looks at stays');
});

test('the title tells', () => {
    assert.equal(tabTitle('lobby', 0), 'lobby · anteroom');
    assert.equal(tabTitle('lobby', 3), '(3) lobby · anteroom');
    assert.equal(countText(99), '99');
    assert.equal(tabTitle('lobby', 100), '(99+) lobby · anteroom');
});
