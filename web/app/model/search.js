// Searches what the server keeps of a room, from the newest message backwards.

import { meaningOf, textOf } from './vocabulary.js';

const PAGE = 1000; // messages in one response
const MAX_RESULTS = 100;

const fold = (text) => text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();

/** What a message is compared with: all words must occur in its text or its author's name. */
export function matcher(query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    return ({ from = '', data }) => {
        const { kind } = meaningOf(data);
        if (words.length === 0 || (kind !== 'content' && kind !== 'reply')) return false;
        const text = fold(`${from} ${textOf(data)}`);
        return words.every((word) => text.includes(word));
    };
}

/**
 * @param {object} options
 *   history: of the client
 *   room, query
 *   onFound(messages): some more, newest first
 *   isCancelled(): whether the results are not wanted any more
 * @returns {Promise<{isComplete: boolean}>} isComplete: everything was searched
 * @throws {AnteroomError}
 */
export async function search({ history, room, query, onFound, isCancelled }) {
    const matches = matcher(query);
    let found = 0;
    for (let before; ; ) {
        const page = await history({ room, limit: PAGE, before });
        if (isCancelled()) return { isComplete: false };
        const some = page.messages.filter(matches).reverse().slice(0, MAX_RESULTS - found);
        found += some.length;
        if (some.length > 0) onFound(some);
        if (!page.more || page.messages.length === 0) return { isComplete: true };
        if (found >= MAX_RESULTS) return { isComplete: false };
        before = page.messages[0].id;
    }
}
