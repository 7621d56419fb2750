// One feed for all tabs of a browser. One tab holds a lock and with it the connection, for the rooms of all tabs; it passes
// what comes to the others. When it goes, the next tab gets the lock at once and continues from the last cursors that it
// received.
//
//     follower --lock granted--> leader --page hidden, lock stolen--> follower
//
// The messages of the channel, each with the id of the tab that sends it:
//     hello   a tab is here: its rooms and cursors, and whether it is visible. Sent at first, on every change, when
//             a tab begins to lead, and every 20 s, so that tabs which vanished are forgotten
//     bye     the tab goes
//     leader  who leads, the state of the connection, the cursors of all rooms, and the tabs that were refused. Sent in answer
//             to hello and on every change
//     batch   messages and gaps
//     retry, online, visible, transport    requests to the leader
//
// A tab never assumes that it received every message of the channel: its reader compares cursors. A leader that does not answer
// (a frozen tab) loses the lock; two leaders for a moment do no harm, since every tab delivers each message once. Where the
// browser refuses the lock or the channel, the tab has a connection of its own.

import { createFeed } from './feed.js';
import { isHidden } from './platform.js';
import { AnteroomError } from './request.js';
import { MAX_ROOMS } from './wire.js';

const VERSION = 2; // of the messages above: pages of different versions do not share a connection
const HELLO_INTERVAL = 20_000; // ms
const TAB_TIMEOUT = 90_000; // ms without a hello; browsers run the timers of hidden tabs once a minute
const LEADER_TIMEOUT = 5000; // ms for a leader to answer a hello
const REACHABLE_FOR = 1000; // ms after a response of the server in which it need not be probed
const RELEASE_DELAY = 1000; // ms until all tabs have received that the subscription is over
const OVERDUE = 250; // ms after the end of the leader's pause until it is asked to reconnect

/**
 * @param {object} options
 *   group: identifies the tabs that share a connection
 *   tab: this tab's id
 *   feed: options of the feed
 *   onBatch, onState: as of a feed; a state also has `leads`
 *   positionOf: the cursor up to which this tab has received a room
 *   onRefused: the leader follows too many rooms already to take those of this tab, or the browser does not let tabs share
 */
