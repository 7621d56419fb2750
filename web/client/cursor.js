// Places in rooms. A place is a room's own cursor, `{epoch}-{number}`, or `0` before the first message; several rooms' places
// together are written `a@k3f9x-42,b@p0q1r-7` with percent-encoded names.
//
// What this client compares, it compares only within one epoch; everything else it leaves to the server.

const PLACE = /^(?:0|[^\s,@]+-\d+)$/;

/** A room's name as a composite cursor and an address have it. */
export function encodeRoom(room) {
    return encodeURIComponent(room).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param {Iterable<[string, string]>} places */
export function formatPlaces(places) {
    return Array.from(places, ([room, place]) => `${encodeRoom(room)}@${place}`).join(',');
}

/**
 * The places that a cursor has for these rooms. A plain one is that of the only room, `0` that of every room.
 * @returns {Map<string, string>}
 * @throws {TypeError} on what is no cursor
 */
export function parsePlaces(cursor, rooms) {
    const all = new Map();
    if (cursor.includes('@')) {
        for (const part of cursor.split(',')) {
            const at = part.lastIndexOf('@');
            all.set(decoded(part.slice(0, at), cursor), checkedPlace(part.slice(at + 1)));
        }
    } else if (cursor === '0' || rooms.length === 1) {
        for (const room of rooms) all.set(room, checkedPlace(cursor));
    } else {
        throw new TypeError(`'${cursor}' does not say which of the rooms it is a cursor of`);
    }
    return new Map(rooms.filter((room) => all.has(room)).map((room) => [room, all.get(room)]));
}

/** @throws {TypeError} if it is none */
export function checkedPlace(place) {
    if (PLACE.test(place)) return place;
    throw new TypeError(`'${place}' is not a cursor`);
}

function decoded(name, cursor) {
    try {
        return decodeURIComponent(name);
    } catch {
        throw new TypeError(`'${cursor}' is not a cursor`);
    }
}

function split(place) {
    const dash = place.lastIndexOf('-');
    return { epoch: place.slice(0, dash), number: Number(place.slice(dash + 1)) };
}

/** Whether everything up to `other` was received at `place`; false if they cannot be compared. */
export function isAtOrPast(place, other) {
    if (place === other) return true;
    const [a, b] = [split(place), split(other)];
    return a.epoch === b.epoch && a.number >= b.number;
}

/** Whether two places are in one life of a room. */
export function isSameLife(place, other) {
    return split(place).epoch === split(other).epoch;
}

/** The place just before a message. */
export function before(id) {
    const { epoch, number } = split(id);
    return epoch ? `${epoch}-${number - 1}` : id;
}
