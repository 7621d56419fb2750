// What a room held before what is shown of it: asked for when it is wanted.

import { history } from '../../client/anteroom.js';

const PAGE = 100; // messages in one answer

/**
 * @param {{onChange: (room: string) => void}} events
 * @param {typeof history} [read]
 */
export function createOlder({ onChange }, read = history) {
    async function ask({ room, earlier }, question, take) {
        Object.assign(earlier, { isBusy: true, problem: '' });
        onChange(room);
        try {
            take(await read({ room, limit: PAGE, ...question }));
        } catch (error) {
            Object.assign(earlier, { isBusy: false, problem: error.message });
        }
        onChange(room);
    }

    /** In a room that was read before: what one read then, above what is new. */
    async function open(conversation) {
        if (!conversation.needsContext) return;
        await ask(conversation, {}, (answer) => conversation.takeContext(answer));
    }

    return {
        open,
        /** The page before the oldest that is shown. */
        async more(conversation) {
            if (conversation.needsContext) return open(conversation);
            const before = conversation.timeline.oldest?.id;
            return ask(conversation, { before }, (answer) => conversation.takeEarlier(answer));
        },
    };
}
