// Which of the messages that come are worth a notification: those that nobody has seen a moment later, in whatever tab.

import { isFor } from './notify-settings.js';
import { visibleText } from './visible-text.js';
import { quoteOf } from './vocabulary.js';

const DELAY = 700; // ms in which another tab may show it

/**
 * @param {object} options
 *   settings: as of createNotifySettings()
 *   notify({room, id, title, text, hasSound})
 *   name(): the user's
 *   setTimeout: a replacement for tests
 */
export function createNotifications({ settings, notify, name, ...platform }) {
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    return {
        /** Messages by others were delivered. */
        received({ room, unread }, messages) {
            const worth = messages.filter((message) => settings.wantsAll(room) || isFor(message, name()));
            if (worth.length === 0) return;
            set(() => {
                const message = worth.findLast(({ key }) => unread.has(key));
                if (!message) return;
                const title = `${visibleText(message.from ?? 'anonymous')} in ${visibleText(room)}`;
                const text = quoteOf(message.data);
                notify({ room, id: message.id, title, text, hasSound: settings.hasSound });
            }, DELAY);
        },
    };
}
