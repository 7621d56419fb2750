// How far each room was read in this browser, in any of its tabs: stored, so that a reload resumes from there.

import { epochOf, isAfter } from '../../client/cursor.js';

const PREFIX = 'read.';

/** @param {{get: Function, set: Function, remove: Function}} storage */
export function createReadPositions(storage) {
    /** The cursor up to which the room was read; undefined if it never was. */
    function get(room) {
        const cursor = storage.get(PREFIX + room);
        return epochOf(cursor) ? cursor : undefined;
    }
    return {
        get,
        /** Everything up to the cursor was read. Another tab may be ahead: within one epoch the position never goes back. */
        advance(room, cursor) {
            const before = get(room);
            if (epochOf(cursor) && cursor !== before && !isAfter(before, cursor)) storage.set(PREFIX + room, cursor);
        },
        remove: (room) => storage.remove(PREFIX + room),
    };
}

/** The room whose position a key in storage holds; undefined for other keys. */
export function roomOfKey(name) {
    return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}
