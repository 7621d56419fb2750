// Counts what arrives while nobody looks, and remembers where it began.

/** @returns a counter that starts with somebody looking */
export function createUnread() {
    let count = 0;
    let since; // key of the first message that came unseen
    let looking = true;
    return {
        get count() {
            return count;
        },
        /** Where to draw the line 'new': stays while somebody looks, until they look away again. */
        get since() {
            return since;
        },
        look(now) {
            if (looking && !now) since = undefined;
            if (now) count = 0;
            looking = now;
        },
        /** @param {string[]} keys  of messages by others, in order */
        arrived(keys) {
            if (looking || keys.length === 0) return;
            since ??= keys[0];
            count += keys.length;
        },
        /** The line has done its work, for instance because the reader answered. */
        clearLine() {
            since = undefined;
        },
    };
}

/** The tab's title. */
export function tabTitle(room, count) {
    const unread = count > 0 ? `(${count > 99 ? '99+' : count}) ` : '';
    return `${unread}${room} · anteroom`;
}
