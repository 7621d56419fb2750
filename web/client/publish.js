// Publishing: a short request of its own, retried with the same idempotency key until it is answered or out of attempts.

import { Backoff } from './backoff.js';
import { encodeRoom } from './cursor.js';
import { environment, randomKey } from './platform.js';
import { AnteroomError, ABORTED, requestJson, query, roomPath } from './request.js';

const SEND_DEADLINE = 30_000; // ms for one attempt
const ATTEMPTS = 5;
const MAX_RETRY_AFTER = 60_000; // ms; where the server asks for a longer wait, the publish fails at once

const REPLACEMENT = '\uFFFD';

/** A text without lone surrogates (halves of characters that were cut), which UTF-8 cannot have. */
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, REPLACEMENT);

/** JSON without them; JSON.stringify() writes them as escapes, and nothing else in that range. */
function jsonOf(data) {
    const json = JSON.stringify(data);
    if (json === undefined) throw new TypeError('The data of a message cannot be written as JSON');
    return json.replace(/\\(?:u(d[89a-f][\da-f]{2})|.)/g, (escape, lone) => (lone ? REPLACEMENT : escape));
}

/** Publishes one message, to one room or several; anteroom.d.ts has the whole contract. */
export async function publish(options) {
    const { data } = options;
    const isText = typeof data === 'string';
    const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
    return send(options, type, isText ? wellFormed(data) : jsonOf(data), ({ id }) => typeof id === 'string');
}

/** Publishes several messages next to each other, all or none. */
export async function publishBatch(options) {
    const lines = options.messages.map((data) => `${jsonOf(data)}\n`);
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
    let wasUncertain = false; // the message may have been appended by an attempt
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
                Object.assign(error, { key, wasUncertain });
                wasUncertain = error.uncertain;
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
