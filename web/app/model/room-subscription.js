// The one subscription of this page, for all of its rooms: begun anew, where every room had come to, when who one is
// changes or after it ended.

import { formatComposite } from '../../client/cursor.js';

const AT_FIRST = 100; // messages of history

/**
 * @param {object} given
 * @param {typeof import('../../client/anteroom.js').subscribe} given.subscribe
 * @param {() => Iterable<{room: string, cursor?: string}>} given.conversations  those to follow, and how far they came
 * @param {() => {as?: string, transport: string}} given.settings
 * @param {object} given.events  onHistory, onMessages(room, messages), onGap, onPresence, onState
 */
export function createReception({ subscribe, conversations, settings, events }) {
    let subscription;

    const placesOf = (all) =>
        formatComposite(all.filter(({ cursor }) => cursor).map(({ room, cursor }) => [room, cursor]));

    function start() {
        subscription?.close();
        const all = [...conversations()];
        if (all.length === 0) return;
        subscription = subscribe({
            rooms: all.map(({ room }) => room),
            after: placesOf(all) || undefined,
            history: AT_FIRST,
            share: true,
            ...settings(),
            ...events,
            onMessages(messages) {
                for (const [room, some] of byRoom(messages)) events.onMessages(room, some);
            },
        });
    }

    return {
        start,
        /** Follows some more, and others no more; begins if it has not yet. `conversations` has them already. */
        change({ added, removed }) {
            if (!subscription || isOver(subscription)) return start();
            for (const one of added) subscription.add(one.room, { after: placesOf([one]) || undefined });
            for (const room of removed) if (subscription.rooms.length > 1) subscription.remove(room);
            return undefined;
        },
        /** Ends a pause; begins again what ended. */
        retry() {
            if (!subscription || isOver(subscription)) start();
            else subscription.retryNow();
        },
        setTransport: (transport) => subscription?.setTransport(transport),
    };
}

const isOver = ({ state }) => state.state === 'failed' || state.state === 'superseded';

/** Each room's messages together, in their order. */
function byRoom(messages) {
    const groups = new Map();
    for (const message of messages) {
        if (!groups.has(message.room)) groups.set(message.room, []);
        groups.get(message.room).push(message);
    }
    return groups;
}
