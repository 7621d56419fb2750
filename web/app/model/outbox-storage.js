// The messages that wait to be sent, kept over a reload or a crash of the tab: each tab has a list of its own in the storage
// that all share. A tab that begins takes over the lists of tabs that are gone, which it knows by their locks: each tab holds one.

const LIST = 'outbox.'; // + the tab's id: the key in storage
const ID = 'tab'; // the key of this tab's id in its own storage, which a reload keeps

const PATIENCE = 1500; // ms in which the page before a reload lets go of its lock

/**
 * @param {object} platform
 *   storage: of all tabs (storage.js); session: of this tab, the same way
 *   locks: as navigator.locks; without them only this tab's own list is found again
 *   randomKey: makes ids
 *   setTimeout: a replacement for tests
 * @returns {Promise<{restored: object[], save: (messages: object[]) => void}>}
 *   restored: the messages, each with its room, in the order in which they were written
 */
export async function openOutboxStorage({ storage, session, locks, randomKey, ...platform }) {
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));

    /** Asks for the lock of a tab; fulfilled with whether it was got, `otherwise` where there are no locks. */
    function lock(id, options, { otherwise, forever }) {
        return new Promise((resolve) => {
            const hold = (held) => {
                resolve(held !== null);
                return held && forever ? new Promise(() => {}) : undefined;
            };
            Promise.resolve()
                .then(() => locks.request(`anteroom tab ${id}`, options, hold))
                .catch((error) => resolve(error?.name === 'AbortError' ? false : otherwise));
        });
    }

    const isGone = (id) => lock(id, { ifAvailable: true }, { otherwise: false, forever: false });

    function become(id) {
        const controller = new AbortController();
        set(() => controller.abort(), PATIENCE);
        return lock(id, { signal: controller.signal }, { otherwise: true, forever: true });
    }

    let id = session.get(ID);
    // A tab that was duplicated has the id of the other.
    if (typeof id !== 'string' || !(await become(id))) {
        id = randomKey();
        session.set(ID, id);
        await become(id);
    }
    const mine = LIST + id;
    const lists = [storage.get(mine)];
    for (const key of storage.keys(LIST)) {
        if (key === mine || !(await isGone(key.slice(LIST.length)))) continue;
        lists.push(storage.get(key));
        storage.remove(key);
    }
    const restored = lists.filter(Array.isArray).flat().filter(isMessage);
    restored.sort((a, b) => a.time - b.time);
    const save = (messages) => (messages.length > 0 ? storage.set(mine, messages) : storage.remove(mine));
    save(restored);
    return { restored, save };
}

const isMessage = (value) =>
    typeof value?.room === 'string' &&
    typeof value.key === 'string' &&
    typeof value.as === 'string' &&
    typeof value.time === 'number' &&
    value.data !== undefined;
