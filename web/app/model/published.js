// Looks for a message in what a room has kept: whether it was published is not known otherwise, once the server has forgotten
// its idempotency key.

import { UNKNOWN } from './outbox.js';

const PAGE = 1000; // messages in one response

const isSame = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * @param {Function} history  of the client
 * @param {string} room
 * @param {import('./outbox.js').Outgoing} message
 * @returns {Promise<{id: string, time: number}|symbol|undefined>} undefined: it was not published; UNKNOWN: what came after
 *   it was sent is not kept any more
 * @throws {AnteroomError}
 */
export async function findPublished(history, room, { after = '0', as, data }) {
    let isComplete = true;
    for (;;) {
        const page = await history({ room, after, limit: PAGE });
        const found = page.messages.find((message) => message.from === as && isSame(message.data, data));
        if (found) return { id: found.id, time: found.time };
        isComplete &&= !page.gaps?.length;
        if (!page.more || page.messages.length === 0) return isComplete ? undefined : UNKNOWN;
        after = page.next;
    }
}
