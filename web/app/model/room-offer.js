// The rooms to choose from: those that the user has joined, and others in use, by a part of their names.

import { roomChoices } from './room.js';

/**
 * @param {{joined: () => {room: string, unread: number}[], shown: () => string|undefined}} options  shown: the room on the page
 */
export function createRoomOffer({ joined, shown }) {
    return {
        /** From the server. @type {{room: string, subscribers?: number}[]} */
        inUse: [],
        /** A part of the names of the others, in the panel. */
        filter: '',
        /** For the panel. */
        choices() {
            return { current: shown(), ...roomChoices(this.inUse, joined(), this.filter) };
        },
        /**
         * For the switcher: the room of that name, then joined ones, those with most unread messages first, then others.
         * @returns {string[]}
         */
        matching(part) {
            const wanted = part.toLowerCase();
            const { others } = roomChoices(this.inUse, joined(), part);
            const mine = joined().filter(({ room }) => room !== shown() && room.toLowerCase().includes(wanted));
            const all = [...mine.sort((a, b) => b.unread - a.unread), ...others].map(({ room }) => room);
            return all.includes(part) ? [part, ...all.filter((room) => room !== part)] : all;
        },
    };
}
