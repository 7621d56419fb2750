// Polls the list of rooms in use, and who is present in the room that is shown, while the page is visible.

const INTERVAL = 20_000; // ms
const SOON = 1500; // ms until the server counts this page as a subscriber
const MAX_ROOMS = 1000; // in one list

/**
 * @param {{presence: Function, rooms: Function, shown: () => string|undefined, filter: () => string, isVisible: () => boolean,
 *   onRooms: (rooms: object[]) => void, onPresent: (room: string, list: object) => void}} options
 *   presence, rooms: of the client; filter: how the names begin that are looked for, where there are too many rooms; shown: the room that is shown; isVisible: whether the page is, so that the list is worth a request
 * @returns {{refresh(): void, refreshSoon(): void, refreshPresent(): void}}
 */
export function watchRooms({ presence, rooms, shown, filter, isVisible, onRooms, onPresent }) {
    let timer;

    function schedule(ms) {
        clearTimeout(timer);
        timer = setTimeout(refresh, ms);
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
