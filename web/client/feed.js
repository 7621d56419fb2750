// The connection: follows rooms from their places over one transport or another until it is closed.
//
//     connecting --answer--> live --lost, draining--> waiting --pause over--> connecting
//     any of them --an error that only repeats itself--> failed      --a newer one with the same `client`--> superseded
//
// It may change its transport, its rooms and its connection between two batches: places are kept here, per room, and move
// only when a batch was taken.

import { Backoff } from './backoff.js';
import { Ladder } from './transport-fallback.js';
import { AnteroomError, INTERRUPTED } from './request.js';
import { poll } from './transports/poll.js';
import { sse } from './transports/sse.js';
import { websocket } from './transports/websocket.js';

const TRANSPORTS = { sse, websocket, poll };
const SHORTEST_EMPTY_POLL = 1000; // a server that answers 'nothing' at once is asked at most this often
const SHORT_LIFE = 5000; // ms; a stream that ends sooner and brought nothing did not work
const SHORT_LIVES = 3; // in a row, before another transport is tried
const SAME_NEWS = 2000; // ms
const STALE = 30_000; // ms without a word after which a connection is not believed when somebody comes back

/**
 * What a transport gets: the rooms' places (it reads them, take() moves them), and whom to tell.
 * @typedef {{env: object, places: Map<string, string>, params: {as?: string, client?: string}, limit?: number, hang: number,
 *   signal: AbortSignal, opened: () => void, take: (batch: object) => Promise<void>}} Session
 * How it ended, unless it throws an AnteroomError or INTERRUPTED.
 * @typedef {{superseded?: boolean, draining?: boolean, retryAfter?: number, isEmpty?: boolean}} Outcome
 */

/**
 * @param {object} options
 *   wait, limit, as, client, transport: as for subscribe()
 *   isHidden: nobody looks, so that there is no hurry
 *   onBatch: gets each batch; a promise that it returns is awaited before the next
 *   onState: gets {state, transport, …}
 */
