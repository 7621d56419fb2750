// A subscription: the rooms it follows, what it has received (reader.js), the connection that brings it (feed.js, in this
// tab or through tabs.js in another), and the subscriber's callbacks.

import { createFeed } from './feed.js';
import { Ladder } from './transport-fallback.js';
import { checkedCursor, formatComposite, parseComposite } from './cursor.js';
import { canShare, environment, isHidden, randomKey, watchPage } from './platform.js';
import { createReader } from './reader.js';
import { roomPath } from './request.js';
import { joinTabs } from './tabs.js';
import { MOST_ROOMS } from './wire.js';

const PRESENCE = ':presence';

/** Follows rooms until close(); anteroom.d.ts has the whole contract. */
export function subscribe(options) {
    const env = environment(options);
    const { history, client, wait, limit, transport = 'auto', onPresence } = options;
    const { share = env.document !== undefined } = options;
    let wanted = roomList(options.rooms ?? options.room, onPresence);
    let isStarted = false;
    let over = false; // no callback any more
    let ended = false; // the last state was reported
    let trouble; // the reader's state, while it cannot get through
    let connection = { state: 'connecting', attempt: 0 };
    let shown = { ...connection, transport: new Ladder(env, transport).current, leads: false };

    // Callbacks, one at a time

    let turn = Promise.resolve();

    function inTurn(callback, ...values) {
        turn = turn.then(async () => {
            if (over) return;
            try {
                await callback?.(...values);
            } catch (error) {
                (globalThis.reportError ?? console.error)(error);
            }
        });
        return turn;
    }

    function tell(name, value) {
        const { cursor } = handle;
        if (name === 'onHistory') return inTurn(options.onHistory, value);
        if (name === 'onGap') return tellGap(value, cursor);
        return tellMessages(value, cursor);
    }

    function tellGap(gap, cursor) {
        if (isPresenceOnly(gap.room)) return refresh([gap.room]);
        return inTurn(options.onGap, gap, cursor);
    }

    async function tellMessages(messages, cursor) {
        const shown = messages.filter(({ room }) => !isPresenceOnly(room));
        if (shown.length > 0) await inTurn(options.onMessages, shown, cursor);
        for (const { room, time, data } of messages) {
            if (isPresenceOnly(room)) await inTurn(onPresence, { room: baseOf(room), time, ...data });
        }
    }

    // Presence: the rooms beside the rooms

    const baseOf = (room) => room.slice(0, -PRESENCE.length);
    const isPresenceOnly = (room) =>
        onPresence !== undefined && room.endsWith(PRESENCE) && wanted.includes(baseOf(room)) && !wanted.includes(room);

    function refresh(rooms) {
        const told = rooms
            .filter(isPresenceOnly)
            .map((room) => inTurn(onPresence, { room: baseOf(room), event: 'refresh' }));
        return Promise.all(told);
    }

    // States

    function report() {
        if (ended) return undefined;
        const common = { transport: connection.transport ?? shown.transport, leads: connection.leads ?? shown.leads };
        const next = { ...(trouble ?? connection), ...common };
        const isSame = isStarted && textOf(next) === textOf(shown);
        shown = next;
        return isSame ? undefined : inTurn(options.onState, next);
    }

    function finish(state) {
        if (ended) return;
        trouble = undefined;
        connection = { ...connection, ...state };
        report();
        ended = true;
        stop({ isOver: true });
    }

    function stop(why) {
        reader.close();
        link.close(why);
        unwatch();
    }

    // The connection

    const feed = { wait, limit, client, transport, as: options.as };
    const reader = createReader(env, {
        history,
        begins: (room) => Boolean(history) && !isPresenceOnly(room),
        isHidden: () => isHidden(env),
        tell,
        onReady(rooms) {
            relink({ proven: true });
            refresh(rooms);
        },
        onTrouble(state) {
            trouble = state;
            report();
        },
        onFailed: (error) => finish({ state: 'failed', error }),
    });

    function onState(state) {
        if (ended || over) return;
        if (state.state === 'failed' || state.state === 'superseded') {
            finish(state);
            return;
        }
        connection = state;
        report();
    }

    function alone() {
        const own = createFeed(env, {
            ...feed,
            isHidden: () => isHidden(env),
            onBatch: reader.accept,
            onState: (state) => onState({ ...state, leads: true }),
        });
        connection = { ...connection, transport: own.transport, leads: true };
        return { ...own, hidden() {}, away() {}, back: own.retryNow };
    }

    function shared() {
        const group = JSON.stringify([env.base, feed.as, client]);
        return joinTabs(env, { group, tab: randomKey(), feed, onBatch: reader.accept, onState, onTooMany });
    }

    function onTooMany() {
        link.close();
        link = alone();
        relink();
    }

    const connect = () => (share && canShare(env) ? shared() : alone());

    let link = connect();
    const unwatch = watchPage(env, {
        onOnline() {
            reader.retryNow();
            link.online();
        },
        onVisible() {
            reader.retryNow();
            link.visible();
        },
        onHidden: () => link.hidden(),
        onAway: () => link.away(),
        onBack: () => link.back(),
    });

    /** Tells the connection which rooms are followed. */
    function relink(how) {
        if (isStarted && !over && !ended) link.follow(new Map(readyPlaces()), how);
    }

    const readyPlaces = () => [...reader.places].filter(([, place]) => place !== undefined);

    function begin(rooms, after) {
        const places = after === undefined ? new Map() : startPlaces(after, rooms);
        for (const room of withPresence(rooms, onPresence)) {
            if (!reader.places.has(room)) reader.begin(room, places.get(room));
        }
    }

    /** A composite cursor may have places of presence rooms, too; a plain one has not. */
    function startPlaces(after, rooms) {
        if (typeof after === 'object') {
            const known = Object.entries(after).filter(([, place]) => place !== undefined);
            return new Map(known.map(([room, place]) => [room, checkedCursor(place)]));
        }
        return parseComposite(after, after.includes('@') ? withPresence(rooms, onPresence) : rooms);
    }

    async function start() {
        await report();
        isStarted = true;
        if (over || ended) return;
        refresh(readyPlaces().map(([room]) => room));
        relink();
        reader.prepare();
    }

    const handle = {
        close() {
            if (over) return;
            over = true;
            if (!ended) stop();
        },
        retryNow() {
            if (over || ended) return;
            reader.retryNow();
            link.retryNow();
        },
        get cursor() {
            return formatComposite(readyPlaces()) || undefined;
        },
        cursorOf: (room) => reader.places.get(room),
        get rooms() {
            return [...wanted];
        },
        get state() {
            return shown;
        },
        setRooms(rooms, { after } = {}) {
            const next = roomList(rooms, onPresence);
            if (after !== undefined)
                startPlaces(
                    after,
                    next.filter((room) => !wanted.includes(room)),
                );
            if (over || ended) return;
            const added = next.filter((room) => !wanted.includes(room));
            wanted = next;
            const followed = withPresence(next, onPresence);
            for (const room of [...reader.places.keys()]) if (!followed.includes(room)) reader.leave(room);
            begin(added, after);
            if (!isStarted) return;
            relink();
            reader.prepare();
        },
        add: (room, how) => handle.setRooms([...wanted, room], how),
        remove: (room) => handle.setRooms(wanted.filter((each) => each !== room)),
        setTransport(choice) {
            Ladder.check(choice);
            if (over || ended) return;
            link.setTransport(choice);
            feed.transport = choice;
        },
        setAs(name) {
            if (over || ended || name === feed.as) return;
            feed.as = name;
            link.close();
            link = connect();
            relink();
        },
    };

    begin(wanted, options.after);
    Promise.resolve().then(start); // not before the caller has its handle
    return handle;
}

function withPresence(rooms, onPresence) {
    return onPresence ? [...new Set([...rooms, ...rooms.map((room) => room + PRESENCE)])] : rooms;
}

/** @throws {TypeError|URIError} on none, too many, or a name that no address can carry */
function roomList(rooms, onPresence) {
    const list = [...new Set(Array.isArray(rooms) ? rooms : [rooms])];
    for (const room of list) roomPath(room);
    if (list.length === 0) throw new TypeError('A subscription follows at least one room');
    const most = onPresence ? MOST_ROOMS / 2 : MOST_ROOMS;
    if (list.length > most) throw new TypeError(`A subscription follows at most ${most} rooms`);
    return list;
}

const textOf = ({ error, ...state }) => JSON.stringify([Object.entries(state).sort(), error?.message]);
