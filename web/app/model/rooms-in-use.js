// Asks which rooms are in use, and who is in the one that is shown, while somebody looks.

import { presence, rooms } from '../../client/anteroom.js';

const EVERY = 20_000; // ms
const SOON = 1500; // ms until it shows that this page waits here, too

/**
 * @param {{shown: () => string|undefined, onRooms: (rooms: object[]) => void,
 *   onPresent: (room: string, list: object) => void}} given  shown: the room that is shown
 * @returns {{refresh(): void, refreshSoon(): void, refreshPresent(): void}}
 */
export function watchRooms({ shown, onRooms, onPresent }) {
    let timer;

    function schedule(ms) {
        clearTimeout(timer);
        timer = setTimeout(refresh, ms);
    }

    async function refreshPresent() {
        const room = shown();
        if (!room) return;
        const list = await presence({ room }).catch(() => undefined); // shown is what was known
        if (list) onPresent(room, list);
    }

    async function refresh() {
        schedule(EVERY);
        if (document.visibilityState !== 'visible') return;
        const [inUse] = await Promise.all([rooms({ limit: 100 }).catch(() => undefined), refreshPresent()]);
        if (inUse) onRooms(inUse);
    }

    return { refresh, refreshPresent, refreshSoon: () => schedule(SOON) };
}
