// What is asked for and what comes back, in every transport: the address of a subscription, and batches.
//
// A batch is a piece of one or more rooms' logs without a hole: gaps first, then messages.
//     {from: {room: place}, gaps: Gap[], messages: Message[], next: {room: place}}
// `from` and `next` name only rooms in which something is new.

import { cursorBefore, encodeRoom, formatComposite, isAtOrAfter, parseComposite } from './cursor.js';
import { AnteroomError, NOT_ANTEROOM, query, roomPath } from './request.js';

export const MOST_ROOMS = 100;
const LONGEST_CURSOR_IN_ADDRESS = 2000; // a longer one goes into a header

/**
 * The address of one subscription. One room has the short one with plain cursors.
 * @param {Map<string, string|undefined>} places  undefined: from now on
 * @param {object} params  the rest of the query
 * @param {{inAddress?: boolean}} [how]  a WebSocket has no place for the cursor but its address
 * @returns {{path: string, headers: object}}
 */
export function question(places, params, { inAddress = false } = {}) {
    const rooms = [...places.keys()];
    const known = [...places].filter(([, place]) => place !== undefined);
    let cursor;
    if (known.length > 0) cursor = rooms.length === 1 ? known[0][1] : formatComposite(known);
    const asHeader = !inAddress && cursor?.length > LONGEST_CURSOR_IN_ADDRESS;
    const rest = query({ after: asHeader ? undefined : cursor, ...params });
    const headers = asHeader ? { 'Last-Event-ID': cursor } : {};
    if (rooms.length === 1) return { path: `${roomPath(rooms[0])}/subscribe${rest}`, headers };
    const names = rooms.map((room) => `room=${encodeRoom(room)}`).join('&');
    return { path: `/subscribe?${names}${rest.replace('?', '&')}`, headers };
}

/** Collects what came into a batch. */
export class Batch {
    from = {};
    gaps = [];
    messages = [];
    next = {};
    #places;

    /** @param {Map<string, string|undefined>} places  where the rooms are before it */
    constructor(places) {
        this.#places = places;
    }

    get isEmpty() {
        return Object.keys(this.next).length === 0;
    }

    /** The batch as plain data. */
    get facts() {
        const { from, gaps, messages, next } = this;
        return { from, gaps, messages, next };
    }

    move(room, place) {
        const from = this.#places.get(room);
        if (from === place && !(room in this.next)) return;
        if (!(room in this.from)) this.from[room] = from;
        this.next[room] = place;
    }

    add(message) {
        const room = this.#roomOf(message);
        if (typeof message.id !== 'string') throw new AnteroomError(NOT_ANTEROOM);
        const place = this.next[room] ?? this.#places.get(room);
        if (place !== undefined && isAtOrAfter(place, message.id)) return; // had it
        this.messages.push({ ...message, room });
        this.move(room, message.id);
    }

    /**
     * @param {string} next  the cursor that came with it
     * @param {string} [place]  where the room goes on, if that is not what the cursor says
     */
    gap(gap, next, place = placesOf(next, this.#places).get(this.#roomOf(gap))) {
        const room = this.#roomOf(gap);
        if (place === undefined) throw new AnteroomError(NOT_ANTEROOM);
        this.gaps.push({ ...gap, room, next: place });
        this.from[room] ??= this.#places.get(room);
        this.next[room] = place;
    }

    /** Whether a gap in this room can still be told before everything else. */
    canTakeGap(gap) {
        const room = this.#roomOf(gap);
        return !this.messages.some((message) => message.room === room);
    }

    #roomOf(thing) {
        const { size } = this.#places;
        const room = thing?.room ?? (size === 1 ? this.#places.keys().next().value : undefined);
        if (this.#places.has(room)) return room;
        throw new AnteroomError(NOT_ANTEROOM);
    }
}

/**
 * Reads an answer of a JSON poll.
 * @returns {{batch: object, places: Map<string, string>, draining: boolean, superseded: boolean}}
 * @throws {AnteroomError} if it is none
 */
export function answer(body, asked) {
    const { messages, next, gaps = [] } = body ?? {};
    if (!Array.isArray(messages) || !Array.isArray(gaps) || typeof next !== 'string')
        throw new AnteroomError(NOT_ANTEROOM);
    const places = placesOf(next, asked);
    const batch = new Batch(asked);
    for (const gap of gaps) {
        const first = messages.find(({ room }) => room === gap?.room || asked.size === 1);
        batch.gap(gap, next, first && cursorBefore(String(first.id)));
    }
    for (const message of messages) batch.add(message);
    for (const [room, place] of places) batch.move(room, place);
    const { draining, superseded } = body;
    return { batch: batch.facts, places, draining: draining === true, superseded: superseded === true };
}

/** @throws {AnteroomError} */
export function placesOf(cursor, asked) {
    try {
        return parseComposite(cursor, [...asked.keys()]);
    } catch (error) {
        throw new AnteroomError(NOT_ANTEROOM, { cause: error });
    }
}
