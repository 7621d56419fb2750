import assert from 'node:assert/strict';
import { test } from 'node:test';

import { numberOf } from '../../../../web/client/cursor.js';
import { Timeline } from '../../../../web/app/model/timeline.js';
import { message, seeded } from '../../fakes.mjs';

const own = (key, data = 'hi') => ({ key, as: 'me', data, time: 5 });
const mine = (id, data = 'hi') => message(id, data, 'me');
const receipt = (id) => ({ id, time: 7 });
const lost = { message: 'No answer.', uncertain: true };
const refusal = { message: 'Full.', uncertain: false };

/** `id/key status` of every entry, in order. */
function look(timeline) {
    return timeline.entries.map((entry) => {
        if (entry.kind === 'gap') return `gap ${entry.missed ?? '?'}`;
        return entry.status === 'settled' ? entry.id : `${entry.id ?? entry.key} ${entry.status}`;
    });
}

function sending(...keys) {
    const timeline = new Timeline();
    timeline.open([message('e-1')], 'e-1');
    for (const key of keys) {
        timeline.addOutgoing(own(key));
        timeline.started(key);
    }
    return timeline;
}

test('shows what is received, once', () => {
    const timeline = new Timeline();
    timeline.open([message('e-1'), message('e-2')], 'e-2');
    assert.deepEqual(
        timeline.receive([message('e-2'), message('e-3')]).map(({ id }) => id),
        ['e-3'],
    );
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
    assert.equal(timeline.oldest.id, 'e-1');
});

test('older messages go to the top, without those that are shown', () => {
    const timeline = new Timeline();
    timeline.open([message('e-3')], 'e-3');
    assert.equal(timeline.prepend([message('e-1'), message('e-2'), message('e-3')]).length, 2);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
});

test('a message of one’s own: answer first, then the poll', () => {
    const timeline = sending('a');
    assert.deepEqual(look(timeline), ['e-1', 'a sending']);
    timeline.accepted('a', receipt('e-3'));
    assert.deepEqual(look(timeline), ['e-1', 'e-3 sent']);
    assert.deepEqual(
        timeline.receive([message('e-2'), mine('e-3')]).map(({ id }) => id),
        ['e-2'],
        'its own is no news',
    );
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
    assert.equal(timeline.entries.at(-1).key, 'a', 'the same row');
    assert.equal(timeline.entries.at(-1).mine, true);
    assert.equal(timeline.entries.at(-1).time, 1_790_000_000_000, 'the time of the server');
});

