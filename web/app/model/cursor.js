// What a cursor or a message's id says to this page. `{epoch}-{number}`: numbers count a room's messages from 1 within
// one life of the room, its epoch. What is in another form just never compares.

/** @returns {string} '' if it does not say */
export function epochOf(cursor) {
    return /^(.*)-\d+$/.exec(typeof cursor === 'string' ? cursor : '')?.[1] ?? '';
}

/** @returns {number} of a message in its room, from 1; NaN if it does not say */
export function numberOf(cursor) {
    return Number(/-(\d+)$/.exec(cursor ?? '')?.[1] ?? NaN);
}

/** Whether the first is later than the second in the same life of the room; false if they cannot be compared. */
export function isAfter(cursor, other) {
    return epochOf(cursor) === epochOf(other) && numberOf(cursor) > numberOf(other);
}
