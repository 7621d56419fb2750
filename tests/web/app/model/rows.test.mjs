import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatTime, dayName, dayKey, formatDateTime } from '../../../../web/app/model/date-format.js';
import { rows } from '../../../../web/app/model/rows.js';

const noon = new Date(2026, 2, 10, 12, 0).getTime();
const minute = 60_000;
const day = 24 * 60 * minute;

const said = (id, from, time) => ({
    key: id,
    kind: 'message',
    status: 'settled',
    id,
    from,
    time,
    data: 'hi',
    mine: false,
});
const writing = (key, from, time) => ({
    ...said(undefined, from, time),
    key,
    id: undefined,
    status: 'sending',
    mine: true,
});
const gap = { key: 'gap-1', kind: 'gap', reason: 'evicted', missed: 2 };

/** `kind` of each row, messages as their key, with a + under the same head. */
const look = (entries, facts) =>
    rows(entries, facts).map((row) => (row.kind === 'message' ? `${row.head ? '' : '+'}${row.key}` : row.kind));

test('a run of one person within minutes has one head', () => {
    const entries = [
        said('1', 'ann', noon),
        said('2', 'ann', noon + 4 * minute),
        said('3', 'bo', noon + 4 * minute),
        said('4', 'ann', noon + 5 * minute),
        said('5', 'ann', noon + 10 * minute),
    ];
    assert.deepEqual(look(entries), ['day', '1', '+2', '3', '4', '5']);
});

test('those without a name are a run too, but nobody else’s', () => {
    const entries = [said('1', undefined, noon), said('2', undefined, noon), said('3', 'undefined', noon)];
    assert.deepEqual(look(entries), ['day', '1', '+2', '3']);
});

test('a gap, a day and the line interrupt a run', () => {
    const entries = [
        said('1', 'ann', noon),
        gap,
        said('2', 'ann', noon),
        said('3', 'ann', noon + day),
        said('4', 'ann', noon + day),
    ];
    assert.deepEqual(look(entries, { newSince: '4' }), ['day', '1', 'gap', '2', 'day', '3', 'new', '4']);
});

test('the line says how many came; who joined stands between', () => {
    const note = { key: 'note-1', kind: 'note', events: [{ event: 'join', as: 'bo' }] };
    const result = rows([said('1', 'ann', noon), note, said('2', 'ann', noon)], { newSince: '2', missed: 4 });
    assert.deepEqual(
        result.map(({ kind }) => kind),
        ['day', 'message', 'note', 'new', 'message'],
    );
    assert.equal(result[3].missed, 4);
    assert.equal(result[4].head, true);
});

test('what is being written opens no day', () => {
    const entries = [said('1', 'ann', noon), writing('a', 'ann', noon + 3 * day)];
    assert.deepEqual(look(entries), ['day', '1', 'a']);
    assert.deepEqual(look([writing('a', 'ann', noon)]), ['a']);
});

test('keys are all different, even if the clock of the server jumps', () => {
    const entries = [
        said('1', 'ann', noon),
        said('2', 'ann', noon + day),
        gap,
        said('3', 'ann', noon),
        writing('a', 'ann', noon),
    ];
    const keys = rows(entries, { newSince: '3' }).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
});

test('days by name', () => {
    const name = (time) => dayName(time, noon, 'en-GB');
    assert.equal(name(noon - 11 * 60 * minute), 'Today');
    assert.equal(name(noon - 13 * 60 * minute), 'Yesterday');
    assert.match(name(noon - 2 * day), /^Sunday,? 8 March$/);
    assert.match(name(noon - 365 * day), /10 March 2025$/);
    assert.equal(dayKey(noon), '2026-3-10');
});

test('times of day', () => {
    assert.equal(formatTime(noon, 'en-GB'), '12:00');
    assert.match(formatDateTime(noon, 'en-GB'), /10 March 2026.*12:00:00/);
});
