// Publishing: a short request of its own, retried with the same idempotency key until it is answered or out of attempts.

import { Backoff } from './backoff.js';
import { encodeRoom } from './cursor.js';
import { environment, randomKey } from './platform.js';
import { AnteroomError, ABORTED, requestJson, query, roomPath } from './request.js';

const SEND_DEADLINE = 30_000; // ms for one attempt
const ATTEMPTS = 5;
const MAX_RETRY_AFTER = 60_000; // ms; where the server asks for a longer wait, the publish fails at once

/** Publishes one message, to one room or several; anteroom.d.ts has the whole contract. */
export async function publish(options) {
    const { data } = options;
    const isText = typeof data === 'string';
    const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
    return send(options, type, isText ? data : JSON.stringify(data), ({ id }) => typeof id === 'string');
}

/** Publishes several messages next to each other, all or none. */
export async function publishBatch(options) {
    const lines = options.messages.map((data) => `${JSON.stringify(data)}\n`);
    return send(options, 'application/x-ndjson', lines.join(''), ({ ids }) => Array.isArray(ids));
}

async function send(options, type, body, isReceipt) {
    const { as, key = randomKey(), attempts = ATTEMPTS, signal } = options;
    const env = environment(options);
    const path = address(options, as);
    const request = {
        method: 'POST',
        headers: { 'Content-Type': type, 'Idempotency-Key': key },
        body,
        signal,
        deadline: SEND_DEADLINE,
    };
    const backoff = new Backoff(env);
    const stop = () => backoff.cancel();
    signal?.addEventListener('abort', stop);
    try {
        for (;;) {
            signal?.throwIfAborted();
            try {
                const { body: receipt } = await requestJson(env, path, request);
                if (isReceipt(receipt ?? {})) return receipt;
                throw new AnteroomError('The server answered something else than a receipt.');
            } catch (error) {
                if (error === ABORTED) throw signal.reason;
                error.key = key;
                const isFinal = error.lasting || backoff.attempt + 1 >= attempts;
                if (isFinal || error.retryAfter > MAX_RETRY_AFTER) throw error;
                await backoff.wait({ error });
            }
        }
    } finally {
        signal?.removeEventListener('abort', stop);
    }
}

function address({ room, rooms }, as) {
    if (!rooms) return `${roomPath(room)}/publish${query({ as })}`;
    if (rooms.length === 0) throw new TypeError('A message goes to at least one room');
    const names = rooms.map((each) => roomPath(each) && `room=${encodeRoom(each)}`).join('&');
    return `/publish?${names}${query({ as }).replace('?', '&')}`;
}
