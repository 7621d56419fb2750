// A WebSocket that messages come through. Browsers hide the server's pings, so that a connection which died without a
// word looks like a quiet room: after a while without a frame the server is asked by a short request.

import { parsed } from './sse.js';
import { AnteroomError, INTERRUPTED, NOT_ANTEROOM, ask } from '../request.js';
import { Batch, answer, question } from '../wire.js';

const OPENS_WITHIN = 5000; // ms
const QUIET = 45_000; // ms without a frame before the server is asked
const SUPERSEDED = 4001;
const GOING_AWAY = 1001;
const LONGEST_ADDRESS = 15_000; // bytes; servers take 16,000
const MOST_WAITING = 10_000; // frames that were not handed over yet; more, and reading them again is cheaper than keeping them

/**
 * @param {import('../feed.js').Session} session
 * @returns {Promise<import('../feed.js').Outcome>}
 */
export async function websocket(session) {
    const { env, places, params, signal } = session;
    const { path } = question(places, params, { inAddress: true });
    if (path.length > LONGEST_ADDRESS) throw blocked('These are too many rooms for one WebSocket address.');
    const socket = connect(env, path);
    const frames = [];
    let wake = () => {};
    let closed;
    let isOpen = false;
    const ended = (facts) => {
        closed ??= facts;
        wake();
    };
    socket.onopen = () => {
        isOpen = true;
        wake();
    };
    socket.onmessage = ({ data }) => {
        if (frames.push(data) > MOST_WAITING) ended({ error: new AnteroomError('Messages come too fast.') });
        wake();
    };
    socket.onclose = ({ code }) => ended({ code });
    const abort = () => ended({ error: INTERRUPTED });
    signal.addEventListener('abort', abort);
    /** Until something happens, or `ms` are over. */
    async function happening(ms) {
        let timer;
        await new Promise((resolve) => {
            wake = resolve;
            timer = env.setTimeout(resolve, ms);
        });
        env.clearTimeout(timer);
    }
    try {
        if (signal.aborted) throw INTERRUPTED;
        await happening(OPENS_WITHIN);
        if (closed?.error) throw closed.error;
        if (!isOpen) throw blocked('A WebSocket could not be opened.');
        session.opened();
        for (;;) {
            if (closed?.error) throw closed.error;
            if (frames.length > 0) {
                const superseded = await take(session, frames.splice(0));
                if (superseded) return { superseded };
            } else if (closed) {
                return outcome(closed.code);
            } else {
                await happening(QUIET);
                const isQuiet = frames.length === 0 && !closed;
                if (isQuiet && (await hasNews(session)) && frames.length === 0 && !closed)
                    throw new AnteroomError('The connection went silent.');
            }
        }
    } finally {
        signal.removeEventListener('abort', abort);
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
    }
}

const blocked = (message) => new AnteroomError(message, { blocked: true });

function connect(env, path) {
    const url = new URL(env.base + path, globalThis.location?.href);
    url.protocol = url.protocol.replace('http', 'ws');
    try {
        return new env.WebSocket(url.href);
    } catch (error) {
        throw new AnteroomError('A WebSocket could not be opened.', { blocked: true, cause: error });
    }
}

function outcome(code) {
    if (code === SUPERSEDED) return { superseded: true };
    if (code === GOING_AWAY) return { draining: true };
    if (code === 1000) return {};
    throw new AnteroomError('The connection was lost.');
}

/** @returns {Promise<boolean>} superseded */
async function take({ places, take }, frames) {
    let batch = new Batch(places);
    let superseded = false;
    for (const frame of frames) {
        const thing = parsed(frame);
        if (typeof thing?.id === 'string') {
            batch.add(thing);
        } else if (thing?.gap) {
            if (!batch.canTakeGap(thing.gap)) {
                await take(batch.facts);
                batch = new Batch(places);
            }
            batch.gap(thing.gap, String(thing.next));
        } else if (thing?.superseded) {
            superseded = true;
        } else if (typeof thing !== 'object' || thing === null) {
            throw new AnteroomError(NOT_ANTEROOM);
        } // anything else is not for a subscriber
    }
    if (!batch.isEmpty) await take(batch.facts);
    return superseded;
}

/** Whether the server has something that should have come by now, or does not answer. */
async function hasNews({ env, places, signal }) {
    const { path, headers } = question(places, { wait: 0 });
    try {
        const { body } = await ask(env, path, { headers, signal });
        return Object.keys(answer(body, places).batch.next).length > 0;
    } catch (error) {
        if (error === INTERRUPTED) throw error;
        return true;
    }
}
