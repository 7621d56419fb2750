// Loads older messages of a room on demand.

import { history } from '../../client/anteroom.js';

const PAGE = 100; // messages in one response

/**
 * @param {{onChange: (room: string) => void}} events
 * @param {typeof history} [read]
 */
export function createHistoryLoader({ onChange }, read = history) {
    async function load({ room, history: state }, range, add) {
        Object.assign(state, { isLoading: true, problem: '' });
        onChange(room);
        try {
            add(await read({ room, limit: PAGE, ...range }));
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
        /** The page before the oldest that is shown. */
        async loadOlder(conversation) {
            if (conversation.needsContext) return loadContext(conversation);
            const before = conversation.timeline.oldest?.id;
            return load(conversation, { before }, (page) => conversation.addOlder(page));
        },
    };
}
