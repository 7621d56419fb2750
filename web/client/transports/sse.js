// A stream of server-sent events, read with fetch(): EventSource is not everywhere, cannot send a header, and does not tell
// why it failed. The server speaks at once, so that a proxy which holds streams back is noticed within seconds.

import { eventStream } from './event-stream.js';
import { AnteroomError, INTERRUPTED, NOT_ANTEROOM, UNREACHABLE, problem, retryAfterMs } from '../request.js';
import { Batch, question } from '../wire.js';

const FIRST_BYTES = 5000; // ms
const SILENCE = 37_500; // ms; the server's keep-alive is 15 s
const NO_STREAM = [406, 501]; // statuses that a long poll may not get

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
        watch.allow(FIRST_BYTES);
        const body = await open(session, controller.signal);
        return await read(session, body, controller.signal, watch);
    } catch (error) {
        if (signal.aborted) throw INTERRUPTED;
        if (watch.bitten && !watch.fed)
            throw new AnteroomError('Streams do not get through to here.', { blocked: true, cause: error });
        if (watch.bitten) {
            const silent = new AnteroomError('The connection went silent.', { cause: error });
            silent.fromTheStart = watch.lastFed - watch.fed < 1000;
            throw silent;
        }
        throw error instanceof AnteroomError ? error : new AnteroomError(UNREACHABLE, { cause: error });
    } finally {
        watch.stop();
        signal.removeEventListener('abort', abort);
        abort();
    }
}

async function open({ env, places, params }, signal) {
    const { path, headers } = question(places, params);
    const response = await env.fetch(env.base + path, {
        cache: 'no-store',
        headers: { Accept: 'text/event-stream', ...headers },
        signal,
    });
    if (!response.ok) {
        const error = await problem(response, retryAfterMs(response.headers.get('Retry-After'), env.now()));
        error.blocked = NO_STREAM.includes(error.status);
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
    const blocksOf = eventStream();
    const outcome = {};
    let openings = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (signal.aborted) throw INTERRUPTED;
        if (done) return outcome;
        watch.feed(SILENCE);
        const blocks = blocksOf(decoder.decode(value, { stream: true }));
        for (const { retry } of blocks) {
            if (retry === undefined) continue;
            if (openings > 0) Object.assign(outcome, { draining: true, retryAfter: retry }); // said before going away
            openings += 1;
        }
        session.opened();
        if (blocks.some(({ event }) => event === 'superseded')) outcome.superseded = true;
        watch.pause(); // what a callback takes is not the stream's silence
        await take(session, blocks);
        watch.allow(SILENCE);
    }
}

async function take({ places, take }, blocks) {
    let batch = new Batch(places);
    for (const { event = 'message', data, id } of blocks) {
        if (data === undefined || (event !== 'message' && event !== 'gap')) continue;
        const thing = parsed(data);
        if (event === 'message') {
            batch.add(thing);
            continue;
        }
        if (!batch.canTakeGap(thing)) {
            await take(batch.facts);
            batch = new Batch(places);
        }
        batch.gap(thing, id ?? '');
    }
    if (!batch.isEmpty) await take(batch.facts);
}

export function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new AnteroomError(NOT_ANTEROOM, { cause: error });
    }
}

/** Calls `bite` once nothing has come for as long as was allowed. */
function watchdog(env, bite) {
    let timer;
    const watch = {
        fed: 0, // when something came first
        lastFed: 0,
        bitten: false,
        allow(ms) {
            env.clearTimeout(timer);
            timer = env.setTimeout(() => {
                watch.bitten = true;
                bite();
            }, ms);
        },
        feed(ms) {
            watch.lastFed = env.now();
            watch.fed ||= watch.lastFed;
            watch.allow(ms);
        },
        pause: () => env.clearTimeout(timer),
        stop: () => env.clearTimeout(timer),
    };
    return watch;
}
