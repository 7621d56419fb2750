// A feed: one connection that brings the messages of rooms from their cursors on, over one transport or another, until it is
// closed.
//
//     connecting --answer--> live --lost, draining--> waiting --pause over--> connecting
//     any of them --an error that lasts--> failed      --a newer subscription with the same `client`--> superseded
//
// Transport, rooms and connection may change between two batches: cursors are kept here, per room, and advance only when a
// batch has been delivered.

import { Backoff } from './backoff.js';
import { TransportFallback } from './transport-fallback.js';
import { AnteroomError, ABORTED, isUp } from './request.js';
import { poll } from './transports/poll.js';
import { sse } from './transports/sse.js';
import { websocket } from './transports/websocket.js';

const TRANSPORTS = { sse, websocket, poll };
const MIN_EMPTY_POLL = 1000; // ms between polls that a server answers at once with nothing
const SHORT_STREAM = 5000; // ms; a stream that ends sooner and brought nothing did not work
const MAX_SHORT_STREAMS = 3; // in a row, before another transport is tried
const ONLINE_DEBOUNCE = 2000; // ms within which `online` is one event: every tab reports it
const STALE = 30_000; // ms without data after which a connection is reopened when the page becomes visible

/**
 * What a transport gets: the rooms' cursors (it reads them, deliver() advances them), and what to call.
 * @typedef {{env: object, cursors: Map<string, string>, params: {as?: string, client?: string}, limit?: number, wait: number,
 *   signal: AbortSignal, opened: () => void, deliver: (batch: object) => Promise<void>}} Session
 *   wait: seconds that a poll may wait; opened: the server answers over this transport
 * How it ended, unless it throws an AnteroomError, or ABORTED once `signal` is aborted.
 * @typedef {{superseded?: boolean, draining?: boolean, retryAfter?: number, isEmpty?: boolean}} Outcome
 */

/**
 * @param {object} options
 *   wait, limit, as, client, transport: as for subscribe()
 *   isHidden: () => boolean, whether pauses may be longer
 *   onBatch: gets each batch (wire.js); a promise that it returns is awaited before the next
 *   onState: gets {state, transport, …}
 */
