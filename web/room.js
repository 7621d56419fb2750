// Rooms by name: from and to addresses, what a name may be, and which rooms to offer.

export const LOBBY = 'lobby';
const LONGEST = 128; // bytes of UTF-8
const REMEMBERED = 8;

/** The room of a page's path; undefined if the path names none. */
export function roomFromPath(path) {
    if (path === '/') return LOBBY;
    const segment = /^\/room\/([^/]+)$/.exec(path)?.[1];
    try {
        const room = segment === undefined ? undefined : decodeURIComponent(segment);
        return room && !roomProblem(room) ? room : undefined;
    } catch {
        return undefined; // a % that encodes nothing
    }
}

/** The address of a room's page. */
export function roomUrl(room) {
    return `/room/${encodeURIComponent(room)}`;
}

/** What people type, as a name: without the # and the spaces around it, and with one spelling for one look. */
export function roomFromInput(text) {
    return text
        .trim()
        .replace(/^#+\s*/, '')
        .normalize('NFC');
}

/** Why a name cannot be a room, for people; '' if it can. */
export function roomProblem(room) {
    if (!room) return 'A room needs a name.';
    if (room === '.' || room === '..') return `'${room}' cannot be part of an address.`;
    if (room.includes('/')) return 'A room’s name cannot have a / in it.';
    if (/\p{Cc}/u.test(room)) return 'A room’s name cannot have control characters in it.';
    if (/\p{Cs}/u.test(room)) return 'This name is not valid text.';
    if (new TextEncoder().encode(room).length > LONGEST) return 'This name is too long for a room.';
    return '';
}

/** The rooms visited last, the newest first, `room` being the one that is visited now, if any. */
export function visited(rooms, room) {
    const others = Array.isArray(rooms) ? rooms.filter((other) => typeof other === 'string' && other !== room) : [];
    return (room ? [room, ...others] : others).slice(0, REMEMBERED);
}

/**
 * The rooms to offer: those in use and those visited, by name, with how many wait in each where it is known.
 * @param {{room: string, subscribers?: number}[]} inUse
 * @param {string[]} remembered
 * @returns {{room: string, subscribers?: number}[]}
 */
export function roomChoices(inUse, remembered) {
    const choices = new Map(remembered.map((room) => [room, { room }]));
    for (const { room, subscribers } of inUse) choices.set(room, { room, subscribers });
    choices.set(LOBBY, choices.get(LOBBY) ?? { room: LOBBY });
    const usable = [...choices.values()].filter(({ room }) => !roomProblem(room) && !room.endsWith(':presence'));
    return usable.sort((a, b) => (b.room === LOBBY) - (a.room === LOBBY) || a.room.localeCompare(b.room));
}
