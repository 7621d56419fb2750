// A stream of server-sent events, read with fetch(): EventSource is not everywhere, cannot send a header, and does not tell
// why it failed. The server sends something at once, so that a proxy which buffers streams is noticed within seconds.

import { createEventStreamParser } from './event-stream.js';
import { AnteroomError, ABORTED, NOT_ANTEROOM, UNREACHABLE, responseError, retryAfterMs } from '../request.js';
import { Batch, subscribeRequest } from '../wire.js';

const FIRST_BYTES = 5000; // ms until the first of them
const SILENCE = 37_500; // ms without data; the server's keep-alive is 15 s
const STREAM_REFUSED = [406, 501]; // statuses after which a long poll may succeed

/**
 * @param {import('../feed.js').Session} session
 * @returns {Promise<import('../feed.js').Outcome>}
 */
export async function sse(session) {
    const { env, signal } = session;
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener('abort', abort);
    const watch = watchdog(env, abort);
    try {
        watch.start(FIRST_BYTES);
        const body = await open(session, controller.signal);
        return await read(session, body, controller.signal, watch);
    } catch (error) {
        if (signal.aborted) throw ABORTED;
        if (watch.expired && !watch.firstData)
            throw new AnteroomError('Streams do not get through to here.', { blocked: true, cause: error });
        if (watch.expired) {
            const silent = new AnteroomError('The connection went silent.', { cause: error });
            silent.silentFromStart = watch.lastData - watch.firstData < 1000;
            throw silent;
        }
        throw error instanceof AnteroomError ? error : new AnteroomError(UNREACHABLE, { cause: error });
    } finally {
        watch.stop();
        signal.removeEventListener('abort', abort);
        abort();
    }
}

async function open({ env, cursors, params }, signal) {
    const { path, headers } = subscribeRequest(cursors, params);
    const response = await env.fetch(env.base + path, {
        cache: 'no-store',
        headers: { Accept: 'text/event-stream', ...headers },
        signal,
    });
    if (!response.ok) {
        const error = await responseError(response, retryAfterMs(response.headers.get('Retry-After'), env.wallClock()));
        error.blocked = STREAM_REFUSED.includes(error.status);
        throw error;
    }
    if (!/^text\/event-stream\b/i.test(response.headers.get('Content-Type') ?? '')) {
        throw new AnteroomError(NOT_ANTEROOM, { blocked: true });
    }
    return response.body;
}

async function read(session, body, signal, watch) {
    const reader = body.getReader();
    const cancel = () => reader.cancel().catch(() => {}); // where fetch() does not end the body with its signal
    signal.addEventListener('abort', cancel);
    const decoder = new TextDecoder();
    const parse = createEventStreamParser();
    const outcome = {};
    let retries = 0; // `retry` fields so far
    for (;;) {
        const { done, value } = await reader.read();
        if (signal.aborted) throw ABORTED;
        if (done) return outcome;
        watch.restart(SILENCE);
        const blocks = parse(decoder.decode(value, { stream: true }));
        for (const { retry } of blocks) {
            if (retry === undefined) continue;
            if (retries > 0) Object.assign(outcome, { draining: true, retryAfter: retry }); // sent again before a shutdown
            retries += 1;
        }
        session.opened();
        if (blocks.some(({ event }) => event === 'superseded')) outcome.superseded = true;
        watch.stop(); // the time that callbacks take is not the stream's silence
        await deliver(session, blocks);
        watch.start(SILENCE);
    }
}

async function deliver({ cursors, deliver: deliverBatch }, blocks) {
    let batch = new Batch(cursors);
    for (const { event = 'message', data, id } of blocks) {
        if (data === undefined || (event !== 'message' && event !== 'gap')) continue;
        const item = parseJson(data);
        if (event === 'message') {
            batch.add(item);
            continue;
        }
        if (!batch.canAddGap(item)) {
            await deliverBatch(batch.data);
            batch = new Batch(cursors);
        }
        batch.gap(item, id ?? '');
    }
    if (!batch.isEmpty) await deliverBatch(batch.data);
}

/** @throws {AnteroomError} on what is not JSON */
export function parseJson(text) {
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new AnteroomError(NOT_ANTEROOM, { cause: error });
    }
}

/** Calls `onExpired` when no data has come for the time that was last given. */
function watchdog(env, onExpired) {
    let timer;
    const watch = {
        firstData: 0, // when data came first, by env.now()
        lastData: 0,
        expired: false,
        start(ms) {
            env.clearTimeout(timer);
            timer = env.setTimeout(() => {
                watch.expired = true;
                onExpired();
            }, ms);
        },
        /** Data came. */
        restart(ms) {
            watch.lastData = env.now();
            watch.firstData ||= watch.lastData;
            watch.start(ms);
        },
        stop: () => env.clearTimeout(timer),
    };
    return watch;
}
