// The promise of the contract, seen from the client: whatever the network does, received + reported as missed =
// published, each once and in order. A small server in memory, faults by chance, virtual time; the seed is in the name.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscribe } from '../../../web/client/anteroom.js';
import { fakeClock, seeded } from '../fakes.mjs';

const PUBLISHED = 200;
const KEPT = 12;

/** A room of the contract: keeps the last few, hangs, tells of gaps. */
function roomOf(clock) {
    let number = 0;
    const waiting = new Set();
    const cursor = (at) => `e-${at}`;
    return {
        publish() {
            number += 1;
            for (const wake of [...waiting]) wake();
        },
        answer({ after, limit }) {
            const asked = after === undefined ? number : Number(after.split('-').at(-1));
            const from = Math.max(asked, number - KEPT);
            const to = Math.min(number, from + limit);
            const messages = [];
            for (let at = from + 1; at <= to; at += 1) messages.push({ id: cursor(at), time: 0, data: at });
            const gaps = from > asked ? [{ reason: 'evicted', missed: from - asked }] : undefined;
            return { messages, next: cursor(to), gaps };
        },
        async poll({ after, wait, limit }) {
            const isBehind = Number(after?.split('-').at(-1) ?? number) < number;
            if (!isBehind && wait > 0) {
                await new Promise((resolve) => {
                    const timer = clock.setTimeout(wake, wait * 1000);
                    function wake() {
                        clock.clearTimeout(timer);
                        waiting.delete(wake);
                        resolve();
                    }
                    waiting.add(wake);
                });
            }
            return this.answer({ after: after ?? cursor(number), limit });
        },
    };
}

function unreliable(room, chance, clock) {
    return async (url, { signal }) => {
        const query = Object.fromEntries(new URLSearchParams(url.split('?')[1]));
        const aborted = new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
        aborted.catch(() => {});
        const luck = chance();
        if (luck < 0.1) throw new TypeError('refused');
        if (luck < 0.15) return new Response('busy', { status: 503, headers: { 'Retry-After': '2' } });
        if (luck < 0.2) return Promise.race([new Promise(() => {}), aborted]); // a dead network
        const poll = { after: query.after, wait: Number(query.wait), limit: 1 + Math.floor(chance() * 5) };
        const body = await Promise.race([room.poll(poll), aborted]);
        if (luck < 0.3) throw new TypeError('lost on the way back');
        return Response.json({ ...body, ...(luck < 0.35 && { draining: true }) });
    };
}

for (let seed = 1; seed <= 20; seed += 1) {
    test(`received + missed = published, seed ${seed}`, async () => {
        const chance = seeded(seed);
        const clock = fakeClock();
        const room = roomOf(clock);
        let smallest = Infinity;
        const seen = []; // numbers received, and missed ones as holes
        const handle = subscribe({
            room: 'lobby',
            after: 'e-0',
            transport: 'poll',
            fetch: unreliable(room, chance, clock),
            random: chance,
            ...clock,
            onMessages(messages) {
                smallest = Math.min(smallest, messages.length);
                seen.push(...messages.map(({ data }) => data));
                if (chance() < 0.1) handle.retryNow();
            },
            onGap({ missed }) {
                seen.push(...Array.from({ length: missed }, () => undefined));
            },
        });
        for (let published = 0; published < PUBLISHED; published += 1) {
            room.publish();
            await clock.advance(Math.floor(chance() ** 4 * 20_000));
        }
        for (let minute = 0; minute < 30 && handle.cursorOf('lobby') !== `e-${PUBLISHED}`; minute += 1)
            await clock.advance(60_000);
        handle.close();

        assert.ok(smallest > 0, 'onMessages is called for messages only');
        assert.equal(seen.length, PUBLISHED);
        assert.ok(seen.filter((number) => number !== undefined).length > PUBLISHED / 10);
        seen.forEach((number, index) =>
            assert.ok(number === undefined || number === index + 1, `${number} at ${index}`),
        );
    });
}
