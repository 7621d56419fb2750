// What is written and not sent, by room, kept over a reload or a crash of the tab.

const DRAFTS = 'drafts'; // the key in storage
const DELAY = 300; // ms until a change is stored

/** @param {{get: Function, set: Function, remove: Function}} storage */
export function createDrafts(storage, platform = {}) {
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = platform.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    const written = new Map(); // on this page, which another tab does not change
    const changed = new Map(); // of those, what is not stored yet
    let timer;

    const stored = () => {
        const value = storage.get(DRAFTS);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    };

    /** Stores what has changed now. */
    function save() {
        clear(timer);
        timer = undefined;
        if (changed.size === 0) return;
        const all = Object.entries({ ...stored(), ...Object.fromEntries(changed) }).filter(([, text]) => text);
        changed.clear();
        if (all.length > 0) storage.set(DRAFTS, Object.fromEntries(all));
        else storage.remove(DRAFTS);
    }

    return {
        get(room) {
            const text = written.has(room) ? written.get(room) : stored()[room];
            return typeof text === 'string' ? text : '';
        },
        /** '' removes it. */
        set(room, text) {
            if (this.get(room) === text) return;
            written.set(room, text);
            changed.set(room, text);
            timer ??= set(save, DELAY);
        },
        save,
    };
}
