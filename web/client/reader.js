// The reader of one subscription: its own cursor in each room, whatever connection the messages come from.
//
// Batches come from a feed in this tab or from the leading tab. Each is compared with the cursors here: it continues
// them, was received already, or begins later. In the last case the reader first asks the server itself for
// what is between, so that nothing is lost or repeated and gaps are counted from its own cursor.

import { Backoff } from './backoff.js';
import { isAtOrAfter, isSameEpoch } from './cursor.js';
import { ABORTED, isUp, requestJson, query, roomPath } from './request.js';
import { parseResponse, subscribeRequest } from './wire.js';

const MAX_REQUESTS = 4; // histories requested at the same time
const CATCH_UP = 1000; // messages in one response
const MAX_QUEUED = 2000; // messages not delivered yet; beyond that they are dropped, and read again later

/**
 * @param {object} options
 *   history: messages to begin a room with
 *   hasHistory: (room) => boolean, whether a room begins with its history
 *   isHidden: as for a feed
 *   notify: async (name, value) calls the subscriber's callback; fulfilled when that is done
 *   onReady: (rooms) these have a cursor now
 *   onRetrying: (state) a request failed and is retried; undefined when one has succeeded
 *   onFailed: (error) no further attempt can succeed
 */
export function createReader(env, { history, hasHistory, isHidden, notify, onReady, onRetrying, onFailed }) {
    const cursors = new Map(); // undefined: where the room begins is not known yet
    const controller = new AbortController();
    const { signal } = controller;
    const backoff = new Backoff(env, { isHidden, report: onRetrying, probe: () => isUp(env) });
    let isClosed = false;
    let isStartingRooms = false;
    const queue = [];
    let isReading = false;

    const unstarted = () => [...cursors].filter(([, cursor]) => cursor === undefined).map(([room]) => room);

    /** Calls `work` until it succeeds. @throws ABORTED once it is closed or failed */
    async function retry(work) {
        for (;;) {
            try {
                const result = await work();
                if (backoff.attempt > 0) onRetrying(undefined);
                backoff.reset();
                return result;
            } catch (error) {
                if (isClosed || error === ABORTED) throw ABORTED;
                if (error.lasting) {
                    onFailed(error);
                    throw ABORTED;
                }
                await backoff.wait({ error });
                if (isClosed) throw ABORTED;
            }
        }
    }

    async function ignoreAborted(work) {
        try {
            return await work();
        } catch (error) {
            if (error === ABORTED) return undefined;
            throw error;
        }
    }

    // Where rooms begin

    async function startRooms() {
        if (isStartingRooms) return;
        isStartingRooms = true;
        while (!isClosed && unstarted().length > 0) {
            await ignoreAborted(() => retry(startSome));
        }
        isStartingRooms = false;
    }

    async function startSome() {
        const rooms = unstarted();
        const withHistory = rooms.filter(hasHistory).slice(0, MAX_REQUESTS);
        return withHistory.length > 0 ? Promise.all(withHistory.map(startWithHistory)) : startNow(rooms);
    }

    async function startNow(rooms) {
        const asked = new Map(rooms.map((room) => [room, undefined]));
        const { path, headers } = subscribeRequest(asked, { wait: 0 });
        const { body } = await requestJson(env, path, { headers, signal });
        onReady(setMissing(parseResponse(body, asked).cursors));
    }

    async function startWithHistory(room) {
        const { body } = await requestJson(env, `${roomPath(room)}/messages${query({ limit: history })}`, { signal });
        const { batch, cursors: found } = parseResponse(body, new Map([[room, undefined]]));
        const started = setMissing(found);
        const { messages } = batch;
        if (started.length > 0)
            await notify('onHistory', { room, messages, next: found.get(room), more: body.more === true });
        onReady(started);
    }

    /**
     * Sets the cursors of rooms without one; a room may have been removed, or started otherwise, during the request.
     * @returns {string[]} the rooms that it was set of
     */
    function setMissing(found) {
        const missing = [...found].filter(([room]) => cursors.has(room) && cursors.get(room) === undefined);
        for (const [room, cursor] of missing) cursors.set(room, cursor);
        return missing.map(([room]) => room);
    }

    // Batches

    /**
     * How a batch relates to the cursor of one of its rooms: `unknown` if the room has none, `next` if the batch continues
     * there, `past` if all of it was received already, `inside` if a part of it was, `behind` if there may be messages between
     * the cursor and the batch.
     */
    function relation(room, { from, gaps, next }) {
        const cursor = cursors.get(room);
        if (cursor === undefined) return 'unknown';
        if (cursor === from[room]) return 'next';
        if (isAtOrAfter(cursor, next[room])) return 'past';
        const hasGap = gaps.some((gap) => gap.room === room);
        const isInside = isAtOrAfter(cursor, from[room]) && isAtOrAfter(next[room], cursor);
        return isInside && !hasGap ? 'inside' : 'behind';
    }

    async function deliverNew(batch) {
        const covered = new Set();
        for (const room of Object.keys(batch.next)) {
            if (relation(room, batch) === 'behind') await catchUp(room, batch, covered);
        }
        const relations = new Map();
        for (const room of Object.keys(batch.next)) if (!covered.has(room)) relations.set(room, relation(room, batch));
        const isNew = ({ room, id }) => {
            const is = relations.get(room);
            return is === 'next' || (is === 'inside' && !isAtOrAfter(cursors.get(room), id));
        };
        const moved = [...relations].filter(([, is]) => is === 'next' || is === 'inside');
        await deliver({
            gaps: batch.gaps.filter(({ room }) => relations.get(room) === 'next'),
            messages: batch.messages.filter(isNew),
            next: Object.fromEntries(moved.map(([room]) => [room, batch.next[room]])),
        });
    }

    /** Reads from the server what is between the cursor here and the batch, and delivers it. */
    async function catchUp(room, batch, covered) {
        while (!isClosed && relation(room, batch) === 'behind') {
            const asked = new Map([[room, cursors.get(room)]]);
            const { path, headers } = subscribeRequest(asked, { wait: 0, limit: CATCH_UP });
            const between = await retry(async () => {
                const { body } = await requestJson(env, path, { headers, signal });
                return parseResponse(body, asked).batch;
            });
            if (cursors.get(room) !== asked.get(room)) continue; // removed and added again meanwhile
            await deliver(between);
            // This request was sent after the batch was made. If its response is empty, the batch was in the one before; in
            // another epoch the two cannot be compared, and a response that is not full is enough.
            const isComplete =
                between.messages.length < (isSameEpoch(cursors.get(room) ?? '0', batch.next[room]) ? 1 : CATCH_UP);
            if (isComplete && relation(room, batch) === 'behind') {
                covered.add(room);
                return;
            }
        }
    }

    async function deliver({ gaps, messages, next }) {
        for (const gap of gaps) {
            if (isClosed || !cursors.has(gap.room)) continue;
            cursors.set(gap.room, gap.next);
            await notify('onGap', gap);
        }
        if (isClosed) return;
        for (const [room, cursor] of Object.entries(next)) if (cursors.has(room)) cursors.set(room, cursor);
        const wanted = messages.filter(({ room }) => cursors.has(room));
        if (wanted.length > 0) await notify('onMessages', wanted);
    }

    async function readQueue() {
        if (isReading) return;
        isReading = true;
        while (!isClosed && queue.length > 0) {
            const { batch, done } = queue.shift();
            await ignoreAborted(() => deliverNew(batch));
            done();
        }
        isReading = false;
    }

    return {
        cursors,
        /** Adds a room at a cursor; without one, startRooms() finds where it begins. */
        add(room, cursor) {
            cursors.set(room, cursor);
        },
        /** Finds the cursors of the rooms without one, retrying until the server answers; then calls onReady. */
        startRooms,
        remove(room) {
            cursors.delete(room);
        },
        /** Delivers what is new in a batch, after those before it; the promise is fulfilled when its callbacks are done. */
        accept(batch) {
            return new Promise((done) => {
                queue.push({ batch, done });
                const waiting = queue.reduce((sum, each) => sum + each.batch.messages.length, 0);
                if (waiting > MAX_QUEUED) queue.splice(0, queue.length, collapsed(queue));
                readQueue();
            });
        },
        retryNow: () => backoff.cancel(),
        close() {
            isClosed = true;
            controller.abort();
            backoff.cancel();
        },
    };
}

/** One batch without messages, that has only the cursors after all of these. */
function collapsed(queue) {
    const next = Object.assign({}, ...queue.map(({ batch }) => batch.next));
    const done = () => queue.forEach((each) => each.done());
    return { batch: { from: next, gaps: [], messages: [], next }, done };
}
