import assert from 'node:assert/strict';
import { test } from 'node:test';

import { watchRooms } from '../../../../web/app/model/rooms-in-use.js';
import { fakeClock, settled } from '../../fakes.mjs';

/** A page that shows room `a` of a server with these rooms, and notes what it hears. */
function watching(all, facts = {}) {
    const clock = fakeClock();
    const state = { filter: '', isVisible: true, shown: 'a', fails: false, ...facts };
    const asked = [];
    const heard = [];
    const answer = async (what, value) => {
        asked.push(what);
        if (state.fails) throw new Error('The server cannot be reached.');
        return value;
    };
    const watch = watchRooms({
        rooms: ({ limit, prefix = '' }) =>
            answer(
                prefix ? `rooms ${prefix}` : 'rooms',
                all
                    .filter((room) => room.startsWith(prefix))
                    .slice(0, limit)
                    .map((room) => ({ room })),
            ),
        presence: ({ room }) => answer(`presence ${room}`, { present: [{ as: 'Bo' }] }),
        shown: () => state.shown,
        filter: () => state.filter,
        isVisible: () => state.isVisible,
        onRooms: (list) => heard.push(list.map(({ room }) => room)),
        onPresent: (room, { present }) => heard.push([room, present[0].as]),
        ...clock,
    });
    return { clock, state, asked, heard, watch };
}

test('asks at once, then every 20 s while the page is visible', async () => {
    const { clock, state, asked, heard, watch } = watching(['a', 'b']);
    watch.refresh();
    await settled();
    assert.deepEqual(asked, ['rooms', 'presence a']);
    assert.deepEqual(heard, [
        ['a', 'Bo'],
        ['a', 'b'],
    ]);
    await clock.advance(20_000);
    assert.equal(asked.length, 4);
    state.isVisible = false;
    await clock.advance(60_000);
    assert.equal(asked.length, 4);
    state.isVisible = true;
    await clock.advance(20_000);
    assert.equal(asked.length, 6);
    assert.equal(clock.pending.length, 1);
});

test('soon is once, and puts the next time off', async () => {
    const { clock, asked, watch } = watching(['a']);
    watch.refresh();
    await settled();
    watch.refreshSoon();
    watch.refreshSoon();
    await clock.advance(1500);
    assert.equal(asked.length, 4);
    assert.deepEqual(clock.pending, [20_000]);
});

const many = Array.from({ length: 1200 }, (_, index) => `room ${String(index).padStart(4, '0')}`);

test('where the list is cut, what is looked for is asked for by how it begins', async () => {
    const { state, asked, heard, watch } = watching([...many, 'zoo']);
    watch.refresh();
    await settled();
    assert.equal(heard.at(-1).length, 1000);
    assert.deepEqual(asked, ['rooms', 'presence a']);
    state.filter = 'zo';
    watch.refresh();
    await settled();
    assert.deepEqual(asked.slice(2), ['rooms', 'presence a', 'rooms zo']);
    assert.deepEqual([heard.at(-1).length, heard.at(-1).at(-1)], [1001, 'zoo']);
    state.filter = 'room 0';
    watch.refresh();
    await settled();
    assert.equal(new Set(heard.at(-1)).size, heard.at(-1).length, 'each room once');
});

test('where it is whole, the filter asks nothing', async () => {
    const { asked, watch } = watching(many.slice(0, 999), { filter: 'room' });
    watch.refresh();
    await settled();
    assert.deepEqual(asked, ['rooms', 'presence a']);
});

test('a failure leaves the last lists as they are', async () => {
    const { clock, state, heard, watch } = watching(['a'], { fails: true });
    watch.refresh();
    await settled();
    assert.deepEqual(heard, []);
    state.fails = false;
    await clock.advance(20_000);
    assert.equal(heard.length, 2);
});

test('no room is shown: only the list', async () => {
    const { asked, watch } = watching(['a'], { shown: undefined });
    watch.refresh();
    await settled();
    assert.deepEqual(asked, ['rooms']);
});
