// One connection for all tabs of a browser. One tab holds a lock and with it the connection, for the rooms of all tabs;
// the others get from it what comes. When it goes the lock passes to another at once, which goes on from the last place that
// was heard.
//
//     follower --lock granted--> leader --page put away, lock stolen--> follower
//
// On the channel, each message with the tab that sends it:
//     hello   a tab is here: its rooms and places, and whether somebody looks at it. Said at first, on every change, when
//             somebody begins to lead, and every 20 s, so that tabs which vanished are forgotten
//     bye     it goes
//     leader  who leads, the state of the connection, where all rooms are, and which tabs are too many. The answer to hello
//     batch   what came
//     retry, online, visible, transport    wishes to the leader
//
// A tab never trusts that it heard everything: its reader compares places. A leader that answers no more (a frozen tab) loses
// the lock; two leaders for a moment do no harm, since every tab takes each message once.

import { createFeed } from './feed.js';
import { isHidden } from './platform.js';
import { AnteroomError } from './request.js';
import { MOST_ROOMS } from './wire.js';

const VERSION = 1; // of what is said on the channel: pages of different ages must understand each other
const EVERY = 20_000; // ms between two hellos
const FORGOTTEN = 90_000; // ms without a hello; browsers wake hidden tabs once a minute
const ANSWERS_WITHIN = 5000; // ms that a leader has to answer a hello
const RECENT = 1000; // ms for which an answer of the server proves that it is there
const HEARD_WITHIN = 1000; // ms until all tabs know that it is over
const OVERDUE = 250; // ms after which the leader's pause should have ended

/**
 * @param {object} options
 *   group: what tabs have in common that share a connection
 *   tab: this tab's id
 *   feed: options of the feed
 *   onBatch, onState: as of a feed; a state also has `leads`
 *   onTooMany: the leader has no place for the rooms of this tab
 */
