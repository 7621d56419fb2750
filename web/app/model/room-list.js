// The list of joined rooms, in the order in which they were joined. Pure functions.

import { roomProblem } from './room.js';

export const MAX_ROOMS = 40; // one subscription follows them all, each with its presence room; a server takes 100 rooms

const isUsable = (room) => typeof room === 'string' && !roomProblem(room) && !room.endsWith(':presence');

/** The rooms in a value from storage, without what is invalid. */
export function storedRooms(value) {
    const rooms = Array.isArray(value) ? value.filter(isUsable) : [];
    return [...new Set(rooms)].slice(0, MAX_ROOMS);
}

/**
 * The list with `room` in it; over the limit, the room that was joined first is removed.
 * @returns {{rooms: string[], left: string[]}} left: the rooms removed
 */
export function addRoom(rooms, room) {
    if (rooms.includes(room)) return { rooms, left: [] };
    const all = [...rooms, room];
    const left = all.slice(0, Math.max(0, all.length - MAX_ROOMS));
    return { rooms: all.slice(left.length), left };
}

/** The room next to `room`, cyclically: `step` 1 for the next, -1 for the one before. */
export function adjacentRoom(rooms, room, step) {
    const at = rooms.indexOf(room);
    if (at < 0) return rooms[0];
    return rooms[(at + step + rooms.length) % rooms.length];
}
