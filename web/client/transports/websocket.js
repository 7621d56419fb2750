// A WebSocket that brings messages. Browsers hide the server's pings, so that a connection which was lost without a close
// looks like a quiet room: after a while without a frame a short poll asks the server whether there are new messages.

import { parseJson } from './sse.js';
import { AnteroomError, ABORTED, NOT_ANTEROOM, requestJson } from '../request.js';
import { Batch, parseResponse, subscribeRequest } from '../wire.js';

const OPEN_TIMEOUT = 5000; // ms
const QUIET = 45_000; // ms without a frame before the server is polled
const SUPERSEDED = 4001;
const GOING_AWAY = 1001;
const MAX_URL = 15_000; // bytes; servers take 16,000
const MAX_QUEUED = 10_000; // frames not delivered yet; beyond that, reading them again is cheaper than keeping them

/**
 * @param {import('../feed.js').Session} session
 * @returns {Promise<import('../feed.js').Outcome>}
 */
export async function websocket(session) {
    const { env, cursors, params, signal } = session;
    const { path } = subscribeRequest(cursors, params, { urlOnly: true });
    if (path.length > MAX_URL) throw blocked('These are too many rooms for one WebSocket address.');
    const socket = connect(env, path);
    const frames = [];
    let wake = () => {};
    let closed;
    let isOpen = false;
    const end = (how) => {
        closed ??= how;
        wake();
    };
    socket.onopen = () => {
        isOpen = true;
        wake();
    };
    socket.onmessage = ({ data }) => {
        if (frames.push(data) > MAX_QUEUED) end({ error: new AnteroomError('Messages come too fast.') });
        wake();
    };
    socket.onclose = ({ code }) => end({ code });
    const abort = () => end({ error: ABORTED });
    signal.addEventListener('abort', abort);
    /** Waits for an event of the socket or `signal`, or for `ms`. */
    async function event(ms) {
        let timer;
        await new Promise((resolve) => {
            wake = resolve;
            timer = env.setTimeout(resolve, ms);
        });
        env.clearTimeout(timer);
    }
    try {
        if (signal.aborted) throw ABORTED;
        await event(OPEN_TIMEOUT);
        if (closed?.error) throw closed.error;
        if (!isOpen) throw blocked('A WebSocket could not be opened.');
        session.opened();
        for (;;) {
            if (closed?.error) throw closed.error;
            if (frames.length > 0) {
                const superseded = await deliver(session, frames.splice(0));
                if (superseded) return { superseded };
            } else if (closed) {
                return outcome(closed.code);
            } else {
                await event(QUIET);
                const isQuiet = frames.length === 0 && !closed;
                if (isQuiet && (await hasNewMessages(session)) && frames.length === 0 && !closed)
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

/** Delivers frames in batches. @returns {Promise<boolean>} whether the subscription is superseded */
async function deliver({ cursors, deliver: deliverBatch }, frames) {
    let batch = new Batch(cursors);
    let superseded = false;
    for (const frame of frames) {
        const item = parseJson(frame);
        if (typeof item?.id === 'string') {
            batch.add(item);
        } else if (item?.gap) {
            if (!batch.canAddGap(item.gap)) {
                await deliverBatch(batch.data);
                batch = new Batch(cursors);
            }
            batch.gap(item.gap, String(item.next));
        } else if (item?.superseded) {
            superseded = true;
        } else if (typeof item !== 'object' || item === null) {
            throw new AnteroomError(NOT_ANTEROOM);
        } // frames of other kinds are not for a subscriber
    }
    if (!batch.isEmpty) await deliverBatch(batch.data);
    return superseded;
}

/** Whether the server has messages that should have come by now, or does not answer. */
async function hasNewMessages({ env, cursors, signal }) {
    const { path, headers } = subscribeRequest(cursors, { wait: 0 });
    try {
        const { body } = await requestJson(env, path, { headers, signal });
        return Object.keys(parseResponse(body, cursors).batch.next).length > 0;
    } catch (error) {
        if (error === ABORTED) throw error;
        return true;
    }
}
