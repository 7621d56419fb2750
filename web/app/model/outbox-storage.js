// The messages that wait to be sent, kept over a reload or a crash of the tab: each page has a list of its own in the storage
// that all share. It takes over the lists of pages that are gone, when it begins and as often as takeOver() is called.
//
// A page whose list is not empty holds a lock, and others know by that that it is there. (An empty one holds none: browsers
// keep no page for their back button that does.) Without locks, as on plain HTTP, its list has the time at which it was there last.

const LIST = 'outbox.'; // + the page's id: the key in storage
const ID = 'page'; // the key of the page's id in the storage of its tab, for the page that comes after it

const PATIENCE = 1500; // ms in which the page before a reload lets go of its lock
const SEEN_INTERVAL = 20_000; // ms
const GONE = 90_000; // ms; browsers run the timers of hidden tabs once a minute

/**
 * @param {object} platform
 *   storage: of all tabs (storage.js); session: of this tab, the same way
 *   locks: as navigator.locks, if there are any
 *   randomKey: makes ids
 *   onFound(messages): gets messages, each with its room, in the order in which they were written; then they are this page's
 *   setTimeout, clearTimeout, now: replacements for tests; now: the wall clock
 * @returns {{save(messages: object[]): void, takeOver(): Promise<void>, isKept: boolean, opened: Promise<void>}}
 *   save: this page's messages have changed; isKept: whether they outlive the page; opened: the lists were looked for once
 */
export function openOutboxStorage({ storage, session, locks, randomKey, onFound, ...platform }) {
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = platform.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    const now = platform.now ?? Date.now;
    const id = randomKey();
    const mine = LIST + id;
    let messages = [];
    let isKept = true;
    let release; // the lock that is held
    let refreshing;

    const nameOf = (list) => `anteroom ${list}`;

    function hold() {
        if (release || !locks) return;
        const held = new Promise((resolve) => (release = resolve));
        const request = async () => locks.request(nameOf(mine), () => held);
        request().catch(() => {}); // refused: as without locks
    }

    function store() {
        clear(refreshing);
        if (messages.length === 0) {
            storage.remove(mine);
            isKept = true;
            release?.();
            release = undefined;
            return;
        }
        hold();
        isKept = storage.set(mine, { seen: now(), messages });
        if (!isKept) storage.remove(mine); // an older list would come back
        refreshing = set(store, SEEN_INTERVAL);
    }

    function adopt(list) {
        const { messages: theirs } = storage.get(list) ?? {};
        const known = new Set(messages.map(({ key }) => key));
        const found = (Array.isArray(theirs) ? theirs : []).filter((one) => isMessage(one) && !known.has(one.key));
        if (found.length > 0) {
            messages = [...messages, ...found];
            store();
        }
        if (found.length === 0 || isKept) storage.remove(list);
        if (found.length > 0) onFound(found);
    }

    /** Takes over a list if its page is gone, `patience` ms from now at the latest. */
    async function takeOverFrom(list, { patience, isOwn }) {
        const controller = new AbortController();
        const options = patience > 0 ? { signal: controller.signal } : { ifAvailable: true };
        const timer = patience > 0 ? set(() => controller.abort(), patience) : undefined;
        try {
            await locks.request(nameOf(list), options, (lock) => lock && adopt(list));
        } catch (error) {
            const { seen } = storage.get(list) ?? {};
            const isGone = isOwn || !(Math.abs(now() - seen) < GONE);
            if (error?.name !== 'AbortError' && isGone) adopt(list);
        }
        clear(timer);
    }

    async function takeOver() {
        const lists = storage.keys(LIST).filter((list) => list !== mine);
        const began = (list) => storage.get(list)?.messages?.[0]?.time ?? 0;
        lists.sort((a, b) => began(a) - began(b));
        for (const list of lists) await takeOverFrom(list, { patience: 0, isOwn: false });
    }

    async function open() {
        const before = session.get(ID);
        session.set(ID, id);
        if (typeof before === 'string' && storage.get(LIST + before))
            await takeOverFrom(LIST + before, { patience: PATIENCE, isOwn: true });
        await takeOver();
    }

    return {
        opened: Promise.resolve().then(open), // after the caller has everything that onFound() needs
        save(all) {
            messages = all;
            store();
        },
        takeOver,
        get isKept() {
            return isKept;
        },
    };
}

const isMessage = (value) =>
    typeof value?.room === 'string' &&
    typeof value.key === 'string' &&
    typeof value.as === 'string' &&
    typeof value.time === 'number' &&
    value.data !== undefined;
