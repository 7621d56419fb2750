// One long poll: asks, hangs until something is there or `hang` is over, and gives it to the session.

import { GRACE, INTERRUPTED, ask } from '../request.js';
import { answer, question } from '../wire.js';

/**
 * @param {import('../feed.js').Session} session
 * @returns {Promise<import('../feed.js').Outcome>}
 */
export async function poll(session) {
    const { env, places, params, limit, hang, signal } = session;
    const { path, headers } = question(places, { wait: hang, limit, ...params });
    const { body, retryAfter } = await ask(env, path, { headers, signal, deadline: hang * 1000 + GRACE });
    if (signal.aborted) throw INTERRUPTED;
    const { batch, draining, superseded } = answer(body, places);
    if (!draining) session.opened();
    await session.take(batch);
    return { draining, superseded, retryAfter, isEmpty: batch.messages.length === 0 };
}
