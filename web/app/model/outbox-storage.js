// The messages that wait to be sent, kept over a reload or a crash of the tab: each tab has a list of its own in the storage
// that all share. A tab that begins takes over the lists of tabs that are gone, which it knows by their locks: each tab holds one.

const LIST = 'outbox.'; // + the tab's id: the key in storage
const ID = 'tab'; // the key of this tab's id in its own storage, which a reload keeps

/**
 * @param {object} platform
 *   storage: of all tabs (storage.js); session: of this tab, the same way
 *   locks: as navigator.locks; without them only this tab's own list is found again
 *   randomKey: makes ids
 * @returns {Promise<{restored: object[], save: (messages: object[]) => void}>}
 *   restored: the messages, each with its room, in the order in which they were written
 */
export async function openOutboxStorage({ storage, session, locks, randomKey }) {
    /** Whether the tab with this id is gone; then its lock is held here, and for good if `forever`. */
    function isGone(id, { forever = false } = {}) {
        return new Promise((resolve) => {
            const hold = (lock) => {
                resolve(lock !== null);
                return lock && forever ? new Promise(() => {}) : undefined;
            };
            Promise.resolve()
                .then(() => locks.request(`anteroom tab ${id}`, { ifAvailable: true }, hold))
                .catch(() => resolve(forever)); // no locks, or refused
        });
    }

    let id = session.get(ID);
    // A tab that was duplicated has the id of the other.
    if (typeof id !== 'string' || !(await isGone(id, { forever: true }))) {
        id = randomKey();
        session.set(ID, id);
        await isGone(id, { forever: true });
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
