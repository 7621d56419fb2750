// What the page remembers between visits. Where the browser forbids that, it is remembered until the page goes.

const PREFIX = 'anteroom.';

/**
 * @param {() => Storage} storage  a function, since naming `localStorage` may throw already
 */
export function remembering(storage) {
    const here = new Map();
    return {
        /** The value kept under a name; undefined if there is none. */
        get(name) {
            try {
                const text = storage().getItem(PREFIX + name);
                if (text !== null) return JSON.parse(text);
            } catch {
                // forbidden, or written by something else
            }
            return here.get(name);
        },
        set(name, value) {
            here.set(name, value);
            try {
                storage().setItem(PREFIX + name, JSON.stringify(value));
            } catch {
                // forbidden or full
            }
        },
        remove(name) {
            here.delete(name);
            try {
                storage().removeItem(PREFIX + name);
            } catch {
                // forbidden
            }
        },
    };
}

/**
 * Tells what another tab of this browser has remembered since.
 * @param {(name: string) => void} onChange
 */
export function watchMemory(target, onChange) {
    target.addEventListener('storage', ({ key }) => {
        if (key?.startsWith(PREFIX)) onChange(key.slice(PREFIX.length));
    });
}
