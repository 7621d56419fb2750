// Values kept between visits, in localStorage. Where the browser forbids that, they are kept until the page is left.

const PREFIX = 'anteroom.';

/**
 * @param {() => Storage} storage  a function, since the access to `localStorage` itself may throw
 */
export function createStorage(storage) {
    const fallback = new Map();
    return {
        /** The value of a key; undefined if there is none. */
        get(name) {
            try {
                const text = storage().getItem(PREFIX + name);
                if (text !== null) return JSON.parse(text);
            } catch {
                // forbidden, or written by something else
            }
            return fallback.get(name);
        },
        /** @returns {boolean} whether the value outlives the page */
        set(name, value) {
            fallback.set(name, value);
            try {
                storage().setItem(PREFIX + name, JSON.stringify(value));
                return true;
            } catch {
                return false; // forbidden or full
            }
        },
        /** The keys that begin so. */
        keys(prefix) {
            const found = new Set([...fallback.keys()].filter((name) => name.startsWith(prefix)));
            try {
                const all = storage();
                for (let i = 0; i < all.length; i += 1) {
                    const key = all.key(i);
                    if (key.startsWith(PREFIX + prefix)) found.add(key.slice(PREFIX.length));
                }
            } catch {
                // forbidden
            }
            return [...found];
        },
        remove(name) {
            fallback.delete(name);
            try {
                storage().removeItem(PREFIX + name);
            } catch {
                // forbidden
            }
        },
    };
}

/**
 * Watches for changes by other tabs of this browser.
 * @param {(name: string) => void} onChange  gets the key
 */
export function watchStorage(target, onChange) {
    target.addEventListener('storage', ({ key }) => {
        if (key?.startsWith(PREFIX)) onChange(key.slice(PREFIX.length));
    });
}
