// The reactions to the messages of a room. Of each person's uses of an emoji the newest counts, in whatever order they are
// read: pages of older messages come after newer ones.

import { numberOf } from '../../client/cursor.js';

const MAX_TARGETS = 5000; // messages whose reactions are kept, also while the messages are not shown

export class Reactions {
    #targets = new Map(); // id -> Map of emoji -> Map of name -> {time, number, isRemoved}

    /**
     * @param {{id: string, time: number, from?: string}} message
     * @param {{to: string, emoji: string, isRemoved: boolean}} reaction
     */
    apply({ id, time, from = '' }, { to, emoji, isRemoved }) {
        const emojis = entry(this.#targets, to);
        const people = entry(emojis, emoji);
        const before = people.get(from);
        const number = numberOf(id);
        if (before && compare(before, { time, number }) > 0) return;
        people.set(from, { time, number, isRemoved });
        if (this.#targets.size > MAX_TARGETS) this.#targets.delete(this.#targets.keys().next().value);
    }

    /**
     * The reactions to a message, those first that were given first.
     * @returns {{emoji: string, names: string[]}[]} names: '' for everybody without one
     */
    of(id) {
        const all = [];
        for (const [emoji, people] of this.#targets.get(id) ?? []) {
            const given = [...people].filter(([, { isRemoved }]) => !isRemoved).sort(([, a], [, b]) => compare(a, b));
            if (given.length > 0) all.push({ emoji, first: given[0][1], names: given.map(([name]) => name) });
        }
        return all.sort((a, b) => compare(a.first, b.first)).map(({ emoji, names }) => ({ emoji, names }));
    }
}

/** In the order of the room; also across its lives, by time. */
const compare = (a, b) => a.time - b.time || a.number - b.number;

function entry(map, key) {
    if (!map.has(key)) map.set(key, new Map());
    return map.get(key);
}
