// The emoji that were chosen last in this browser, newest first.

const RECENT = 'emoji'; // the key in storage
const MAX_RECENT = 16;
const MAX_LENGTH = 32; // UTF-16 units of one

/** @param {{get: Function, set: Function}} storage */
export function createRecentEmoji(storage) {
    function list() {
        const stored = storage.get(RECENT);
        if (!Array.isArray(stored)) return [];
        const isEmoji = (value) => typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH;
        return [...new Set(stored.filter(isEmoji))].slice(0, MAX_RECENT);
    }
    return {
        list,
        /** @returns {string} it */
        add(emoji) {
            storage.set(RECENT, [emoji, ...list().filter((other) => other !== emoji)].slice(0, MAX_RECENT));
            return emoji;
        },
    };
}
