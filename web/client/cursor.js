// Cursors: the only parser and writer of them, for the client and for the page.
//
//     cursor    = "0" | epoch "-" number         one room's own; "0" stands before the first message
//     composite = part *( "," part )             several rooms'
//     part      = room "@" cursor                the room's name percent-encoded
//     epoch     = 1*( any character but white space, "," and "@" )
//     number    = 1*DIGIT                        counts the room's messages from 1 within the epoch, without holes
//
// A message's id is the cursor just after it. An epoch names one life of a room; cursors of different epochs are not
// ordered. What does not fit the grammar has no epoch and no number, and every comparison with it but equality is false.

const CURSOR = /^(?:0|([^\s,@]+)-(\d+))$/;

function fields(cursor) {
    return (typeof cursor === 'string' && CURSOR.exec(cursor)) || [];
}

/** @returns {string} '' of `0`, and of what is no cursor */
export function epochOf(cursor) {
    return fields(cursor)[1] ?? '';
}

/** @returns {number} of a message in its room, from 1; NaN of `0`, and of what is no cursor */
export function numberOf(cursor) {
    return Number(fields(cursor)[2] ?? NaN);
}

/** Whether two cursors are of one life of a room. */
export function isSameEpoch(cursor, other) {
    return epochOf(cursor) === epochOf(other);
}

/** Whether the first is later than the second in the same life of the room; false if they cannot be compared. */
export function isAfter(cursor, other) {
    return isSameEpoch(cursor, other) && numberOf(cursor) > numberOf(other);
}

/** Whether everything up to `other` was received at `cursor`; false if they cannot be compared. */
export function isAtOrAfter(cursor, other) {
    return cursor === other || (isSameEpoch(cursor, other) && numberOf(cursor) >= numberOf(other));
}

/** The cursor just before a message; an id in another form as it is. */
export function cursorBefore(id) {
    const epoch = epochOf(id);
    return epoch ? `${epoch}-${numberOf(id) - 1}` : id;
}

/** @returns {string} the cursor @throws {TypeError} if it is none */
export function checkedCursor(cursor) {
    if (CURSOR.test(cursor)) return cursor;
    throw new TypeError(`'${cursor}' is not a cursor`);
}

/** A room's name, percent-encoded as in a composite cursor and in an address. */
export function encodeRoom(room) {
    return encodeURIComponent(room).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Writes a composite cursor. @param {Iterable<[string, string]>} cursors  each with its room before it */
export function formatComposite(cursors) {
    return Array.from(cursors, ([room, cursor]) => `${encodeRoom(room)}@${cursor}`).join(',');
}

/**
 * The cursors that a composite one has for these rooms. A plain cursor is that of the only room, `0` that of every room.
 * @returns {Map<string, string>} by room; without the rooms that it does not name
 * @throws {TypeError} on what is no cursor
 */
export function parseComposite(text, rooms) {
    const all = new Map();
    if (text.includes('@')) {
        for (const part of text.split(',')) {
            const at = part.lastIndexOf('@');
            all.set(decodeRoom(part.slice(0, at), text), checkedCursor(part.slice(at + 1)));
        }
    } else if (text === '0' || rooms.length === 1) {
        for (const room of rooms) all.set(room, checkedCursor(text));
    } else {
        throw new TypeError(`'${text}' does not say which of the rooms it is a cursor of`);
    }
    return new Map(rooms.filter((room) => all.has(room)).map((room) => [room, all.get(room)]));
}

function decodeRoom(name, text) {
    try {
        return decodeURIComponent(name);
    } catch {
        throw new TypeError(`'${text}' is not a cursor`);
    }
}
