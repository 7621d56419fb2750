// Who is present in a room: the list from the server, kept up to date by the joins and leaves after it.

export class PresenceList {
    #names = new Set();
    #anonymous = 0;
    #missing = new Set(); // names that the newest list lacks, without a leave
    #renamed = new Set(); // 'join NAME' and 'leave NAME' that are still to come of those who have a new name

    /** Sorted names. */
    get names() {
        return [...this.#names].sort((a, b) => a.localeCompare(b));
    }

    /** How many are present without a name. */
    get anonymous() {
        return this.#anonymous;
    }

    /** Sets the list; `subscribers` counts polls and streams, so a name with two tabs is there twice. */
    reset({ present = [], subscribers = 0 }) {
        const before = this.#names;
        this.#names = new Set(present.map(({ as }) => as).filter((as) => typeof as === 'string'));
        this.#missing = new Set([...before].filter((name) => !this.#names.has(name)));
        this.#anonymous = Math.max(0, subscribers - this.#names.size);
    }

    /** Whether a join is of somebody who was present until the server lost its list (a restart): not worth a note. */
    isReturning({ event, as }) {
        return event === 'join' && this.#missing.has(as);
    }

    /** Somebody has a new name: the leave of the old one and the join of the new one are not worth a note. */
    renamed(was, as) {
        if (this.#names.has(was)) this.#renamed.add(`leave ${was}`);
        if (!this.#names.has(as)) this.#renamed.add(`join ${as}`);
    }

    /** Whether a join or leave is part of a change of name that was reported. */
    isRenaming({ event, as }) {
        return this.#renamed.delete(`${event} ${as}`);
    }

    /** Applies a join or a leave. @returns {boolean} whether it changed something */
    apply({ event, as }) {
        if (typeof as !== 'string') return false;
        if (event === 'leave') return this.#names.delete(as);
        if (event !== 'join' || this.#names.has(as)) return false;
        this.#names.add(as);
        return true;
    }
}

/** How many are present, as text; '' for none. */
export function presenceCount({ names, anonymous }) {
    const count = names.length + anonymous;
    return count > 0 ? `${count} here` : '';
}

const MAX_NAMES = 3; // of one kind in a note

/**
 * A run of joins, leaves and new names as text: 'Ann and Bo joined · Cay left · Dan is now Daniel'. Whoever joined and left
 * within it came by.
 * @param {{event: 'join'|'leave'|'renamed', as: string, was?: string}[]} events  in order
 * @returns {{text: string, name?: boolean}[]} name: whether it is somebody's name, which is marked up
 */
export function presenceNoteParts(events) {
    const first = new Map();
    const last = new Map();
    for (const { event, as } of events) {
        if (event === 'renamed') continue;
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
    for (const { was, as } of events.filter(({ event }) => event === 'renamed')) {
        if (parts.length > 0) parts.push({ text: ' · ' });
        parts.push({ text: was, name: true }, { text: ' is now ' }, { text: as, name: true });
    }
    return parts;
}

function list(names) {
    const shown = names.length > MAX_NAMES + 1 ? names.slice(0, MAX_NAMES) : names;
    const rest = names.length - shown.length;
    const items = shown.map((text) => ({ text, name: true }));
    if (rest > 0) items.push({ text: `${rest} others` });
    const between = (index) => (index === items.length - 1 ? ' and ' : ', ');
    return items.flatMap((item, index) => (index === 0 ? [item] : [{ text: between(index) }, item]));
}
