// The wire format, the same for every transport: the request of a subscription, and batches.
//
// A batch is a contiguous piece of the logs of one or more rooms: gaps first, then messages.
//     {from: {room: cursor}, gaps: Gap[], messages: Message[], next: {room: cursor}}
// `from` and `next` name only the rooms whose cursors advance.

import { cursorBefore, encodeRoom, formatComposite, isAtOrAfter, parseComposite } from './cursor.js';
import { AnteroomError, NOT_ANTEROOM, query, roomPath } from './request.js';

export const MAX_ROOMS = 100;
const MAX_CURSOR_IN_URL = 2000; // characters; a longer one goes into a header

/**
 * The request of a subscription. One room has the short path, with a plain cursor.
 * @param {Map<string, string|undefined>} cursors  undefined: from now on
 * @param {object} params  the rest of the query
 * @param {{urlOnly?: boolean}} [options]  the cursor has to be in the URL, as for a WebSocket
 * @returns {{path: string, headers: object}}
 */
export function subscribeRequest(cursors, params, { urlOnly = false } = {}) {
    const rooms = [...cursors.keys()];
    const known = [...cursors].filter(([, cursor]) => cursor !== undefined);
    let after;
    if (known.length > 0) after = rooms.length === 1 ? known[0][1] : formatComposite(known);
    const isHeader = !urlOnly && after?.length > MAX_CURSOR_IN_URL;
    const rest = query({ after: isHeader ? undefined : after, ...params });
    const headers = isHeader ? { 'Last-Event-ID': after } : {};
    if (rooms.length === 1) return { path: `${roomPath(rooms[0])}/subscribe${rest}`, headers };
    const names = rooms.map((room) => `room=${encodeRoom(room)}`).join('&');
    return { path: `/subscribe?${names}${rest.replace('?', '&')}`, headers };
}

/** Collects messages and gaps into a batch. */
export class Batch {
    from = {};
    gaps = [];
    messages = [];
    next = {};
    #cursors;

    /** @param {Map<string, string|undefined>} cursors  of the rooms before it */
    constructor(cursors) {
        this.#cursors = cursors;
    }

    get isEmpty() {
        return Object.keys(this.next).length === 0;
    }

    /** The batch as plain data. */
    get data() {
        const { from, gaps, messages, next } = this;
        return { from, gaps, messages, next };
    }

    /** Advances a room; nothing if it is there already. */
    advance(room, cursor) {
        const from = this.#cursors.get(room);
        if (from === cursor && !(room in this.next)) return;
        if (!(room in this.from)) this.from[room] = from;
        this.next[room] = cursor;
    }

    /** Adds a message, unless it is at or before the room's cursor. @throws {AnteroomError} if it is not one of these rooms */
    add(message) {
        const room = this.#roomOf(message);
        if (typeof message.id !== 'string') throw new AnteroomError(NOT_ANTEROOM);
        const cursor = this.next[room] ?? this.#cursors.get(room);
        if (cursor !== undefined && isAtOrAfter(cursor, message.id)) return; // received already
        this.messages.push({ ...message, room });
        this.advance(room, message.id);
    }

    /**
     * Adds a gap, after which the room continues at `cursor`.
     * @param {string} next  the cursor, composite for several rooms, that came with it
     * @param {string} [cursor]  the room's own, if it is not the one in `next`
     * @throws {AnteroomError} if it is not one of these rooms, or without a cursor
     */
    gap(gap, next, cursor = cursorsOf(next, this.#cursors).get(this.#roomOf(gap))) {
        const room = this.#roomOf(gap);
        if (cursor === undefined) throw new AnteroomError(NOT_ANTEROOM);
        this.gaps.push({ ...gap, room, next: cursor });
        this.from[room] ??= this.#cursors.get(room);
        this.next[room] = cursor;
    }

    /** Whether a gap can still be added: gaps come before messages, and this room has none yet. */
    canAddGap(gap) {
        const room = this.#roomOf(gap);
        return !this.messages.some((message) => message.room === room);
    }

    #roomOf(item) {
        const { size } = this.#cursors;
        const room = item?.room ?? (size === 1 ? this.#cursors.keys().next().value : undefined);
        if (this.#cursors.has(room)) return room;
        throw new AnteroomError(NOT_ANTEROOM);
    }
}

/**
 * Reads the response of a JSON poll or of a history.
 * @returns {{batch: object, cursors: Map<string, string>, draining: boolean, superseded: boolean}}
 * @throws {AnteroomError} if it is not one
 */
export function parseResponse(body, asked) {
    const { messages, next, gaps = [] } = body ?? {};
    if (!Array.isArray(messages) || !Array.isArray(gaps) || typeof next !== 'string')
        throw new AnteroomError(NOT_ANTEROOM);
    const cursors = cursorsOf(next, asked);
    const batch = new Batch(asked);
    for (const gap of gaps) {
        const first = messages.find(({ room }) => room === gap?.room || asked.size === 1);
        batch.gap(gap, next, first && cursorBefore(String(first.id)));
    }
    for (const message of messages) batch.add(message);
    for (const [room, cursor] of cursors) batch.advance(room, cursor);
    const { draining, superseded } = body;
    return { batch: batch.data, cursors, draining: draining === true, superseded: superseded === true };
}

/** The cursors of the rooms asked for. @throws {AnteroomError} on what is not a cursor */
export function cursorsOf(cursor, asked) {
    try {
        return parseComposite(cursor, [...asked.keys()]);
    } catch (error) {
        throw new AnteroomError(NOT_ANTEROOM, { cause: error });
    }
}
