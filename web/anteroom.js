// The client of an anteroom server: follows a room by long polling, reads its history, publishes to it.
// No DOM and no dependencies: a browser, Node and Deno run this file and request.js as they are.

import { AnteroomError, GRACE, INTERRUPTED, ask, environment, query, roomPath } from './request.js';

export { AnteroomError };

const FIRST_PAUSE = 500; // ms; the bound of the first pause, doubled with every failure in a row
const LONGEST_PAUSE = 30_000;
const SEND_DEADLINE = 30_000;
const SHORTEST_EMPTY_POLL = 1000; // a server that answers 'nothing' at once is asked at most this often

/** @typedef {import('./request.js').Environment} Environment */
/**
 * @typedef {{id: string, time: number, data: unknown, from?: string, room?: string}} Message
 * @typedef {{reason: 'evicted'|'restarted'|'deleted', missed?: number, room?: string}} Gap
 * @typedef {{state: 'connecting', attempt: number}
 *   | {state: 'live'}
 *   | {state: 'waiting', attempt: number, delay: number, draining: boolean, error?: AnteroomError}
 *   | {state: 'failed', error: AnteroomError}
 *   | {state: 'superseded'}} State
 *   connecting: an answer is awaited; live: the room is being followed; waiting: the next try is `delay` ms away;
 *   failed, superseded: it is over (a request that cannot succeed; a newer poll with the same `client`)
 */

/**
 * Follows a room: polls, hands over what came, polls again from the cursor `next`, until close().
 *
 * The first question after a start or a failure does not hang, so that `live` is reported when it is true and not when
 * somebody happens to speak. Failures are followed by a pause with full jitter that grows to 30 s; `Retry-After` is
 * waited out, with the jitter on top. An error that would only repeat itself ends in `failed`.
 *
 * Callbacks are called one at a time, in the room's order: within one answer gaps come before messages. A promise that
 * one returns is awaited before the next; what one throws is reported to the console and changes nothing. None is called
 * after close(), not even with a state.
 *
 * @param {Environment & {
 *   room: string,
 *   after?: string,            cursor to go on from; without it (and without `history`): what is published from now on
 *   history?: number,          begin with the newest so many messages instead, handed to onHistory
 *   wait?: number,             seconds that a poll may hang; 25
 *   limit?: number,            messages in one answer; the server's default
 *   as?: string,               name to be present under
 *   client?: string,           id of this client; a newer poll with the same one supersedes this
 *   onHistory?: (history: {messages: Message[], next: string, more: boolean}) => unknown,
 *   onMessages?: (messages: Message[], next: string) => unknown,
 *   onGap?: (gap: Gap, next: string) => unknown,
 *   onState?: (state: State) => unknown,
 * }} options
 * @returns {{close(): void, retryNow(): void, readonly cursor: string|undefined}}
 *   cursor: everything up to it was handed over. retryNow: ends a pause, or asks anew on a fresh connection while a poll
 *   hangs (the network came back); nothing once it is over.
 * @throws {TypeError|URIError} on a room name that no address can carry
 */
