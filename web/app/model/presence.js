// Who is in a room: the list that the server gave, kept up to date by the joins and leaves that came after it.

export class Present {
    #names = new Set();
    #nameless = 0;
    #lost = new Set(); // those whom the newest list left out, without their having left

    /** Names, in order. */
    get names() {
        return [...this.#names].sort((a, b) => a.localeCompare(b));
    }

    /** How many are here without a name. */
    get nameless() {
        return this.#nameless;
    }

    /** Takes the list; `subscribers` counts polls and streams, so a name with two tabs is there twice. */
    reset({ present = [], subscribers = 0 }) {
        const before = this.#names;
        this.#names = new Set(present.map(({ as }) => as).filter((as) => typeof as === 'string'));
        this.#lost = new Set([...before].filter((name) => !this.#names.has(name)));
        this.#nameless = Math.max(0, subscribers - this.#names.size);
    }

    /** Somebody joins who was here until the server forgot everybody: no news. */
    isBack({ event, as }) {
        return event === 'join' && this.#lost.has(as);
    }

    /** Takes a join or a leave. @returns {boolean} whether it was news */
    apply({ event, as }) {
        if (typeof as !== 'string') return false;
        if (event === 'leave') return this.#names.delete(as);
        if (event !== 'join' || this.#names.has(as)) return false;
        this.#names.add(as);
        return true;
    }
}

/** How many are here, in words; '' if nobody is known to be. */
export function howMany({ names, nameless }) {
    const count = names.length + nameless;
    return count > 0 ? `${count} here` : '';
}

const SHOWN = 3; // names of one kind in a note

/**
 * A run of joins and leaves in words: 'Ann and Bo joined · Cay left'. Who joined and left within it came by.
 * @param {{event: 'join'|'leave', as: string}[]} events  in order
 * @returns {{text: string, name?: boolean}[]} name: somebody's name, so that it can be told from the words around it
 */
export function noteParts(events) {
    const first = new Map();
    const last = new Map();
    for (const { event, as } of events) {
        if (!first.has(as)) first.set(as, event);
        last.set(as, event);
    }
    const kinds = { joined: [], 'came by': [], left: [], 'came back': [] };
    for (const [as, began] of first) {
        const ended = last.get(as);
        if (began === 'join') kinds[ended === 'join' ? 'joined' : 'came by'].push(as);
        else kinds[ended === 'leave' ? 'left' : 'came back'].push(as);
    }
    const parts = [];
    for (const [verb, names] of Object.entries(kinds).filter(([, names]) => names.length > 0)) {
        if (parts.length > 0) parts.push({ text: ' · ' });
        parts.push(...list(names), { text: ` ${verb}` });
    }
    return parts;
}

function list(names) {
    const shown = names.length > SHOWN + 1 ? names.slice(0, SHOWN) : names;
    const rest = names.length - shown.length;
    const items = shown.map((text) => ({ text, name: true }));
    if (rest > 0) items.push({ text: `${rest} others` });
    const between = (index) => (index === items.length - 1 ? ' and ' : ', ');
    return items.flatMap((item, index) => (index === 0 ? [item] : [{ text: between(index) }, item]));
}