test('a message of one’s own: the poll first, then the answer', () => {
    const timeline = sending('a');
    assert.deepEqual(timeline.receive([mine('e-2')]), []);
    assert.deepEqual(look(timeline), ['e-1', 'e-2']);
    timeline.accepted('a', receipt('e-2'));
    assert.deepEqual(look(timeline), ['e-1', 'e-2']);
    timeline.receive([mine('e-2')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2']);
});

test('the poll first, and the server changed the text: still once', () => {
    const timeline = sending('a');
    timeline.receive([mine('e-2', 'hi (cleaned)')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'a sending']);
    timeline.accepted('a', receipt('e-2'));
    assert.deepEqual(look(timeline), ['e-1', 'e-2']);
    assert.equal(timeline.entries[1].mine, true);
});

test('the same text from another tab is taken for one’s own only until the answer tells', () => {
    const timeline = sending('a');
    timeline.receive([mine('e-2')]); // from the other tab
    timeline.accepted('a', receipt('e-3'));
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3 sent']);
    timeline.receive([mine('e-3')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
    assert.deepEqual(
        timeline.entries.map(({ key }) => key),
        ['e-1', 'e-2', 'a'],
    );
});

test('the same, when both were delivered before the answer', () => {
    const timeline = sending('a');
    timeline.receive([mine('e-2'), mine('e-3')]);
    timeline.accepted('a', receipt('e-3'));
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
});

test('the same, and the answer is a refusal', () => {
    const timeline = sending('a');
    timeline.receive([mine('e-2')]);
    timeline.failed('a', refusal);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'a failed']);
});

test('what was not begun yet, other texts and other names are not one’s own', () => {
    const timeline = sending('a');
    timeline.addOutgoing(own('b', 'queued'));
    timeline.receive([
        mine('e-2', 'queued'),
        mine('e-3', 'else'),
        message('e-4', 'hi', 'you'),
        { ...mine('e-5'), data: ['hi'] },
    ]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'a sending', 'b sending']);
});

test('what the room held before is never taken for what is being sent', () => {
    const timeline = new Timeline();
    timeline.addOutgoing(own('a'));
    timeline.started('a');
    timeline.open([mine('e-1')], 'e-1');
    assert.deepEqual(look(timeline), ['e-1', 'a sending']);
});

test('a refusal keeps it at the end, to be sent again or discarded', () => {
    const timeline = sending('a', 'b');
    timeline.failed('a', refusal);
    assert.equal(timeline.get('a').problem, 'Full.');
    timeline.accepted('b', receipt('e-2'));
    assert.deepEqual(look(timeline), ['e-1', 'e-2 sent', 'a failed']);
    timeline.receive([mine('e-2'), mine('e-3')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3', 'a failed'], 'it was not appended, so e-3 is not it');
    assert.equal(timeline.hasUnsent(), true);

    assert.equal(timeline.retry('a', 9).data, 'hi');
    assert.deepEqual(look(timeline).at(-1), 'a sending');
    assert.equal(timeline.retry('a', 9), undefined, 'it is on its way already');
    timeline.started('a');
    timeline.accepted('a', receipt('e-4'));
    timeline.receive([mine('e-4')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3', 'e-4']);
    assert.equal(timeline.hasUnsent(), false);
});

test('sent again goes behind what was written since', () => {
    const timeline = sending('a', 'b');
    timeline.failed('a', refusal);
    timeline.retry('a', 9);
    assert.deepEqual(look(timeline), ['e-1', 'b sending', 'a sending']);
});

test('discarded is gone, and what comes late for it is ignored', () => {
    const timeline = sending('a');
    timeline.failed('a', refusal);
    timeline.discard('a');
    timeline.accepted('a', receipt('e-2'));
    timeline.failed('a', refusal);
    timeline.started('a');
    assert.equal(timeline.retry('a', 9), undefined);
    timeline.discard('a');
    assert.deepEqual(look(timeline), ['e-1']);
});

test('a lost answer: the poll tells that it was appended', () => {
    const timeline = sending('a');
    timeline.waits('a', lost);
    assert.deepEqual(look(timeline), ['e-1', 'a waiting']);
    timeline.receive([message('e-2'), mine('e-3')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
    assert.equal(timeline.entries.at(-1).problem, undefined);
});

test('a lost answer after the poll delivered it is no problem', () => {
    const timeline = sending('a');
    timeline.receive([mine('e-2')]);
    timeline.waits('a', lost);
    assert.deepEqual(look(timeline), ['e-1', 'e-2']);
});

test('sent again after a lost answer, though it had been appended: both are there, each once', () => {
    const timeline = sending('a');
    timeline.waits('a', lost);
    timeline.retry('a', 9);
    timeline.started('a');
    timeline.receive([mine('e-2')]); // the first try
    timeline.accepted('a', receipt('e-3'));
    timeline.receive([mine('e-3')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'e-3']);
});

test('sent again with its key: the server gives the first answer once more', () => {
    const timeline = sending('a');
    timeline.waits('a', lost);
    timeline.retry('a', 9);
    timeline.started('a');
    timeline.receive([mine('e-2')]);
    timeline.accepted('a', { ...receipt('e-2'), duplicate: true });
    assert.deepEqual(look(timeline), ['e-1', 'e-2']);
});

test('a gap stands where it happened', () => {
    const timeline = new Timeline();
    timeline.open([message('e-1')], 'e-1');
    timeline.gap({ reason: 'evicted', missed: 17 }, 'e-19');
    timeline.receive([message('e-19')]);
    assert.deepEqual(look(timeline), ['e-1', 'gap 17', 'e-19']);
});

test('neighbouring gaps of one reason are one; where one is not counted, none is', () => {
    const timeline = new Timeline();
    timeline.gap({ reason: 'evicted', missed: 2 }, 'e-2');
    timeline.gap({ reason: 'evicted', missed: 3 }, 'e-5');
    assert.deepEqual(look(timeline), ['gap 5']);
    timeline.gap({ reason: 'restarted' }, 'f-0');
    timeline.gap({ reason: 'restarted', missed: 4 }, 'g-4');
    assert.deepEqual(look(timeline), ['gap 5', 'gap ?']);
    timeline.note({ event: 'leave', as: 'bo' });
    timeline.gap({ reason: 'restarted' }, 'h-0');
    assert.equal(timeline.entries.filter(({ kind }) => kind === 'gap').length, 2, 'two restarts in a row are one');
    assert.equal(new Set(timeline.entries.map(({ key }) => key)).size, 3);
});

test('who joins and leaves stands where it came, a run of them as one note', () => {
    const timeline = sending('a');
    timeline.note({ event: 'join', as: 'bo' });
    timeline.note({ event: 'leave', as: 'cay' });
    timeline.receive([message('e-2')]);
    timeline.note({ event: 'leave', as: 'bo' });
    timeline.accepted('a', receipt('e-3'));
    timeline.gap({ reason: 'restarted' }, 'f-0');
    const kinds = timeline.entries.map(({ kind, id, events }) => id ?? events?.map(({ as }) => as).join() ?? kind);
    assert.deepEqual(kinds, ['e-1', 'bo,cay', 'e-2', 'e-3', 'bo', 'gap']);
    assert.equal(timeline.oldest.id, 'e-1');
});

test('goes on from an earlier visit', () => {
    const timeline = new Timeline();
    timeline.resume('e-5');
    timeline.addOutgoing(own('a'));
    timeline.started('a');
    timeline.accepted('a', receipt('e-7'));
    timeline.receive([message('e-6'), mine('e-7')]);
    assert.deepEqual(look(timeline), ['e-6', 'e-7']);
    timeline.gap({ reason: 'restarted' }, 'f-0');
    assert.deepEqual(look(timeline), ['e-6', 'e-7', 'gap ?']);
});

test('a sent message that fell into an evicted gap takes its place by its number', () => {
    const timeline = sending('a');
    timeline.accepted('a', receipt('e-2'));
    timeline.gap({ reason: 'evicted', missed: 17 }, 'e-20');
    assert.deepEqual(look(timeline), ['e-1', 'gap 17', 'e-2 sent'], 'it might still come');
    timeline.receive([message('e-19'), message('e-20')]);
    assert.deepEqual(look(timeline), ['e-1', 'gap 17', 'e-2', 'e-19', 'e-20']);
});

test('a sent message of before a restart stays before the gap', () => {
    const timeline = sending('a', 'b');
    timeline.accepted('a', receipt('e-2'));
    timeline.gap({ reason: 'restarted' }, 'f-0');
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'gap ?', 'b sending']);
    timeline.accepted('b', receipt('f-1'));
    timeline.receive([mine('f-1')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'gap ?', 'f-1']);
});

test('an answer of before a restart that comes after the gap is put before it', () => {
    for (const next of ['f-0', '0']) {
        const timeline = sending('a');
        timeline.gap({ reason: 'restarted' }, next);
        timeline.accepted('a', receipt('e-2'));
        timeline.receive([message('f-1')]);
        assert.deepEqual(look(timeline), ['e-1', 'e-2', 'gap ?', 'f-1']);
    }
});

test('a message sent to the restarted server before the poll knows of it comes after the gap', () => {
    const timeline = sending('a');
    timeline.accepted('a', receipt('f-1'));
    timeline.gap({ reason: 'restarted' }, 'f-1');
    timeline.receive([mine('f-1')]);
    assert.deepEqual(look(timeline), ['e-1', 'gap ?', 'f-1']);
});

test('an id in another form settles as well', () => {
    const timeline = sending('a');
    timeline.accepted('a', receipt('opaque'));
    timeline.receive([message('e-2'), mine('opaque')]);
    assert.deepEqual(look(timeline), ['e-1', 'e-2', 'opaque']);
    assert.equal(numberOf('opaque'), NaN);
    assert.equal(numberOf('k-3f-42'), 42);
});

test('keeps at most so many, and forgets the oldest wholly', () => {
    const timeline = sending('a');
    timeline.receive([message('e-2'), message('e-3')]);
    assert.equal(timeline.trim(2), true);
    assert.deepEqual(look(timeline), ['e-2', 'e-3', 'a sending']);
    assert.equal(timeline.trim(2), false);
    assert.equal(timeline.prepend([message('e-1')]).length, 1, 'it can come back');
    timeline.receive([mine('e-4')]);
    timeline.trim(0);
    timeline.accepted('a', receipt('e-4'));
    assert.deepEqual(look(timeline), []);
});

for (let seed = 1; seed <= 50; seed += 1) {
    test(`whatever the order of answers and polls, each message is shown once and in place, seed ${seed}`, () => {
        const chance = seeded(seed);
        const timeline = new Timeline();
        const room = []; // what the server appended
        const answers = []; // POST answers on their way
        let delivered = 0;
        let keys = 0;
        const kept = new Set();
        const steps = [
            () => room.push(message(`e-${room.length + 1}`, 'hi', chance() < 0.5 ? 'me' : 'you')),
            () => {
                const key = `k${(keys += 1)}`;
                timeline.addOutgoing(own(key));
                timeline.started(key);
                const luck = chance();
                if (luck < 0.15) return timeline.failed(key, refusal);
                kept.add(key);
                room.push(mine(`e-${room.length + 1}`));
                const id = room.at(-1).id;
                answers.push(() => (luck < 0.3 ? timeline.waits(key, lost) : timeline.accepted(key, receipt(id))));
            },
            () => answers.splice(Math.floor(chance() * answers.length), 1)[0]?.(),
            () => {
                const upTo = delivered + Math.ceil(chance() * (room.length - delivered));
                timeline.receive(room.slice(delivered, upTo));
                delivered = upTo;
            },
        ];
        for (let step = 0; step < 120; step += 1) steps[Math.floor(chance() * steps.length)]();
        for (const answer of answers) answer();
        timeline.receive(room.slice(delivered));

        const { entries } = timeline;
        assert.deepEqual(
            entries.filter(({ id }) => id).map(({ id }) => id),
            room.map(({ id }) => id),
        );
        assert.ok(entries.filter(({ id }) => id).every(({ status }) => status === 'settled'));
        assert.equal(new Set(entries.map(({ key }) => key)).size, entries.length);
        assert.ok(entries.slice(room.length).every(({ status }) => status === 'failed' || status === 'waiting'));
    });
}
