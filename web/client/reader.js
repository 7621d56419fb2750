// What one subscription has received: its own place in each room, whatever connection the messages come from.
//
// Batches come from a feed in this tab or from the tab that leads. Each is compared with the places here: it continues
// them, was seen already, or begins later than here. In the last case the reader first asks the server itself for
// what is between, so that nothing is lost or repeated and gaps are counted from its own place.

import { Backoff } from './backoff.js';
import { isAtOrAfter, isSameEpoch } from './cursor.js';
import { INTERRUPTED, ask, query, roomPath } from './request.js';
import { answer, question } from './wire.js';

const AT_ONCE = 4; // histories asked for at the same time
const CATCH_UP = 1000; // messages in one answer
const MOST_WAITING = 2000; // messages that were not handed over yet; more are forgotten and caught up with later

/**
 * @param {object} options
 *   history: messages to begin a room with
 *   begins: (room) => boolean, whether a room begins with its history
 *   isHidden: as for a feed
 *   tell: async (name, ...values) calls the subscriber's callback
 *   onReady: (rooms) these have a place now
 *   onTrouble: (state) could not get through, tries again; undefined when it is over
 *   onFailed: (error) cannot go on
 */
export function createReader(env, { history, begins, isHidden, tell, onReady, onTrouble, onFailed }) {
    const places = new Map(); // undefined: where it begins is not known yet
    const controller = new AbortController();
    const { signal } = controller;
    const backoff = new Backoff(env, { isHidden, report: onTrouble });
    let over = false;
    let isPreparing = false;
    const inbox = [];
    let isReading = false;

    const lacking = () => [...places].filter(([, place]) => place === undefined).map(([room]) => room);

    /** Calls `work` until it succeeds. */
    async function patiently(work) {
        for (;;) {
            try {
                const result = await work();
                if (backoff.attempt > 0) onTrouble(undefined);
                backoff.reset();
                return result;
            } catch (error) {
                if (over || error === INTERRUPTED) throw INTERRUPTED;
                if (error.lasting) {
                    onFailed(error);
                    throw INTERRUPTED;
                }
                await backoff.stayAway({ error });
                if (over) throw INTERRUPTED;
            }
        }
    }

    async function unlessInterrupted(work) {
        try {
            return await work();
        } catch (error) {
            if (error === INTERRUPTED) return undefined;
            throw error;
        }
    }

    // Where rooms begin

    async function prepare() {
        if (isPreparing) return;
        isPreparing = true;
        while (!over && lacking().length > 0) {
            await unlessInterrupted(() => patiently(beginSome));
        }
        isPreparing = false;
    }

    async function beginSome() {
        const rooms = lacking();
        const withHistory = rooms.filter(begins).slice(0, AT_ONCE);
        return withHistory.length > 0 ? Promise.all(withHistory.map(beginWithHistory)) : beginNow(rooms);
    }

    async function beginNow(rooms) {
        const asked = new Map(rooms.map((room) => [room, undefined]));
        const { path, headers } = question(asked, { wait: 0 });
        const { body } = await ask(env, path, { headers, signal });
        onReady(settle(answer(body, asked).places));
    }

    async function beginWithHistory(room) {
        const { body } = await ask(env, `${roomPath(room)}/messages${query({ limit: history })}`, { signal });
        const { batch, places: found } = answer(body, new Map([[room, undefined]]));
        const began = settle(found);
        const { messages } = batch;
        if (began.length > 0)
            await tell('onHistory', { room, messages, next: found.get(room), more: body.more === true });
        onReady(began);
    }

    /** Takes places for rooms that lack one; a room may have been left, or begun elsewhere, while the server was asked. */
    function settle(found) {
        const settled = [...found].filter(([room]) => places.has(room) && places.get(room) === undefined);
        for (const [room, place] of settled) places.set(room, place);
        return settled.map(([room]) => room);
    }

    // Batches

    /** How a batch stands to the place of one of its rooms. */
    function relation(room, { from, gaps, next }) {
        const place = places.get(room);
        if (place === undefined) return 'none';
        if (place === from[room]) return 'next';
        if (isAtOrAfter(place, next[room])) return 'past';
        const hasGap = gaps.some((gap) => gap.room === room);
        const isInside = isAtOrAfter(place, from[room]) && isAtOrAfter(next[room], place);
        return isInside && !hasGap ? 'inside' : 'behind';
    }

    async function take(batch) {
        const covered = new Set();
        for (const room of Object.keys(batch.next)) {
            if (relation(room, batch) === 'behind') await catchUp(room, batch, covered);
        }
        const relations = new Map();
        for (const room of Object.keys(batch.next)) if (!covered.has(room)) relations.set(room, relation(room, batch));
        const isNew = ({ room, id }) => {
            const stands = relations.get(room);
            return stands === 'next' || (stands === 'inside' && !isAtOrAfter(places.get(room), id));
        };
        const moved = [...relations].filter(([, stands]) => stands === 'next' || stands === 'inside');
        await handOver({
            gaps: batch.gaps.filter(({ room }) => relations.get(room) === 'next'),
            messages: batch.messages.filter(isNew),
            next: Object.fromEntries(moved.map(([room]) => [room, batch.next[room]])),
        });
    }

    /** Asks for what is between the place here and the batch. */
    async function catchUp(room, batch, covered) {
        while (!over && relation(room, batch) === 'behind') {
            const asked = new Map([[room, places.get(room)]]);
            const { path, headers } = question(asked, { wait: 0, limit: CATCH_UP });
            const between = await patiently(async () => {
                const { body } = await ask(env, path, { headers, signal });
                return answer(body, asked).batch;
            });
            if (places.get(room) !== asked.get(room)) continue; // left and joined again meanwhile
            await handOver(between);
            // This was asked after the batch was made. If nothing is left the batch is in what came before; in another life
            // of the room it cannot be compared, and what was left then is enough.
            const isAll =
                between.messages.length < (isSameEpoch(places.get(room) ?? '0', batch.next[room]) ? 1 : CATCH_UP);
            if (isAll && relation(room, batch) === 'behind') {
                covered.add(room);
                return;
            }
        }
    }

    async function handOver({ gaps, messages, next }) {
        for (const gap of gaps) {
            if (over || !places.has(gap.room)) continue;
            places.set(gap.room, gap.next);
            await tell('onGap', gap);
        }
        if (over) return;
        for (const [room, place] of Object.entries(next)) if (places.has(room)) places.set(room, place);
        const wanted = messages.filter(({ room }) => places.has(room));
        if (wanted.length > 0) await tell('onMessages', wanted);
    }

    async function read() {
        if (isReading) return;
        isReading = true;
        while (!over && inbox.length > 0) {
            const { batch, done } = inbox.shift();
            await unlessInterrupted(() => take(batch));
            done();
        }
        isReading = false;
    }

    return {
        places,
        /** Adds a room at a place, or where it begins. */
        begin(room, place) {
            places.set(room, place);
        },
        /** Finds out where the rooms without a place begin. */
        prepare,
        leave(room) {
            places.delete(room);
        },
        /** Takes a batch after those before it; the promise is fulfilled when its callbacks are done. */
        accept(batch) {
            return new Promise((done) => {
                inbox.push({ batch, done });
                const waiting = inbox.reduce((sum, each) => sum + each.batch.messages.length, 0);
                if (waiting > MOST_WAITING) inbox.splice(0, inbox.length, collapsed(inbox));
                read();
            });
        },
        retryNow: () => backoff.end(),
        close() {
            over = true;
            controller.abort();
            backoff.end();
        },
    };
}

/** One batch that says no more than where the rooms are after all of these. */
function collapsed(inbox) {
    const next = Object.assign({}, ...inbox.map(({ batch }) => batch.next));
    const done = () => inbox.forEach((each) => each.done());
    return { batch: { from: next, gaps: [], messages: [], next }, done };
}
