// Who is typing: sent while one writes, and shown for a moment after it was received.

const SEND_INTERVAL = 3000; // ms between two messages about one's own typing
const SHOWN_FOR = 5000; // ms after the last one of somebody

/**
 * @param {object} options
 *   send(room): publishes that the user is typing
 *   onChange(room): who is typing has changed
 *   setTimeout, clearTimeout, now: replacements for tests
 */
export function createTyping({ send, onChange, ...platform }) {
    const now = platform.now ?? (() => performance.now());
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = platform.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    const rooms = new Map(); // room -> Map of name -> timer
    const sent = new Map(); // room -> when

    function stop(room, name) {
        const names = rooms.get(room);
        if (!names?.has(name)) return;
        clear(names.get(name));
        names.delete(name);
        onChange(room);
    }

    return {
        /** The user has changed the text in the composer. */
        input(room, text) {
            if (text.trim() === '' || now() - (sent.get(room) ?? -Infinity) < SEND_INTERVAL) return;
            sent.set(room, now());
            send(room);
        },
        /** The user has sent the text: typing on begins anew. */
        sent: (room) => sent.delete(room),
        /** Somebody is typing. */
        received(room, name) {
            if (!rooms.has(room)) rooms.set(room, new Map());
            const names = rooms.get(room);
            const isNew = !names.has(name);
            clear(names.get(name));
            names.set(
                name,
                set(() => stop(room, name), SHOWN_FOR),
            );
            if (isNew) onChange(room);
        },
        /** Somebody has sent a message. */
        stopped: stop,
        /** @returns {string[]} */
        names: (room) => [...(rooms.get(room)?.keys() ?? [])],
    };
}

/** 'Ann and Bo are typing…' in parts; none if nobody is. @returns {{text: string, name?: boolean}[]} */
export function typingParts(names) {
    const name = (text) => ({ text, name: true });
    if (names.length === 0) return [];
    if (names.length === 1) return [name(names[0]), { text: ' is typing…' }];
    if (names.length === 2) return [name(names[0]), { text: ' and ' }, name(names[1]), { text: ' are typing…' }];
    return [{ text: `${names.length} people are typing…` }];
}
