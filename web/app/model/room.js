// Room names: to and from URLs, which are valid, and which rooms to offer.

export const LOBBY = 'lobby';
const MAX_LENGTH = 128; // bytes of UTF-8
const MAX_OTHERS = 40; // rooms that are offered
const { compare } = new Intl.Collator(undefined, { numeric: true }); // b-2 before b-10

/** The room in a page's path; undefined if there is none. */
export function roomFromPath(path) {
    if (path === '/') return LOBBY;
    const segment = /^\/room\/([^/]+)$/.exec(path)?.[1];
    try {
        const room = segment === undefined ? undefined : decodeURIComponent(segment);
        return room && !roomProblem(room) ? room : undefined;
    } catch {
        return undefined; // broken percent-encoding
    }
}

/** The path of a room's page. */
export function roomUrl(room) {
    return `/room/${encodeURIComponent(room)}`;
}

/** The room in an input: trimmed, without `#` in front, normalised. */
export function roomFromInput(text) {
    return text
        .trim()
        .replace(/^#+\s*/, '')
        .normalize('NFC');
}

/** Why a name is not valid for a room, to show; '' if it is. */
export function roomProblem(room) {
    if (!room) return 'A room needs a name.';
    if (room === '.' || room === '..') return `'${room}' cannot be part of an address.`;
    if (room.includes('/')) return 'A room’s name cannot have a / in it.';
    if (/\p{Cc}/u.test(room)) return 'A room’s name cannot have control characters in it.';
    if (/\p{Cs}/u.test(room)) return 'This name is not valid text.';
    if (new TextEncoder().encode(room).length > MAX_LENGTH) return 'This name is too long for a room.';
    return '';
}

/**
 * The rooms to show in the panel.
 * @param {{room: string, subscribers?: number}[]} inUse  from the server
 * @param {{room: string, unread: number}[]} joined
 * @param {string} [filter]  a part of the names of the others
 * @returns {{joined: object[], others: object[]}} those joined, and the others in use by name, the lobby first, with
 *   the number of subscribers where it is known; of many those with most subscribers
 */
export function roomChoices(inUse, joined, filter = '') {
    const known = new Map(inUse.map(({ room, subscribers }) => [room, subscribers]));
    const mine = new Set(joined.map(({ room }) => room));
    const part = filter.toLowerCase();
    const others = [...new Set([LOBBY, ...known.keys()])]
        .filter((room) => !mine.has(room) && !roomProblem(room) && !/:(presence|typing)$/.test(room))
        .filter((room) => room.toLowerCase().includes(part))
        .map((room) => ({ room, subscribers: known.get(room) }));
    others.sort((a, b) => (b.subscribers ?? 0) - (a.subscribers ?? 0) || compare(a.room, b.room));
    const byName = (a, b) => (b.room === LOBBY) - (a.room === LOBBY) || compare(a.room, b.room);
    return { joined, others: others.slice(0, MAX_OTHERS).sort(byName) };
}