export function subscribe(options) {
    const { wait = 25, history, onHistory, onMessages, onGap, onState } = options;
    const env = environment(options);
    const path = roomPath(options.room);
    // What the loop knows. It is one asynchronous function, so nothing here changes between two of its awaits but
    // `over` and, through `interrupt`, what it awaits.
    let cursor = options.after;
    let over = false;
    let live = false;
    let probing = true; // the next poll is not to hang
    let attempt = 0;
    let interrupt = () => {};

    const report = (state) => {
        live = state.state === 'live';
        return call(onState, state);
    };

    async function call(callback, ...values) {
        if (over) return;
        try {
            await callback?.(...values);
        } catch (error) {
            (globalThis.reportError ?? console.error)(error);
        }
    }

    async function finish(state) {
        await report(state);
        over = true;
    }

    async function pause(delay) {
        await new Promise((resolve) => {
            const timer = env.setTimeout(resolve, delay);
            interrupt = () => {
                env.clearTimeout(timer);
                resolve();
            };
        });
    }

    async function question(hang) {
        const controller = new AbortController();
        interrupt = () => controller.abort();
        if (cursor === undefined && history) {
            return ask(env, `${path}/messages${query({ limit: history })}`, { signal: controller.signal });
        }
        const { limit, as, client } = options;
        const url = `${path}/subscribe${query({ after: cursor, wait: hang, limit, as, client })}`;
        return ask(env, url, { signal: controller.signal, deadline: hang * 1000 + GRACE });
    }

    /** Hands one good answer over; true if the server asks to stay away for a while. */
    async function take(body, isHistory) {
        cursor = body.next;
        if (!body.draining) {
            attempt = 0;
            probing = false;
            if (!live) await report({ state: 'live' });
        }
        if (isHistory) {
            await call(onHistory, { messages: body.messages, next: cursor, more: body.more === true });
        } else {
            for (const gap of body.gaps ?? []) await call(onGap, gap, cursor);
            if (body.messages.length > 0) await call(onMessages, body.messages, cursor);
        }
        if (body.superseded) await finish({ state: 'superseded' });
        return body.draining === true;
    }

    async function stayAway(facts) {
        const delay = Math.round(jitter(env.random, attempt) + (facts.retryAfter ?? 0));
        attempt += 1;
        probing = true;
        await report({ state: 'waiting', attempt, delay, draining: facts.draining === true, error: facts.error });
        if (!over) await pause(delay);
        if (!over) await report({ state: 'connecting', attempt });
    }

    async function run() {
        await report({ state: 'connecting', attempt });
        while (!over) {
            const began = env.now();
            const hang = probing ? 0 : wait;
            try {
                const isHistory = cursor === undefined && Boolean(history);
                const { body, retryAfter } = await question(hang);
                if (over) return;
                const draining = await take(checked(body), isHistory);
                if (draining && !over) await stayAway({ draining, retryAfter });
                const rest = SHORTEST_EMPTY_POLL - Math.max(0, env.now() - began);
                if (!over && hang > 0 && body.messages.length === 0 && !draining && rest > 0) await pause(rest);
            } catch (error) {
                if (over) return;
                if (error === INTERRUPTED) probing = true;
                else if (error.lasting) await finish({ state: 'failed', error });
                else await stayAway({ error, retryAfter: error.retryAfter });
            }
        }
    }

    Promise.resolve().then(run); // not before the caller has its handle
    return {
        close() {
            over = true;
            interrupt();
        },
        retryNow() {
            interrupt();
        },
        get cursor() {
            return cursor;
        },
    };
}

/**
 * Publishes one message: a string as text, anything else as JSON.
 * @param {Environment & {room: string, data: unknown, as?: string, key?: string}} options
 *   key: the `Idempotency-Key`, the same for every try to send the same message
 * @returns {Promise<{id: string, time: number, subscribers: number, duplicate?: boolean}>} once it has its place
 * @throws {AnteroomError} look at `uncertain` before sending again
 */
export async function publish(options) {
    const { room, data, as, key } = options;
    const text = typeof data === 'string';
    const headers = { 'Content-Type': text ? 'text/plain; charset=utf-8' : 'application/json' };
    if (key) headers['Idempotency-Key'] = key;
    const { body } = await ask(environment(options), `${roomPath(room)}/publish${query({ as })}`, {
        method: 'POST',
        headers,
        body: text ? data : JSON.stringify(data),
        deadline: SEND_DEADLINE,
    });
    if (typeof body?.id !== 'string') throw new AnteroomError('The server answered something else than a receipt.');
    return body;
}

/**
 * Reads what the room holds, at once: the newest `limit` messages, or those before or after a cursor; oldest first.
 * @param {Environment & {room: string, limit?: number, before?: string, after?: string}} options
 * @returns {Promise<{messages: Message[], next: string, more: boolean}>}
 * @throws {AnteroomError}
 */
export async function history(options) {
    const { room, limit, before, after } = options;
    const url = `${roomPath(room)}/messages${query({ limit, before, after })}`;
    return checked((await ask(environment(options), url, {})).body);
}

/**
 * Lists rooms in use, by name.
 * @param {Environment & {prefix?: string, after?: string, limit?: number}} [options]
 * @returns {Promise<{room: string, messages: number, subscribers: number}[]>}
 * @throws {AnteroomError}
 */
export async function rooms(options = {}) {
    const { prefix, after, limit } = options;
    const { body } = await ask(environment(options), `/rooms${query({ prefix, after, limit })}`, {});
    if (Array.isArray(body?.rooms)) return body.rooms;
    throw new AnteroomError('The answer was not from an anteroom server.');
}

/** A pause in ms before try number `attempt` (from 0): anything between nothing and a bound that doubles to 30 s. */
export function jitter(random, attempt) {
    return random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempt, 16));
}

function checked(body) {
    const { messages, next, gaps = [] } = body ?? {};
    if (Array.isArray(messages) && Array.isArray(gaps) && typeof next === 'string') return body;
    throw new AnteroomError('The answer was not from an anteroom server.');
}
