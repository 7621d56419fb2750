// The promise of the contract over every transport, in several rooms: random schedules in which the transport, the rooms and
// the network change at any time. The seed is in the name.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscribe } from '../../../web/client/anteroom.js';
import { fakeClock, seeded } from '../fakes.mjs';
import { fakeInternet, fakeServer, witness } from '../server.mjs';

const PUBLISHED = 150;
const ROOMS = ['lobby', 'b', 'c d', 'ü@,/'];
const faults = { refuse: 0.05, busy: 0.03, dead: 0.03, lost: 0.05, cut: 0.05, stall: 0.02, drain: 0.02 };

const used = new Set();
const isAtEnd = (place, last) => place === last || (place === '0' && last.endsWith('-0'));

for (let seed = 1; seed <= 12; seed += 1) {
    test(`received + missed = published over every transport, seed ${seed}`, async () => {
        const chance = seeded(seed);
        const clock = fakeClock();
        const server = fakeServer(clock);
        const internet = fakeInternet(server, clock, chance, faults);
        const seen = witness();
        const any = (list) => list[Math.floor(chance() * list.length)];
        for (const room of ROOMS) seen.begin(room, '0');
        const handle = subscribe({
            rooms: ROOMS.slice(0, 1 + Math.floor(chance() * ROOMS.length)),
            after: '0',
            limit: 7,
            transport: any(['auto', 'sse', 'websocket', 'poll']),
            random: chance,
            ...clock,
            ...internet,
            onGap: seen.onGap,
            onMessages(messages) {
                seen.onMessages(messages);
                if (chance() < 0.2) handle.setTransport(any(['auto', 'sse', 'websocket', 'poll']));
                if (chance() < 0.05) handle.retryNow();
            },
        });
        const inUse = () => handle.rooms;
        for (let published = 0; published < PUBLISHED; published += 1) {
            server.publish(any(ROOMS));
            if (chance() < 0.01) server.drop(any(ROOMS));
            if (chance() < 0.01) server.restart();
            if (chance() < 0.04) {
                const room = any(ROOMS);
                if (!inUse().includes(room)) {
                    seen.begin(room, '0');
                    handle.add(room, { after: '0' });
                } else if (inUse().length > 1) {
                    handle.remove(room);
                }
            }
            await clock.advance(Math.floor(chance() ** 4 * 20_000));
        }
        const isDone = () => inUse().every((room) => isAtEnd(seen.rooms.get(room).place, server.last(room)));
        for (let minute = 0; minute < 60 && !isDone(); minute += 1) await clock.advance(60_000);
        handle.close();

        assert.deepEqual(seen.problems, []);
        assert.ok(isDone(), `${handle.cursor}, not ${inUse().map(server.last)}`);
        for (const { headers } of server.requests) used.add(headers.Upgrade ?? headers.Accept);
    });
}

test('every transport was used', () => {
    assert.deepEqual([...used].sort(), ['application/json', 'text/event-stream', 'websocket']);
});
