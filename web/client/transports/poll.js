// One long poll: waits for up to `wait` seconds until there are messages, and delivers them to the session.

import { RESPONSE_GRACE, ABORTED, requestJson } from '../request.js';
import { parseResponse, subscribeRequest } from '../wire.js';

/**
 * @param {import('../feed.js').Session} session
 * @returns {Promise<import('../feed.js').Outcome>}
 */
export async function poll(session) {
    const { env, cursors, params, limit, wait, signal } = session;
    const { path, headers } = subscribeRequest(cursors, { wait, limit, ...params });
    const { body, retryAfter } = await requestJson(env, path, {
        headers,
        signal,
        deadline: wait * 1000 + RESPONSE_GRACE,
    });
    if (signal.aborted) throw ABORTED;
    const { batch, draining, superseded } = parseResponse(body, cursors);
    if (!draining) session.opened();
    await session.deliver(batch);
    return { draining, superseded, retryAfter, isEmpty: batch.messages.length === 0 };
}