export function joinTabs(env, { group, tab, feed: feedOptions, onBatch, onState, onTooMany }) {
    const name = `anteroom ${VERSION} ${group}`;
    const tabs = new Map(); // of the others: id -> {rooms: Map, isLooking, seen}
    let wanted = new Map(); // rooms and places of this tab
    let heard = new Map(); // where the connection is, in all rooms
    let state; // of the connection, where this tab leads
    let transport = feedOptions.transport;
    let feed;
    let channel;
    let leave = () => {}; // ends being in line for the lock, or having it
    let tick;
    let proven = -Infinity; // when the server last answered outside of the connection
    let doubt; // runs while an answer of the leader is awaited
    let nudge; // runs while the leader pauses

    const send = (message) => channel?.postMessage({ ...message, tab });
    const isAnyoneLooking = () => !isHidden(env) || [...tabs.values()].some(({ isLooking }) => isLooking);

    function hello() {
        if (!channel || wanted.size === 0) return;
        send({ kind: 'hello', rooms: wanted, isLooking: !isHidden(env) });
        if (!feed) doubt ??= env.setTimeout(steal, ANSWERS_WITHIN * (1 + env.random()));
    }

    function trust() {
        env.clearTimeout(doubt);
        doubt = undefined;
    }

    // Leading

    function lead() {
        trust();
        env.clearTimeout(nudge);
        state = undefined;
        feed = createFeed(env, {
            ...feedOptions,
            transport,
            isHidden: () => !isAnyoneLooking(),
            onState(next) {
                state = next;
                announce();
                onState({ ...next, leads: true });
            },
            onBatch(batch) {
                if (tabs.size > 0) send({ kind: 'batch', batch });
                onBatch(batch); // not awaited: what takes long in this tab must not hold the others up
            },
        });
        assign();
        announce();
    }

    /** Follows the rooms of all tabs: this one's first, then in the order in which tabs came, as far as there is room. */
    function assign() {
        if (!feed) return;
        for (const [id, { seen }] of tabs) if (env.now() - seen > FORGOTTEN) tabs.delete(id);
        const union = new Map(wanted);
        const refused = [];
        for (const [id, { rooms }] of tabs) {
            const added = [...rooms].filter(([room]) => !union.has(room));
            if (union.size + added.length > MOST_ROOMS) refused.push(id);
            else for (const [room, place] of added) union.set(room, place);
        }
        for (const id of refused) tabs.delete(id);
        for (const room of union.keys()) if (heard.has(room)) union.set(room, heard.get(room));
        feed.follow(union, { proven: env.now() - proven < RECENT });
        heard = feed.places;
        if (refused.length > 0) announce(refused);
    }

    function announce(refused = []) {
        if (!feed) return;
        const error = state?.error && plain(state.error);
        send({ kind: 'leader', state: state && { ...state, error }, choice: transport, places: feed.places, refused });
        onBatch(positions(feed.places));
    }

    function stepDown() {
        if (!feed) return;
        heard = new Map(feed.places);
        feed.close();
        feed = undefined;
    }

    // The lock

    async function queue({ isStealing = false } = {}) {
        const controller = new AbortController();
        let release = () => controller.abort();
        leave = () => release();
        const how = isStealing ? { steal: true } : { signal: controller.signal };
        try {
            await env.locks.request(name, how, async () => {
                if (controller.signal.aborted) return;
                const released = new Promise((resolve) => (release = resolve));
                lead();
                await released;
            });
        } catch {
            // Another tab stole it, or this one went away before it was its turn.
            if (controller.signal.aborted || !channel) return;
            stepDown();
            queue();
            hello();
        }
    }

    function steal() {
        doubt = undefined;
        if (feed || !channel) return;
        const leaveQueue = leave;
        queue({ isStealing: true });
        leaveQueue();
    }

    // What the others say

    function receive({ data: message }) {
        const { kind, tab: id } = message;
        if (kind === 'hello') {
            const isNew = !tabs.has(id);
            const { rooms, isLooking } = message;
            const same = !isNew && sameKeys(tabs.get(id).rooms, rooms);
            tabs.set(id, { rooms, isLooking, seen: env.now() });
            if (!same) assign();
            announce();
        } else if (kind === 'bye') {
            tabs.delete(id);
            assign();
        } else if (kind === 'leader') {
            followed(message);
        } else if (kind === 'batch' && !feed) {
            for (const [room, place] of Object.entries(message.batch.next)) heard.set(room, place);
            onBatch(message.batch);
        } else if (feed) {
            if (kind === 'transport') changeTransport(message.transport);
            else if (kind === 'retry') feed.retryNow();
            else if (kind === 'online') feed.online();
            else if (kind === 'visible') feed.visible();
        }
    }

    function followed({ state: next, choice, places, refused }) {
        if (feed) return; // the other will notice that it leads no more
        trust();
        heard = places;
        transport = choice;
        if (refused.includes(tab)) {
            onTooMany();
            return;
        }
        if (next) onState({ ...next, error: next.error && revived(next.error), leads: false });
        // Browsers let the timers of a hidden tab run once a minute, and the leader may be one.
        env.clearTimeout(nudge);
        if (next?.state === 'waiting' && !isHidden(env))
            nudge = env.setTimeout(() => wish('visible'), next.delay + OVERDUE);
        onBatch(positions(places));
        if ([...wanted.keys()].some((room) => !places.has(room))) hello();
    }

    function changeTransport(choice) {
        transport = choice;
        feed?.setTransport(choice);
    }

    function wish(kind) {
        if (feed) return false;
        send({ kind });
        return true;
    }

    function join() {
        if (channel) return;
        channel = new env.BroadcastChannel(name);
        channel.onmessage = receive;
        queue();
        hello();
        tick = env.setTimeout(function again() {
            if (feed) assign();
            else hello();
            tick = env.setTimeout(again, EVERY);
        }, EVERY);
    }

    /** @param {{isOver?: boolean}} [why]  it ended for all tabs, so that none is to take over before it knows */
    function part({ isOver = false } = {}) {
        if (!channel) return;
        const wasLeading = feed !== undefined;
        trust();
        env.clearTimeout(tick);
        env.clearTimeout(nudge);
        stepDown();
        send({ kind: 'bye' });
        channel.close();
        channel = undefined;
        if (isOver && wasLeading) env.setTimeout(leave, HEARD_WITHIN);
        else leave();
    }

    return {
        follow(places, how) {
            if (how?.proven) proven = env.now();
            const isSame = sameKeys(wanted, places);
            wanted = new Map(places);
            if (isSame) return;
            if (!channel && wanted.size > 0) join();
            else hello();
            assign();
            announce();
        },
        retryNow: () => wish('retry') || feed.retryNow(),
        online: () => wish('online') || feed.online(),
        visible() {
            hello();
            if (!wish('visible')) feed.visible();
        },
        hidden: hello,
        setTransport(choice) {
            send({ kind: 'transport', transport: choice });
            changeTransport(choice);
        },
        away: () => part(),
        back: () => wanted.size > 0 && join(),
        close: part,
    };
}

const sameKeys = (a, b) => a.size === b.size && [...a.keys()].every((key) => b.has(key));

/** A batch that brings nothing but says where the connection is. */
function positions(places) {
    const next = Object.fromEntries(places);
    return { from: next, gaps: [], messages: [], next };
}

const plain = ({ message, status, title, retryAfter }) => ({ message, status, title, retryAfter });
const revived = ({ message, ...facts }) => new AnteroomError(message, facts);
