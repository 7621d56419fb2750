// Polls the list of rooms in use, and who is present in the room that is shown, while the page is visible.

import { presence, rooms } from '../../client/anteroom.js';

const INTERVAL = 20_000; // ms
const SOON = 1500; // ms until the server counts this page as a subscriber

/**
 * @param {{shown: () => string|undefined, isVisible: () => boolean, onRooms: (rooms: object[]) => void,
 *   onPresent: (room: string, list: object) => void}} options
 *   shown: the room that is shown; isVisible: whether the page is, so that the list is worth a request
 * @returns {{refresh(): void, refreshSoon(): void, refreshPresent(): void}}
 */
export function watchRooms({ shown, isVisible, onRooms, onPresent }) {
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

    async function refresh() {
        schedule(INTERVAL);
        if (!isVisible()) return;
        const [inUse] = await Promise.all([rooms({ limit: 100 }).catch(() => undefined), refreshPresent()]);
        if (inUse) onRooms(inUse);
    }

    return { refresh, refreshPresent, refreshSoon: () => schedule(SOON) };
}
