// Loads older messages of a room on demand.

import { isAfter, isSameEpoch, numberOf } from '../../client/cursor.js';
import { NEWEST } from './early-messages.js';

const MAX_PAGE = 1000; // as many as a server gives

/**
 * @param {{onChange: (room: string) => void}} events
 * @param {typeof import('../../client/anteroom.js').history} read
 */
export function createHistoryLoader({ onChange }, read) {
    const running = new Map(); // conversation -> promise of what is being loaded

    async function readPage({ room, history: state }, range, add) {
        Object.assign(state, { isLoading: true, problem: '' });
        onChange(room);
        try {
            add(await read({ room, limit: NEWEST, ...range }));
        } catch (error) {
            Object.assign(state, { isLoading: false, problem: error.message });
        }
        onChange(room);
    }

    async function load(conversation, range, add) {
        const page = readPage(conversation, range, add);
        running.set(conversation, page);
        await page;
        if (running.get(conversation) === page) running.delete(conversation);
    }

    /**
     * What a room begins with: if it was read on an earlier visit, the messages read then, above the new ones; older ones
     * where nothing of the newest is shown.
     */
    async function loadContext(conversation) {
        if (conversation.needsContext) await load(conversation, {}, (page) => conversation.addContext(page));
        if (conversation.needsOlder) await loadOlder(conversation);
    }

    /** The page before the oldest that is shown, and more where all of it are reactions. */
    async function loadOlder(conversation) {
        if (conversation.needsContext) return loadContext(conversation);
        let isShown = false;
        do {
            const before = conversation.oldestRead;
            await load(conversation, { before }, (page) => (isShown = conversation.addOlder(page)));
        } while (!isShown && conversation.history.more && !conversation.history.problem);
        return undefined;
    }

    return {
        loadContext,
        loadOlder,
        /**
         * Loads until a message is shown.
         * @param {() => boolean} isFull  whether to give up
         * @returns {Promise<boolean>} whether it is
         */
        async loadUpTo(conversation, id, isFull) {
            const isShown = () => conversation.timeline.entries.some((entry) => entry.id === id);
            await running.get(conversation);
            if (conversation.needsContext) await loadContext(conversation);
            while (!isShown() && !isAfter(id, conversation.oldestRead) && conversation.history.more && !isFull()) {
                const before = conversation.oldestRead;
                await load(conversation, { before, limit: pageTo(id, before) }, (page) => conversation.addOlder(page));
                if (conversation.history.problem || conversation.oldestRead === before) break;
            }
            return isShown();
        },
    };
}

/** So many messages that it is among them, if one response can have so many. */
function pageTo(id, before) {
    if (!isSameEpoch(id, before)) return NEWEST;
    return Math.min(MAX_PAGE, Math.max(NEWEST, numberOf(before) - numberOf(id)));
}
