// Loads older messages of a room on demand.

import { NEWEST } from './early-messages.js';

/**
 * @param {{onChange: (room: string) => void}} events
 * @param {typeof import('../../client/anteroom.js').history} read
 */
export function createHistoryLoader({ onChange }, read) {
    async function load({ room, history: state }, range, add) {
        Object.assign(state, { isLoading: true, problem: '' });
        onChange(room);
        try {
            add(await read({ room, limit: NEWEST, ...range }));
        } catch (error) {
            Object.assign(state, { isLoading: false, problem: error.message });
        }
        onChange(room);
    }

    /** In a room that was read on an earlier visit: the messages read then, above the new ones. */
    async function loadContext(conversation) {
        if (!conversation.needsContext) return;
        await load(conversation, {}, (page) => conversation.addContext(page));
    }

    return {
        loadContext,
        /** The page before the oldest that is shown, and more where all of it are reactions. */
        async loadOlder(conversation) {
            if (conversation.needsContext) return loadContext(conversation);
            let isShown = false;
            do {
                const before = conversation.oldestRead;
                await load(conversation, { before }, (page) => (isShown = conversation.addOlder(page)));
            } while (!isShown && conversation.history.more && !conversation.history.problem);
            return undefined;
        },
        /**
         * Loads until a message is shown.
         * @returns {Promise<boolean>} whether it is
         */
        async loadUpTo(conversation, id, isFull) {
            const isShown = () => conversation.timeline.entries.some((entry) => entry.id === id);
            if (conversation.needsContext) await loadContext(conversation);
            while (!isShown() && conversation.history.more && !conversation.history.problem && !isFull())
                await load(conversation, { before: conversation.oldestRead }, (page) => conversation.addOlder(page));
            return isShown();
        },
    };
}
