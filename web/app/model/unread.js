// Counts the messages that arrive while the user is not looking, and keeps the first of them.

/** @param {boolean} [isActive]  whether the user is looking at the room from the start */
export function createUnread(isActive = true) {
    let unseen = []; // keys, in order
    let since; // the key below the line
    let missed = 0; // how many are below it

    function clearLine() {
        since = undefined;
        missed = 0;
    }

    return {
        get count() {
            return unseen.length;
        },
        /** Whether a message is unread. */
        has: (key) => unseen.includes(key),
        /** The key of the message above which the line 'while you were away' goes: kept until the user looks away again. */
        get since() {
            return since;
        },
        /** How many came unseen below that line. */
        get missed() {
            return missed;
        },
        /**
         * Whether the user is looking at the room.
         * @returns {boolean} whether they have just begun to, and there is a line to show
         */
        setActive(now) {
            const begins = now && !isActive;
            if (isActive && !now) clearLine();
            if (now) unseen = [];
            isActive = now;
            return begins && since !== undefined;
        },
        /** @param {string[]} keys  of messages by others, in order */
        add(keys) {
            if (isActive || keys.length === 0) return;
            since ??= keys[0];
            unseen.push(...keys);
            missed = unseen.length;
        },
        /** Some were read in another tab. @param {(key: string) => boolean} isUnseen  whether one was not */
        seenElsewhere(isUnseen) {
            if (unseen.length === 0) return;
            unseen = unseen.filter(isUnseen);
            since = unseen[0];
            missed = unseen.length;
        },
        /** Removes the line, for instance because the user has sent a message. */
        clearLine,
    };
}

/** A short form of a count. */
export function countText(count) {
    return count > 99 ? '99+' : String(count);
}

/** The tab's title. */
export function tabTitle(room, count) {
    const unread = count > 0 ? `(${countText(count)}) ` : '';
    return `${unread}${room} · anteroom`;
}
