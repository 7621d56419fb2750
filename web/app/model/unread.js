// Counts what arrives while nobody looks, and remembers where it began.

/** @param {boolean} [looking]  whether somebody looks from the start */
export function createUnread(looking = true) {
    let unseen = []; // keys, in order
    let since; // the first of those that the line stands for
    let missed = 0; // how many these are

    function clearLine() {
        since = undefined;
        missed = 0;
    }

    return {
        get count() {
            return unseen.length;
        },
        /** Where to draw the line 'while you were away': stays while somebody looks, until they look away again. */
        get since() {
            return since;
        },
        /** How many came unseen below that line. */
        get missed() {
            return missed;
        },
        /** @returns {boolean} whether somebody begins to look, and there is a line to show them */
        look(now) {
            const begins = now && !looking;
            if (looking && !now) clearLine();
            if (now) unseen = [];
            looking = now;
            return begins && since !== undefined;
        },
        /** @param {string[]} keys  of messages by others, in order */
        arrived(keys) {
            if (looking || keys.length === 0) return;
            since ??= keys[0];
            unseen.push(...keys);
            missed = unseen.length;
        },
        /** Another tab has shown some of them. @param {(key: string) => boolean} isUnseen  those that it has not */
        seenElsewhere(isUnseen) {
            if (unseen.length === 0) return;
            unseen = unseen.filter(isUnseen);
            since = unseen[0];
            missed = unseen.length;
        },
        /** The line has done its work, for instance because the reader answered. */
        clearLine,
    };
}

/** A count where there is little space. */
export function countText(count) {
    return count > 99 ? '99+' : String(count);
}

/** The tab's title. */
export function tabTitle(room, count) {
    const unread = count > 0 ? `(${countText(count)}) ` : '';
    return `${unread}${room} · anteroom`;
}
