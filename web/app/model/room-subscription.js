// The one subscription of this page, for all joined rooms. It is started again, from each room's cursor, when the user's name
// changes or after it has ended.

import { formatComposite } from '../../client/cursor.js';

const HISTORY = 100; // messages

/**
 * @param {object} options
 * @param {typeof import('../../client/anteroom.js').subscribe} options.subscribe
 * @param {() => Iterable<{room: string, cursor?: string}>} options.conversations  those to follow, with their cursors
 * @param {() => {as?: string, transport: string}} options.settings
 * @param {object} options.events  onHistory, onMessages(room, messages), onGap, onPresence, onState
 */
export function createRoomSubscription({ subscribe, conversations, settings, events }) {
    let subscription;

    const compositeCursor = (all) =>
        formatComposite(all.filter(({ cursor }) => cursor).map(({ room, cursor }) => [room, cursor]));

    function start() {
        subscription?.close();
        const all = [...conversations()];
        if (all.length === 0) return;
        subscription = subscribe({
            rooms: all.map(({ room }) => room),
            after: compositeCursor(all) || undefined,
            history: HISTORY,
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
        /** Adds and removes rooms, which `conversations` has already done; starts the subscription if it is not running. */
        change({ added, removed }) {
            if (!subscription || isOver(subscription)) return start();
            for (const one of added) subscription.add(one.room, { after: compositeCursor([one]) || undefined });
            for (const room of removed) if (subscription.rooms.length > 1) subscription.remove(room);
            return undefined;
        },
        /** Ends a pause; starts the subscription again if it has ended. */
        retry() {
            if (!subscription || isOver(subscription)) start();
            else subscription.retryNow();
        },
        setTransport: (transport) => subscription?.setTransport(transport),
    };
}

const isOver = ({ state }) => state.state === 'failed' || state.state === 'superseded';

/** Groups messages by room, in their order. */
function byRoom(messages) {
    const groups = new Map();
    for (const message of messages) {
        if (!groups.has(message.room)) groups.set(message.room, []);
        groups.get(message.room).push(message);
    }
    return groups;
}
