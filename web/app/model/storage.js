// Values kept between visits, in localStorage. Where the browser forbids that, they are kept until the page is left.

const PREFIX = 'anteroom.';

/** What the keys begin with, for a server at `root`: others may be behind other paths of the same site. */
export const prefixOf = (root) => (root === '/' ? PREFIX : `anteroom${root}`);

/**
 * @param {() => Storage} storage  a function, since the access to `localStorage` itself may throw
 */
export function createStorage(storage, prefix = PREFIX) {
    const fallback = new Map();
    return {
        /** The value of a key; undefined if there is none. */
        get(name) {
            try {
                const text = storage().getItem(prefix + name);
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
                storage().setItem(prefix + name, JSON.stringify(value));
                return true;
            } catch {
                return false; // forbidden or full
            }
        },
        /** The keys that begin so. */
        keys(begin) {
            const found = new Set([...fallback.keys()].filter((name) => name.startsWith(begin)));
            try {
                const all = storage();
                for (let i = 0; i < all.length; i += 1) {
                    const key = all.key(i);
                    if (key.startsWith(prefix + begin)) found.add(key.slice(prefix.length));
                }
            } catch {
                // forbidden
            }
            return [...found];
        },
        remove(name) {
            fallback.delete(name);
            try {
                storage().removeItem(prefix + name);
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
export function watchStorage(target, onChange, prefix = PREFIX) {
    target.addEventListener('storage', ({ key }) => {
        if (key?.startsWith(prefix)) onChange(key.slice(prefix.length));
    });
}
