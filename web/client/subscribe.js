// A subscription: the rooms it follows, what it has received (reader.js), the connection that brings messages (feed.js, in this
// tab or through tabs.js in another), and the subscriber's callbacks.

import { createFeed } from './feed.js';
import { TransportFallback } from './transport-fallback.js';
import { checkedCursor, formatComposite, parseComposite } from './cursor.js';
import { canShare, environment, isHidden, randomKey, watchPage } from './platform.js';
import { createReader } from './reader.js';
import { roomPath } from './request.js';
import { createSharedFeed } from './tabs.js';
import { MAX_ROOMS } from './wire.js';

const PRESENCE = ':presence';

/** Follows rooms until close(); anteroom.d.ts has the whole contract. */
export function subscribe(options) {
    const env = environment(options);
    const { history, client, wait, limit, transport = 'auto', onPresence } = options;
    const { share = env.document !== undefined } = options;
    let wanted = roomList(options.rooms ?? options.room, onPresence);
    let isStarted = false;
    let isClosed = false; // no callback any more
    let isFinished = false; // the last state was reported
    let retrying; // the reader's state while it retries a request
    let connection = { state: 'connecting', attempt: 0 };
    let reported = { ...connection, transport: new TransportFallback(env, transport).current, leads: false };

    // Callbacks, one at a time

    let callbacks = Promise.resolve();

    /** @returns {Promise<void>} fulfilled when the callback is done, whether it succeeded or not */
    function enqueue(callback, ...values) {
        callbacks = callbacks.then(async () => {
            if (isClosed) return;
            try {
                await callback?.(...values);
            } catch (error) {
                (globalThis.reportError ?? console.error)(error);
            }
        });
        return callbacks;
    }

    function notify(name, value) {
        const { cursor } = handle;
        if (name === 'onHistory') return enqueue(options.onHistory, value);
        if (name === 'onGap') return notifyGap(value, cursor);
        return notifyMessages(value, cursor);
    }

    function notifyGap(gap, cursor) {
        if (isPresenceOnly(gap.room)) return requestRefresh([gap.room]);
        return enqueue(options.onGap, gap, cursor);
    }

    async function notifyMessages(messages, cursor) {
        const visible = messages.filter(({ room }) => !isPresenceOnly(room));
        if (visible.length > 0) await enqueue(options.onMessages, visible, cursor);
        for (const { room, time, data } of messages) {
            if (isPresenceOnly(room)) await enqueue(onPresence, { room: baseOf(room), time, ...data });
        }
    }

    // Presence rooms, `{room}:presence`

    const baseOf = (room) => room.slice(0, -PRESENCE.length);
    const isPresenceOnly = (room) =>
        onPresence !== undefined && room.endsWith(PRESENCE) && wanted.includes(baseOf(room)) && !wanted.includes(room);

    /** Asks the subscriber to read presence() of these presence rooms. */
    function requestRefresh(rooms) {
        const done = rooms
            .filter(isPresenceOnly)
            .map((room) => enqueue(onPresence, { room: baseOf(room), event: 'refresh' }));
        return Promise.all(done);
    }

    // States

    function report() {
        if (isFinished) return undefined;
        const common = {
            transport: connection.transport ?? reported.transport,
            leads: connection.leads ?? reported.leads,
        };
        const next = { ...(retrying ?? connection), ...common };
        const isSame = isStarted && serialize(next) === serialize(reported);
        reported = next;
        return isSame ? undefined : enqueue(options.onState, next);
    }

    function finish(state) {
        if (isFinished) return;
        retrying = undefined;
        connection = { ...connection, ...state };
        report();
        isFinished = true;
        stop({ isFinal: true });
    }

    function stop(how) {
        reader.close();
        link.close(how);
        unwatchPage();
    }

    // The connection

    const feed = { wait, limit, client, transport, as: options.as };
    const reader = createReader(env, {
        history,
        hasHistory: (room) => Boolean(history) && !isPresenceOnly(room),
        isHidden: () => isHidden(env),
        notify,
        onReady(rooms) {
            updateLink({ isReachable: true });
            requestRefresh(rooms);
        },
        onRetrying(state) {
            retrying = state;
            report();
        },
        onFailed: (error) => finish({ state: 'failed', error }),
    });

    function onState(state) {
        if (isFinished || isClosed) return;
        if (state.state === 'failed' || state.state === 'superseded') {
            finish(state);
            return;
        }
        connection = state;
        report();
    }

    /** A feed of this tab's own. */
    function createOwnLink() {
        const own = createFeed(env, {
            ...feed,
            isHidden: () => isHidden(env),
            onBatch: reader.accept,
            onState: (state) => onState({ ...state, leads: true }),
        });
        connection = { ...connection, transport: own.transport, leads: true };
        return { ...own, hidden() {}, pageHidden() {}, pageShown: own.retryNow };
    }

    /** A feed that is shared with other tabs. */
    function createSharedLink() {
        const group = JSON.stringify([env.base, feed.as, client]);
        const positionOf = (room) => reader.cursors.get(room);
        const shared = { group, tab: randomKey(), feed, positionOf, onBatch: reader.accept, onState, onRefused };
        return createSharedFeed(env, shared);
    }

    function onRefused() {
        link.close();
        link = createOwnLink();
        updateLink();
    }

    const createLink = () => (share && canShare(env) ? createSharedLink() : createOwnLink());

    let link = createLink();
    const unwatchPage = watchPage(env, {
        onOnline() {
            reader.retryNow();
            link.online();
        },
        onVisible() {
            reader.retryNow();
            link.visible();
        },
        onHidden: () => link.hidden(),
        onPageHide: () => link.pageHidden(),
        onPageShow: () => link.pageShown(),
    });

    /** Passes the rooms that have a cursor to the connection. */
    function updateLink(how) {
        if (isStarted && !isClosed && !isFinished) link.follow(new Map(knownCursors()), how);
    }

    const knownCursors = () => [...reader.cursors].filter(([, cursor]) => cursor !== undefined);

    /** Adds rooms to the reader, at the cursors in `after` where it has them. */
    function addRooms(rooms, after) {
        const cursors = startCursors(after, rooms);
        for (const room of withPresence(rooms, onPresence)) {
            if (!reader.cursors.has(room)) reader.add(room, cursors.get(room));
        }
    }

    /** A composite cursor may have cursors of presence rooms, too; a plain one is that of the room. */
    function startCursors(after, rooms) {
        if (isMissing(after)) return new Map();
        if (typeof after === 'object') {
            const known = Object.entries(after).filter(([, cursor]) => !isMissing(cursor));
            return new Map(known.map(([room, cursor]) => [room, checkedCursor(cursor)]));
        }
        return parseComposite(after, after.includes('@') ? withPresence(rooms, onPresence) : rooms);
    }

    async function start() {
        await report();
        isStarted = true;
        if (isClosed || isFinished) return;
        requestRefresh(knownCursors().map(([room]) => room));
        updateLink();
        reader.startRooms();
    }

    const handle = {
        close() {
            if (isClosed) return;
            isClosed = true;
            if (!isFinished) stop();
        },
        retryNow() {
            if (isClosed || isFinished) return;
            reader.retryNow();
            link.retryNow();
        },
        get cursor() {
            return formatComposite(knownCursors()) || undefined;
        },
        cursorOf: (room) => reader.cursors.get(room),
        get rooms() {
            return [...wanted];
        },
        get state() {
            return reported;
        },
        setRooms(rooms, { after } = {}) {
            const next = roomList(rooms, onPresence);
            const added = next.filter((room) => !wanted.includes(room));
            startCursors(after, added); // throws before anything has changed
            if (isClosed || isFinished) return;
            wanted = next;
            const followed = withPresence(next, onPresence);
            for (const room of [...reader.cursors.keys()]) if (!followed.includes(room)) reader.remove(room);
            addRooms(added, after);
            if (!isStarted) return;
            updateLink();
            reader.startRooms();
        },
        add: (room, begin) => handle.setRooms([...wanted, room], begin),
        remove: (room) => handle.setRooms(wanted.filter((each) => each !== room)),
        setTransport(choice) {
            TransportFallback.check(choice);
            if (isClosed || isFinished) return;
            link.setTransport(choice);
            feed.transport = choice;
        },
        setAs(name) {
            if (isClosed || isFinished || name === feed.as) return;
            feed.as = name;
            link.close();
            link = createLink();
            updateLink();
        },
    };

    addRooms(wanted, options.after);
    Promise.resolve().then(start); // after the caller has its handle
    return handle;
}

function withPresence(rooms, onPresence) {
    return onPresence ? [...new Set([...rooms, ...rooms.map((room) => room + PRESENCE)])] : rooms;
}

const isMissing = (value) => value === undefined || value === null;

/** @throws {TypeError|URIError} on none, too many, or a name that no URL can carry */
function roomList(rooms, onPresence) {
    if (isMissing(rooms)) throw new TypeError("A subscription needs `room`, or `rooms`: subscribe({ room: 'lobby' })");
    const list = [...new Set(Array.isArray(rooms) ? rooms : [rooms])];
    for (const room of list) roomPath(room);
    if (list.length === 0) throw new TypeError('A subscription follows at least one room');
    const most = onPresence ? MAX_ROOMS / 2 : MAX_ROOMS;
    if (list.length > most) throw new TypeError(`A subscription follows at most ${most} rooms`);
    return list;
}

const serialize = ({ error, ...state }) => JSON.stringify([Object.entries(state).sort(), error?.message]);
