import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AnteroomError, history, presence, publish, publishBatch, rooms } from '../../../web/client/anteroom.js';
import { jitter } from '../../../web/client/backoff.js';
import { retryAfterMs } from '../../../web/client/request.js';
import { fakeClock, fakeNetwork, message, settled } from '../fakes.mjs';

const receipt = { id: 'e-1', time: 1, subscribers: 0 };

async function asking(call, options) {
    const clock = fakeClock();
    const network = fakeNetwork();
    const outcome = call({ room: 'lobby', fetch: network.fetch, ...clock, ...options });
    outcome.catch(() => {});
    await settled();
    return { clock, network, outcome };
}

test('publishes text as it is', async () => {
    const { network, outcome } = await asking(publish, { room: 'a b', data: ' <hi>\nü ', as: 'Ann & Bo', key: 'k1' });
    const { url, init } = network.last;
    assert.equal(url, '/room/a%20b/publish?as=Ann+%26+Bo');
    assert.equal(init.method, 'POST');
    assert.equal(init.body, ' <hi>\nü ');
    assert.deepEqual(init.headers, {
        Accept: 'application/json',
        'Content-Type': 'text/plain; charset=utf-8',
        'Idempotency-Key': 'k1',
    });
    await network.last.answer(receipt, { status: 201 });
    assert.deepEqual(await outcome, receipt);
});

test('publishes anything else as JSON, and nameless', async () => {
    const { network } = await asking(publish, { data: { a: [1] } });
    assert.equal(network.last.url, '/room/lobby/publish');
    assert.equal(network.last.init.body, '{"a":[1]}');
    assert.equal(network.last.init.headers['Content-Type'], 'application/json');
});

test('a refusal tells why, and whether the message may have been appended', async () => {
    const cases = [
        { status: 400, lasting: true, uncertain: false },
        { status: 413, lasting: true, uncertain: false },
        { status: 408, lasting: false, uncertain: false },
        { status: 429, lasting: false, uncertain: false },
        { status: 500, lasting: false, uncertain: true },
        { status: 502, lasting: false, uncertain: true },
        { status: 503, lasting: false, uncertain: false },
        { status: 504, lasting: false, uncertain: true },
    ];
    for (const { status, lasting, uncertain } of cases) {
        const { network, outcome } = await asking(publish, { data: 'hi', attempts: 1 });
        await network.last.answer(
            { status, title: 'No', detail: 'Because.' },
            { status, headers: { 'Retry-After': '2' } },
        );
        await assert.rejects(outcome, (error) => {
            assert.ok(error instanceof AnteroomError);
            const { message: text, title, retryAfter } = error;
            assert.deepEqual({ text, title, retryAfter }, { text: 'Because.', title: 'No', retryAfter: 2000 });
            assert.deepEqual([error.status, error.lasting, error.uncertain], [status, lasting, uncertain]);
            return true;
        });
    }
});

test('what one attempt may have done, a later refusal does not undo', async () => {
    const { network, clock, outcome } = await asking(publish, { data: 'hi', attempts: 2 });
    await network.last.fail();
    await clock.advance(1000);
    await network.last.answer({ detail: 'Too busy.' }, { status: 503 });
    await assert.rejects(outcome, { status: 503, uncertain: true });
});

test('a lost answer, one too late and one that is no receipt leave it uncertain', async () => {
    const lost = await asking(publish, { data: 'hi', attempts: 1 });
    await lost.network.last.fail();
    await assert.rejects(lost.outcome, { status: 0, uncertain: true, lasting: false });

    const late = await asking(publish, { data: 'hi', attempts: 1 });
    await late.clock.advance(30_000);
    assert.equal(late.network.last.aborted, true);
    await assert.rejects(late.outcome, { message: /in time/, uncertain: true });

    for (const body of ['<html>', '{}', 'null']) {
        const odd = await asking(publish, { data: 'hi', attempts: 1 });
        await odd.network.last.answer(body, { status: 201 });
        await assert.rejects(odd.outcome, { uncertain: true, lasting: false });
    }
});

test('problems without words are told by their status', async () => {
    for (const body of ['', '<html>', '[]', '"x"', '{"detail":7}']) {
        const { network, outcome } = await asking(publish, { data: 'hi' });
        await network.last.answer(body, { status: 418 });
        await assert.rejects(outcome, { message: 'The server answered 418.' });
    }
});

test('reads history before and after a cursor', async () => {
    const before = await asking(history, { before: 'e-5', limit: 3 });
    assert.equal(before.network.last.url, '/room/lobby/messages?limit=3&before=e-5');
    const page = { messages: [message('e-4')], next: 'e-4', more: true };
    await before.network.last.answer(page);
    assert.deepEqual(await before.outcome, {
        ...page,
        room: 'lobby',
        messages: [{ ...message('e-4'), room: 'lobby' }],
    });

    const after = await asking(history, { after: 'e-5' });
    assert.equal(after.network.last.url, '/room/lobby/messages?after=e-5');
    await after.network.last.answer({ messages: 3 });
    await assert.rejects(after.outcome, AnteroomError);
});

test('history() reports gaps, where there are any', async () => {
    const gap = { room: 'lobby', reason: 'evicted', missed: 7, next: 'e-12' };
    const page = { messages: [message('e-13')], next: 'e-13', more: false };
    for (const gaps of [[gap], [], undefined]) {
        const { network, outcome } = await asking(history, { after: 'e-5' });
        await network.last.answer({ ...page, gaps });
        const answer = await outcome;
        assert.deepEqual(answer.gaps, gaps?.length ? [gap] : undefined);
        assert.equal('gaps' in answer, Boolean(gaps?.length));
        assert.deepEqual(
            answer.messages.map(({ id }) => id),
            ['e-13'],
        );
    }
    const odd = await asking(history, { after: 'e-5' });
    await odd.network.last.answer({ ...page, gaps: 7 });
    await assert.rejects(odd.outcome, AnteroomError);
});