export function createFeed(env, { wait = 25, limit, as, client, transport, isHidden, onBatch, onState }) {
    const fallback = new TransportFallback(env, transport);
    const backoff = new Backoff(env, { isHidden, report, probe: () => isUp(env) });
    const cursors = new Map();
    // A monotonic clock may stop while the machine sleeps, and the other one may be set back.
    const clocks = () => [env.now(), env.wallClock()];
    const elapsedSince = (before) => Math.max(...clocks().map((now, index) => now - before[index]));
    let isClosed = false;
    let state = 'connecting';
    let reportedTransport;
    let isProbing = true; // the next poll is to be answered at once, to see that it works
    let roomsChanged = false; // the current request was aborted to ask for other rooms
    let shortStreams = 0;
    let lastOnline = -Infinity;
    let lastReceived = clocks(); // when the server last sent something
    let abort = () => {};

    function report(facts) {
        if (isClosed) return;
        state = facts.state;
        reportedTransport = fallback.current;
        onState({ ...facts, transport: reportedTransport });
    }

    function finish(facts) {
        report(facts);
        isClosed = true;
    }

    function reportLive() {
        if (state !== 'live' || reportedTransport !== fallback.current) report({ state: 'live' });
    }

    function opened() {
        lastReceived = clocks();
        isProbing = false;
        fallback.succeeded();
        reportLive();
    }

    /** @returns {Promise<Outcome & {lifetime: number, isProductive: boolean}>} */
    async function runTransport() {
        const controller = new AbortController();
        const { signal } = controller;
        const began = env.now();
        let isProductive = false;
        abort = () => controller.abort();
        const session = {
            env,
            cursors,
            params: { as, client },
            limit,
            wait: isProbing ? 0 : wait,
            signal,
            opened,
            async deliver(batch) {
                if (signal.aborted) throw ABORTED;
                lastReceived = clocks();
                isProductive ||= Object.keys(batch.next).length > 0;
                for (const [room, cursor] of Object.entries(batch.next)) cursors.set(room, cursor);
                await onBatch(batch);
                if (signal.aborted) throw ABORTED;
            },
        };
        if (fallback.current === 'poll' && !isProbing) reportLive();
        try {
            const outcome = await TRANSPORTS[fallback.current](session);
            return { ...outcome, isProductive, wait: session.wait, lifetime: env.now() - began };
        } catch (error) {
            if (signal.aborted) throw ABORTED;
            // Bytes at the start and then not even a keep-alive: a proxy let the first through and buffers the rest.
            if (error.silentFromStart && !isProductive) error.blocked = (shortStreams += 1) >= 2;
            else if (isProductive || env.now() - began >= SHORT_STREAM) succeeded();
            throw error;
        } finally {
            controller.abort();
        }
    }

    function succeeded() {
        backoff.reset();
        shortStreams = 0;
    }

    async function retryLater(facts) {
        isProbing = true;
        await backoff.wait(facts);
    }

    async function afterPoll({ draining, retryAfter, isEmpty, wait: waited, lifetime }) {
        if (draining) return retryLater({ draining, retryAfter });
        succeeded();
        const rest = MIN_EMPTY_POLL - Math.max(0, lifetime);
        if (waited > 0 && isEmpty && rest > 0) await backoff.pause(rest);
        return undefined;
    }

    async function afterStream({ draining, retryAfter, isProductive, lifetime }) {
        if (isProductive || lifetime >= SHORT_STREAM) succeeded();
        if (draining) return retryLater({ draining, retryAfter });
        if (isProductive || lifetime >= SHORT_STREAM) return undefined; // some proxies end every stream after a while
        shortStreams += 1;
        if (shortStreams >= MAX_SHORT_STREAMS && fallback.fallBack()) {
            shortStreams = 0;
            isProbing = true;
            return undefined;
        }
        return retryLater({ error: new AnteroomError('The connection was ended at once.') });
    }

    async function afterError(error) {
        if (error === ABORTED) {
            isProbing ||= !roomsChanged;
            roomsChanged = false;
            return undefined;
        }
        isProbing = true;
        if (!(error instanceof AnteroomError)) throw error;
        if (error.blocked && fallback.fallBack()) return undefined;
        if (error.lasting && !error.blocked) return finish({ state: 'failed', error });
        fallback.failed();
        return retryLater({ error });
    }

    async function connectOnce() {
        fallback.retryPreferred();
        const { current } = fallback;
        let outcome;
        try {
            outcome = await runTransport();
        } catch (error) {
            return isClosed ? undefined : afterError(error);
        }
        if (isClosed) return undefined;
        if (outcome.superseded) return finish({ state: 'superseded' });
        return current === 'poll' ? afterPoll(outcome) : afterStream(outcome);
    }

    async function run() {
        while (!isClosed && cursors.size > 0) await connectOnce();
        isRunning = false;
    }

    let isRunning = false;
    function start() {
        if (isRunning || isClosed || cursors.size === 0) return;
        isRunning = true;
        run();
    }

    function restart() {
        abort();
        backoff.cancel();
    }

    return {
        /** Each room's cursor; everything up to it was given to onBatch. */
        cursors,
        /**
         * Sets the rooms: those that are followed already keep their cursors, others begin at the cursor given.
         * @param {Map<string, string>} wanted
         * @param {{isReachable?: boolean}} [how]  the server answered a moment ago: it need not be probed
         */
        follow(wanted, { isReachable = false } = {}) {
            const gone = [...cursors.keys()].filter((room) => !wanted.has(room));
            const added = [...wanted].filter(([room]) => !cursors.has(room));
            for (const room of gone) cursors.delete(room);
            for (const [room, cursor] of added) cursors.set(room, cursor);
            if (gone.length + added.length === 0) return;
            if (isRunning) roomsChanged = true;
            else isProbing = !isReachable;
            abort();
            start();
        },
        /** Ends a pause, or reconnects. */
        retryNow: restart,
        /** The network is back, perhaps another one. */
        online() {
            if (env.now() - lastOnline < ONLINE_DEBOUNCE) return;
            lastOnline = env.now();
            fallback.reset();
            restart();
        },
        /** The page became visible. */
        visible() {
            backoff.cancel();
            if (elapsedSince(lastReceived) > STALE && state === 'live' && fallback.current !== 'poll') abort();
        },
        setTransport(choice) {
            fallback.choose(choice);
            restart();
        },
        get transport() {
            return fallback.current;
        },
        close() {
            isClosed = true;
            restart();
        },
    };
}