export function createSharedFeed(env, { group, tab, feed: feedOptions, positionOf, onBatch, onState, onRefused }) {
    const name = `anteroom ${VERSION} ${group}`;
    const tabs = new Map(); // the others: id -> {rooms: Map, isVisible, seen}
    let wanted = new Map(); // rooms of this tab, and where it began to follow them
    let known = new Map(); // the cursors of the connection, of all rooms
    let state; // of the connection, while this tab leads
    let transport = feedOptions.transport;
    let feed;
    let channel;
    let releaseLock = () => {}; // releases the lock, or the request for it
    let helloTimer;
    let lastResponse = -Infinity; // when the server last answered a request outside of the connection
    let leaderTimer; // runs while an answer of the leader is awaited
    let wakeTimer; // runs while the leader pauses

    const send = (message) => channel?.postMessage({ ...message, tab });
    const isAnyVisible = () => !isHidden(env) || [...tabs.values()].some(({ isVisible }) => isVisible);

    /** The rooms of this tab with the cursors up to which it has received them. */
    const positions = () => new Map([...wanted].map(([room, begin]) => [room, positionOf(room) ?? begin]));

    function sendHello() {
        if (!channel || wanted.size === 0) return;
        send({ kind: 'hello', rooms: positions(), isVisible: !isHidden(env) });
        if (!feed) leaderTimer ??= env.setTimeout(stealLock, LEADER_TIMEOUT * (1 + env.random()));
    }

    function stopLeaderTimer() {
        env.clearTimeout(leaderTimer);
        leaderTimer = undefined;
    }

    // Leading

    function lead() {
        stopLeaderTimer();
        env.clearTimeout(wakeTimer);
        state = undefined;
        feed = createFeed(env, {
            ...feedOptions,
            transport,
            isHidden: () => !isAnyVisible(),
            onState(next) {
                state = next;
                announce();
                onState({ ...next, leads: true });
            },
            onBatch(batch) {
                if (tabs.size > 0) send({ kind: 'batch', batch });
                onBatch(batch); // not awaited: slow callbacks in this tab must not delay the others
            },
        });
        updateRooms();
        announce();
    }

    /** Follows the rooms of all tabs up to the limit: this one's first, then the others' in the order of their first hello. */
    function updateRooms() {
        if (!feed) return;
        for (const [id, { seen }] of tabs) if (env.now() - seen > TAB_TIMEOUT) tabs.delete(id);
        const union = positions();
        const refused = [];
        for (const [id, { rooms }] of tabs) {
            const added = [...rooms].filter(([room]) => !union.has(room));
            if (union.size + added.length > MAX_ROOMS) refused.push(id);
            else for (const [room, cursor] of added) union.set(room, cursor);
        }
        for (const id of refused) tabs.delete(id);
        for (const room of union.keys()) if (known.has(room)) union.set(room, known.get(room));
        feed.follow(union, { isReachable: env.now() - lastResponse < REACHABLE_FOR });
        known = feed.cursors;
        if (refused.length > 0) announce(refused);
    }

    function announce(refused = []) {
        if (!feed) return;
        const error = state?.error && plainError(state.error);
        send({
            kind: 'leader',
            state: state && { ...state, error },
            choice: transport,
            cursors: feed.cursors,
            refused,
        });
        onBatch(cursorBatch(feed.cursors));
    }

    function stepDown() {
        if (!feed) return;
        known = new Map(feed.cursors);
        feed.close();
        feed = undefined;
    }

    // The lock

    async function requestLock({ isStealing = false } = {}) {
        const controller = new AbortController();
        let release = () => controller.abort();
        releaseLock = () => release();
        const options = isStealing ? { steal: true } : { signal: controller.signal };
        try {
            await env.locks.request(name, options, async () => {
                if (controller.signal.aborted) return;
                const released = new Promise((resolve) => (release = resolve));
                lead();
                await released;
            });
        } catch (error) {
            if (controller.signal.aborted || !channel) return; // this tab left
            if (error?.name !== 'AbortError') {
                onRefused();
                return;
            }
            // Another tab stole it.
            stepDown();
            requestLock();
            sendHello();
        }
    }

    function stealLock() {
        leaderTimer = undefined;
        if (feed || !channel) return;
        const withdraw = releaseLock;
        requestLock({ isStealing: true });
        withdraw();
    }

    // Messages of the other tabs

    function receive({ data: message }) {
        const { kind, tab: id } = message;
        if (kind === 'hello') {
            const isNew = !tabs.has(id);
            const { rooms, isVisible } = message;
            const same = !isNew && sameKeys(tabs.get(id).rooms, rooms);
            tabs.set(id, { rooms, isVisible, seen: env.now() });
            if (!same) updateRooms();
            announce();
        } else if (kind === 'bye') {
            tabs.delete(id);
            updateRooms();
        } else if (kind === 'leader') {
            leaderAnnounced(message);
        } else if (kind === 'batch' && !feed) {
            for (const [room, cursor] of Object.entries(message.batch.next)) known.set(room, cursor);
            onBatch(message.batch);
        } else if (feed) {
            if (kind === 'transport') changeTransport(message.transport);
            else if (kind === 'retry') feed.retryNow();
            else if (kind === 'online') feed.online();
            else if (kind === 'visible') feed.visible();
        }
    }

    function leaderAnnounced({ state: next, choice, cursors, refused }) {
        if (feed) return; // the other will notice that it has lost the lock
        stopLeaderTimer();
        known = cursors;
        transport = choice;
        if (refused.includes(tab)) {
            onRefused();
            return;
        }
        if (next) onState({ ...next, error: next.error && revivedError(next.error), leads: false });
        // Browsers let the timers of a hidden tab run once a minute, and the leader may be one.
        env.clearTimeout(wakeTimer);
        if (next?.state === 'waiting' && !isHidden(env))
            wakeTimer = env.setTimeout(() => requestFromLeader('visible'), next.delay + OVERDUE);
        onBatch(cursorBatch(cursors));
        if ([...wanted.keys()].some((room) => !cursors.has(room))) sendHello();
    }

    function changeTransport(choice) {
        transport = choice;
        feed?.setTransport(choice);
    }

    /** @returns {boolean} false if this tab leads itself */
    function requestFromLeader(kind) {
        if (feed) return false;
        send({ kind });
        return true;
    }

    function joinGroup() {
        if (channel) return;
        try {
            channel = new env.BroadcastChannel(name);
        } catch {
            onRefused();
            return;
        }
        channel.onmessage = receive;
        requestLock();
        if (!channel) return; // refused at once
        sendHello();
        helloTimer = env.setTimeout(function repeat() {
            if (feed) updateRooms();
            else sendHello();
            helloTimer = env.setTimeout(repeat, HELLO_INTERVAL);
        }, HELLO_INTERVAL);
    }

    /** @param {{isFinal?: boolean}} [how]  it ended for all tabs: the lock is kept until they know, so that none takes over */
    function leaveGroup({ isFinal = false } = {}) {
        if (!channel) return;
        const wasLeading = feed !== undefined;
        stopLeaderTimer();
        env.clearTimeout(helloTimer);
        env.clearTimeout(wakeTimer);
        stepDown();
        send({ kind: 'bye' });
        channel.close();
        channel = undefined;
        if (isFinal && wasLeading) env.setTimeout(releaseLock, RELEASE_DELAY);
        else releaseLock();
    }

    return {
        follow(cursors, how) {
            if (how?.isReachable) lastResponse = env.now();
            const isSame = sameKeys(wanted, cursors);
            wanted = new Map(cursors);
            if (isSame) return;
            if (!channel && wanted.size > 0) joinGroup();
            else sendHello();
            updateRooms();
            announce();
        },
        retryNow: () => requestFromLeader('retry') || feed.retryNow(),
        online: () => requestFromLeader('online') || feed.online(),
        visible() {
            sendHello();
            if (!requestFromLeader('visible')) feed.visible();
        },
        hidden: sendHello,
        setTransport(choice) {
            send({ kind: 'transport', transport: choice });
            changeTransport(choice);
        },
        pageHidden: () => leaveGroup(),
        pageShown: () => wanted.size > 0 && joinGroup(),
        close: leaveGroup,
    };
}

const sameKeys = (a, b) => a.size === b.size && [...a.keys()].every((key) => b.has(key));

/** A batch without messages, that has only the cursors of the connection. */
function cursorBatch(cursors) {
    const next = Object.fromEntries(cursors);
    return { from: next, gaps: [], messages: [], next };
}

const plainError = ({ message, status, title, retryAfter }) => ({ message, status, title, retryAfter });
const revivedError = ({ message, ...facts }) => new AnteroomError(message, facts);