test('lists rooms', async () => {
    const { network, outcome } = await asking(rooms, { prefix: 'a', limit: 10 });
    assert.equal(network.last.url, '/rooms?prefix=a&limit=10');
    await network.last.answer({ rooms: [{ room: 'a' }] });
    assert.deepEqual(await outcome, [{ room: 'a' }]);

    const odd = await asking(rooms);
    await odd.network.last.answer([]);
    await assert.rejects(odd.outcome, AnteroomError);
});

test('a deadline does not outlive its request', async () => {
    const { network, clock, outcome } = await asking(publish, { data: 'hi' });
    assert.deepEqual(clock.pending, [30_000]);
    await network.last.answer(receipt, { status: 201 });
    await outcome;
    assert.deepEqual(clock.pending, []);
});

test('a lost answer is asked for again with the same key, which is made up', async () => {
    const { network, clock, outcome } = await asking(publish, { data: 'hi', random: () => 0.5 });
    await network.last.fail();
    await clock.advance(250);
    await network.last.answer({ detail: 'Busy.' }, { status: 503, headers: { 'Retry-After': '3' } });
    await clock.advance(3499);
    assert.equal(network.requests.length, 2);
    await clock.advance(1);
    await network.last.answer({ ...receipt, duplicate: true });
    assert.deepEqual(await outcome, { ...receipt, duplicate: true });
    const keys = network.requests.map(({ init }) => init.headers['Idempotency-Key']);
    assert.match(keys[0], /^[0-9a-f]{32}$/);
    assert.deepEqual(keys, [keys[0], keys[0], keys[0]]);
    const other = await asking(publish, { data: 'hi' });
    assert.notEqual(other.network.last.init.headers['Idempotency-Key'], keys[0]);
});

test('gives up after its tries, or when the server wants more patience than that; the error has the key', async () => {
    const { network, clock, outcome } = await asking(publish, { data: 'hi', key: 'k', attempts: 3, random: () => 0 });
    for (let attempt = 0; attempt < 3; attempt += 1) {
        await network.last.fail();
        await clock.advance(0);
    }
    await assert.rejects(outcome, { key: 'k', uncertain: true });
    assert.equal(network.requests.length, 3);

    const patient = await asking(publish, { data: 'hi' });
    await patient.network.last.answer({}, { status: 429, headers: { 'Retry-After': '61' } });
    await assert.rejects(patient.outcome, { status: 429, uncertain: false });
    assert.deepEqual(patient.clock.pending, []);
});

test('a refusal that lasts is not tried again', async () => {
    const { network, outcome } = await asking(publish, { data: 'hi' });
    await network.last.answer({ detail: 'Too long.' }, { status: 413 });
    await assert.rejects(outcome, { message: 'Too long.' });
    assert.equal(network.requests.length, 1);
});

test('can be given up, while asking and between tries', async () => {
    for (const isPausing of [false, true]) {
        const controller = new AbortController();
        const { network, clock, outcome } = await asking(publish, { data: 'hi', signal: controller.signal });
        if (isPausing) await network.last.fail();
        controller.abort(new Error('enough'));
        await assert.rejects(outcome, { message: 'enough' });
        assert.deepEqual(clock.pending, []);
        assert.equal(network.requests.length, 1);
    }
});

test('publishes to several rooms, and several messages', async () => {
    const several = await asking(publish, { room: undefined, rooms: ['a', 'b&c'], data: 'hi', as: 'ann' });
    assert.equal(several.network.last.url, '/publish?room=a&room=b%26c&as=ann');
    await assert.rejects(publish({ rooms: [], data: 'hi' }), TypeError);

    const batch = await asking(publishBatch, { messages: ['one', { two: 2 }] });
    const { init } = batch.network.last;
    assert.equal(init.headers['Content-Type'], 'application/x-ndjson');
    assert.equal(init.body, '"one"\n{"two":2}\n');
    await batch.network.last.answer({ ids: ['e-1', 'e-2'], time: 1, subscribers: 0 }, { status: 201 });
    assert.deepEqual((await batch.outcome).ids, ['e-1', 'e-2']);
});

test('tells who is here', async () => {
    const { network, outcome } = await asking(presence, { room: 'a b' });
    assert.equal(network.last.url, '/room/a%20b/presence');
    await network.last.answer({ present: [{ as: 'ann', since: 1 }], subscribers: 2 });
    assert.deepEqual(await outcome, { present: [{ as: 'ann', since: 1 }], subscribers: 2 });
});

test('jitter lies between nothing and a bound that doubles to 30 s', () => {
    const bounds = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
    bounds.forEach((bound, attempt) => {
        assert.equal(
            jitter(() => 0, attempt),
            0,
        );
        assert.equal(
            jitter(() => 0.5, attempt),
            bound / 2,
        );
    });
    assert.equal(
        jitter(() => 1, 5000),
        30_000,
    );
});

test('Retry-After is seconds or a date', () => {
    const now = Date.UTC(2026, 0, 1, 12, 0, 0);
    const cases = [
        ['0', 0],
        ['120', 120_000],
        [' 5 ', 5000],
        ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
        ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
        ['soon', undefined],
        ['', undefined],
        [null, undefined],
    ];
    for (const [value, ms] of cases) assert.equal(retryAfterMs(value, now), ms, value);
    assert.ok(retryAfterMs('99999999999', now) < 2 ** 31 - 30_000, 'more than a timer can wait');
});
