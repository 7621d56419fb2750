// Publishing: a short request of its own, tried again with the same key until it is answered or hope is given up.

import { Backoff } from './backoff.js';
import { encodeRoom } from './cursor.js';
import { environment, randomKey } from './platform.js';
import { AnteroomError, INTERRUPTED, ask, query, roomPath } from './request.js';

const SEND_DEADLINE = 30_000; // ms for one try
const ATTEMPTS = 5;
const LONGEST_WAIT = 60_000; // ms; a server that wants more patience gets the failure told

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
    const stop = () => backoff.end();
    signal?.addEventListener('abort', stop);
    try {
        for (;;) {
            signal?.throwIfAborted();
            try {
                const { body: receipt } = await ask(env, path, request);
                if (isReceipt(receipt ?? {})) return receipt;
                throw new AnteroomError('The server answered something else than a receipt.');
            } catch (error) {
                if (error === INTERRUPTED) throw signal.reason;
                error.key = key;
                const isHopeless = error.lasting || backoff.attempt + 1 >= attempts;
                if (isHopeless || error.retryAfter > LONGEST_WAIT) throw error;
                await backoff.stayAway({ error });
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
