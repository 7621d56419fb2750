// Polls the list of rooms in use, and who is present in the room that is shown, while the page is visible.

const INTERVAL = 20_000; // ms
const SOON = 1500; // ms until the server counts this page as a subscriber
const MAX_ROOMS = 1000; // in one list

/**
 * @param {object} options
 *   presence, rooms: of the client
 *   shown(): the room that is shown; undefined if there is none
 *   filter(): how the names begin that are looked for, where there are too many rooms
 *   isVisible(): whether the page is, so that the list is worth a request
 *   onRooms(rooms), onPresent(room, list)
 *   setTimeout, clearTimeout: replacements for tests
 * @returns {{refresh(): void, refreshSoon(): void, refreshPresent(): void}}
 */
export function watchRooms({ presence, rooms, shown, filter, isVisible, onRooms, onPresent, ...platform }) {
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = platform.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    let timer;

    function schedule(ms) {
        clear(timer);
        timer = set(refresh, ms);
    }

    async function refreshPresent() {
        const room = shown();
        if (!room) return;
        const list = await presence({ room }).catch(() => undefined); // the last list stays
        if (list) onPresent(room, list);
    }

    async function listRooms() {
        const all = await rooms({ limit: MAX_ROOMS });
        if (all.length < MAX_ROOMS || !filter()) return all;
        const known = new Set(all.map(({ room }) => room));
        const more = await rooms({ limit: MAX_ROOMS, prefix: filter() });
        return [...all, ...more.filter(({ room }) => !known.has(room))];
    }

    async function refresh() {
        schedule(INTERVAL);
        if (!isVisible()) return;
        const [inUse] = await Promise.all([listRooms().catch(() => undefined), refreshPresent()]);
        if (inUse) onRooms(inUse);
    }

    return { refresh, refreshPresent, refreshSoon: () => schedule(SOON) };
}
