// How far each room was read in this browser, by any of its tabs: kept, so that a reload goes on from there.

import { epochOf, isAfter } from '../../client/cursor.js';

const PREFIX = 'read.';

/** @param {{get: Function, set: Function, remove: Function}} memory */
export function createReading(memory) {
    /** The cursor up to which the room was read; undefined if it never was. */
    function get(room) {
        const cursor = memory.get(PREFIX + room);
        return epochOf(cursor) ? cursor : undefined;
    }
    return {
        get,
        /** Everything up to the cursor was read. Another tab may be further already: never back in one life of the room. */
        advance(room, cursor) {
            const before = get(room);
            if (epochOf(cursor) && cursor !== before && !isAfter(before, cursor)) memory.set(PREFIX + room, cursor);
        },
        forget: (room) => memory.remove(PREFIX + room),
    };
}

/** The room whose place a name in memory holds; undefined if that is about something else. */
export function roomOfPlace(name) {
    return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}
