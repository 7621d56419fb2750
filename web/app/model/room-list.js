// The rooms that one is in, in the order in which they were joined: each is followed, and counts what is unread.

import { roomProblem } from './room.js';

export const MOST_ROOMS = 40; // one poll follows them all, each with its presence; a server takes 100 rooms in a poll

const usable = (room) => typeof room === 'string' && !roomProblem(room) && !room.endsWith(':presence');

/** What memory holds, as a list of rooms. */
export function joinedFrom(remembered) {
    const rooms = Array.isArray(remembered) ? remembered.filter(usable) : [];
    return [...new Set(rooms)].slice(0, MOST_ROOMS);
}

/**
 * The list with `room` in it. Where it would be too long, the one that was joined first goes.
 * @returns {{rooms: string[], left: string[]}} left: those that had to go
 */
export function join(rooms, room) {
    if (rooms.includes(room)) return { rooms, left: [] };
    const all = [...rooms, room];
    const left = all.slice(0, Math.max(0, all.length - MOST_ROOMS));
    return { rooms: all.slice(left.length), left };
}

/** The room next to `room`, around the end: `step` 1 for the next, -1 for the one before. */
export function neighbour(rooms, room, step) {
    const at = rooms.indexOf(room);
    if (at < 0) return rooms[0];
    return rooms[(at + step + rooms.length) % rooms.length];
}
