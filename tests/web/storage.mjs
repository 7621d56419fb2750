// A browser's storage, and what a page remembers in it.

import { createStorage } from '../../web/app/model/storage.js';

export function storage(values = {}) {
    const kept = new Map(Object.entries(values));
    return {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
        key: (index) => [...kept.keys()][index] ?? null,
        get length() {
            return kept.size;
        },
    };
}

/** Another page on the same storage remembers the same. */
export function memoryWith(values = {}, kept = storage()) {
    const memory = createStorage(() => kept);
    for (const [name, value] of Object.entries(values)) memory.set(name, value);
    return memory;
}
