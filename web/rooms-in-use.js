// Keeps the panel of rooms and the number of people in this one up to date, while somebody looks.

import { rooms } from './anteroom.js';
import { mountRoomPanel } from './room-panel.js';
import { roomChoices, visited } from './room.js';

const EVERY = 20_000; // ms
const SOON = 1500; // ms until it shows that this page waits here, too

/**
 * @param {{panel: HTMLElement, here: HTMLElement, room?: string, memory: {get: Function, set: Function}}} place
 * @returns {{refreshSoon(): void}}
 */
export function mountRooms({ panel, here, room, memory }) {
    const remembered = visited(memory.get('rooms'), room);
    let inUse = [];
    let timer;
    const { show } = mountRoomPanel(panel, { room, onOpen: refresh });

    function draw() {
        show(roomChoices(inUse, remembered));
        const count = inUse.find((one) => one.room === room)?.subscribers ?? 0;
        here.hidden = count === 0;
        here.textContent = `${count} here`;
    }

    async function refresh() {
        clearTimeout(timer);
        if (document.visibilityState === 'visible') {
            inUse = await rooms({ limit: 100 }).catch(() => inUse); // the panel shows what it knew
            draw();
        }
        clearTimeout(timer);
        timer = setTimeout(refresh, EVERY);
    }

    function refreshSoon() {
        clearTimeout(timer);
        timer = setTimeout(refresh, SOON);
    }

    if (room) memory.set('rooms', remembered);
    draw();
    refresh();
    return { refreshSoon };
}
