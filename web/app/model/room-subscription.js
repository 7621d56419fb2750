// The one subscription of this page, for all joined rooms. It is started again, from each room's cursor, when the user's name
// changes or after it has ended.

import { formatComposite } from '../../client/cursor.js';
import { NEWEST } from './early-messages.js';
import { roomProblem } from './room.js';
import { meaningOf, roomOfTyping } from './vocabulary.js';

/**
 * @param {object} options
 * @param {typeof import('../../client/anteroom.js').subscribe} options.subscribe
 * @param {() => Iterable<{room: string, cursor?: string}>} options.conversations  those to follow, with their cursors
 * @param {() => {as?: string, transport: string}} options.settings
 * @param {object} options.events  onHistory, onMessages(room, messages), onTyping(room, name), onGap, onPresence, onState
 */
export function createRoomSubscription({ subscribe, conversations, settings, events }) {
    let subscription;
    let typing; // the room of typing messages that is followed as well

    // Beside the rooms: of a typing room nothing but its new messages matters.
    const isTyping = (room) => room === typing && ![...conversations()].some((one) => one.room === room);

    function receive(room, messages) {
        if (!isTyping(room)) return events.onMessages(room, messages);
        for (const { from, data } of messages)
            if (from !== undefined && meaningOf(data).kind === 'typing') events.onTyping(roomOfTyping(room), from);
        return undefined;
    }

    const compositeCursor = (all) =>
        formatComposite(all.filter(({ cursor }) => cursor).map(({ room, cursor }) => [room, cursor]));

    function start() {
        subscription?.close();
        const all = [...conversations()];
        if (all.length === 0) return;
        subscription = subscribe({
            rooms: [...new Set([...all.map(({ room }) => room), ...(typing ? [typing] : [])])],
            after: compositeCursor(all) || undefined,
            history: NEWEST,
            share: true,
            ...settings(),
            ...events,
            onHistory: (newest) => isTyping(newest.room) || events.onHistory(newest),
            onGap: (gap) => isTyping(gap.room) || events.onGap(gap),
            onPresence: (event) => isTyping(event.room) || events.onPresence(event),
            onMessages(messages) {
                for (const [room, some] of byRoom(messages)) receive(room, some);
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
        /** Follows a room of typing messages, instead of the one before. */
        watchTyping(room) {
            const before = typing;
            typing = roomProblem(room) ? undefined : room; // the suffix may make a long name too long
            if (!subscription || isOver(subscription) || before === typing) return;
            const isJoined = (one) => [...conversations()].some((each) => each.room === one);
            const others = subscription.rooms.filter((one) => one !== before || isJoined(one));
            subscription.setRooms(typing ? [...others, typing] : others);
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