export function createFeed(env, { wait = 25, limit, as, client, transport, isHidden, onBatch, onState }) {
    const ladder = new Ladder(env, transport);
    const backoff = new Backoff(env, { isHidden, report });
    const places = new Map();
    let over = false;
    let state = 'connecting';
    let shown; // the transport that was reported with it
    let probing = true; // the next poll is not to hang
    let isRearranged = false; // what is under way was interrupted for other rooms
    let shortLives = 0;
    let cameOnline = -Infinity;
    let heard = env.now(); // when the server last said something
    let interrupt = () => {};

    function report(facts) {
        if (over) return;
        state = facts.state;
        shown = ladder.current;
        onState({ ...facts, transport: shown });
    }

    function finish(facts) {
        report(facts);
        over = true;
    }

    function isLive() {
        if (state !== 'live' || shown !== ladder.current) report({ state: 'live' });
    }

    function opened() {
        heard = env.now();
        probing = false;
        ladder.worked();
        isLive();
    }

    /** @returns {Promise<Outcome & {lifetime: number, brought: boolean}>} */
    async function connection() {
        const controller = new AbortController();
        const { signal } = controller;
        const began = env.now();
        let brought = false;
        interrupt = () => controller.abort();
        const session = {
            env,
            places,
            params: { as, client },
            limit,
            hang: probing ? 0 : wait,
            signal,
            opened,
            async take(batch) {
                if (signal.aborted) throw INTERRUPTED;
                heard = env.now();
                brought ||= Object.keys(batch.next).length > 0;
                for (const [room, place] of Object.entries(batch.next)) places.set(room, place);
                await onBatch(batch);
                if (signal.aborted) throw INTERRUPTED;
            },
        };
        if (ladder.current === 'poll' && !probing) isLive();
        try {
            const outcome = await TRANSPORTS[ladder.current](session);
            return { ...outcome, brought, hang: session.hang, lifetime: env.now() - began };
        } catch (error) {
            if (signal.aborted) throw INTERRUPTED;
            // Bytes at the start and then not even a keep-alive: a proxy let the first through and holds the rest.
            if (error.fromTheStart && !brought) error.blocked = (shortLives += 1) >= 2;
            else if (brought || env.now() - began >= SHORT_LIFE) worked();
            throw error;
        } finally {
            controller.abort();
        }
    }

    function worked() {
        backoff.reset();
        shortLives = 0;
    }

    async function stayAway(facts) {
        probing = true;
        await backoff.stayAway(facts);
    }

    async function afterPoll({ draining, retryAfter, isEmpty, hang, lifetime }) {
        if (draining) return stayAway({ draining, retryAfter });
        worked();
        const rest = SHORTEST_EMPTY_POLL - Math.max(0, lifetime);
        if (hang > 0 && isEmpty && rest > 0) await backoff.pause(rest);
        return undefined;
    }

    async function afterStream({ draining, retryAfter, brought, lifetime }) {
        if (brought || lifetime >= SHORT_LIFE) worked();
        if (draining) return stayAway({ draining, retryAfter });
        if (brought || lifetime >= SHORT_LIFE) return undefined; // some proxies end every stream after a while
        shortLives += 1;
        if (shortLives >= SHORT_LIVES && ladder.blocked()) {
            shortLives = 0;
            probing = true;
            return undefined;
        }
        return stayAway({ error: new AnteroomError('The connection was ended at once.') });
    }

    async function afterError(error) {
        if (error === INTERRUPTED) {
            probing ||= !isRearranged;
            isRearranged = false;
            return undefined;
        }
        probing = true;
        if (!(error instanceof AnteroomError)) throw error;
        if (error.blocked && ladder.blocked()) return undefined;
        if (error.lasting && !error.blocked) return finish({ state: 'failed', error });
        ladder.failed();
        return stayAway({ error });
    }

    async function step() {
        ladder.climb();
        const { current } = ladder;
        let outcome;
        try {
            outcome = await connection();
        } catch (error) {
            return over ? undefined : afterError(error);
        }
        if (over) return undefined;
        if (outcome.superseded) return finish({ state: 'superseded' });
        return current === 'poll' ? afterPoll(outcome) : afterStream(outcome);
    }

    async function run() {
        while (!over && places.size > 0) await step();
        isRunning = false;
    }

    let isRunning = false;
    function start() {
        if (isRunning || over || places.size === 0) return;
        isRunning = true;
        run();
    }

    function restart() {
        interrupt();
        backoff.end();
    }

    return {
        /** Where each room is; everything up to there was given to onBatch. */
        places,
        /**
         * Follows these rooms from now on: those that are followed already from where they are, others from the place
         * given, and no more those that are not named.
         * @param {Map<string, string>} wanted
         * @param {{proven?: boolean}} [how]  the server answered a moment ago: it need not be probed
         */
        follow(wanted, { proven = false } = {}) {
            const gone = [...places.keys()].filter((room) => !wanted.has(room));
            const added = [...wanted].filter(([room]) => !places.has(room));
            for (const room of gone) places.delete(room);
            for (const [room, place] of added) places.set(room, place);
            if (gone.length + added.length === 0) return;
            if (isRunning) isRearranged = true;
            else probing = !proven;
            interrupt();
            start();
        },
        /** Ends a pause, or connects anew. */
        retryNow: restart,
        /** The network is back, perhaps another one. */
        online() {
            if (env.now() - cameOnline < SAME_NEWS) return; // every tab tells of it
            cameOnline = env.now();
            ladder.reset();
            restart();
        },
        /** Somebody looks again. */
        visible() {
            backoff.end();
            if (env.now() - heard > STALE && state === 'live' && ladder.current !== 'poll') interrupt();
        },
        setTransport(choice) {
            ladder.choose(choice);
            restart();
        },
        get transport() {
            return ladder.current;
        },
        close() {
            over = true;
            restart();
        },
    };
}
