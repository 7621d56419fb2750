// The rows of the message list, from the timeline: day separators, the line 'while you were away', and grouping by author.

import { dayKey } from './date-format.js';

const GROUP_INTERVAL = 5 * 60_000; // ms between two messages of one group

/**
 * @typedef {{key: string, kind: 'day', time: number}
 *   | {key: string, kind: 'new', missed: number}
 *   | {key: string, kind: 'gap', entry: import('./timeline.js').GapEntry}
 *   | {key: string, kind: 'note', entry: import('./timeline.js').NoteEntry}
 *   | {key: string, kind: 'message', entry: import('./timeline.js').MessageEntry, head: boolean,
 *      reactions: {emoji: string, names: string[]}[]}} Row
 *   head: the message is the first of its group and shows its author
 *
 * @param {import('./timeline.js').Timeline['entries']} entries
 * @param {{newSince?: string, missed?: number, reactions?: import('./reactions.js').Reactions}} [facts]  key of the message
 *   above which the line 'while you were away' goes, and how many are below it
 * @returns {Row[]} with unique keys
 */
export function rows(entries, { newSince, missed = 0, reactions } = {}) {
    const result = [];
    const days = new Map(); // after a clock was set back a day occurs twice
    let day;
    let before; // the message directly above, if there is one
    for (const entry of entries) {
        if (entry.kind !== 'message') {
            result.push({ key: entry.key, kind: entry.kind, entry });
            before = undefined;
            continue;
        }
        // A message without an id has this machine's time, which may differ from the server's.
        const today = entry.id ? dayKey(entry.time) : day;
        if (today !== day) {
            day = today;
            days.set(day, (days.get(day) ?? 0) + 1);
            result.push({ key: `day-${day}-${days.get(day)}`, kind: 'day', time: entry.time });
            before = undefined;
        }
        if (entry.key === newSince) {
            result.push({ key: 'new', kind: 'new', missed });
            before = undefined;
        }
        const given = (entry.id && reactions?.of(entry.id)) || [];
        result.push({ key: entry.key, kind: 'message', entry, head: !continues(before, entry), reactions: given });
        before = entry;
    }
    return result;
}

function continues(before, entry) {
    return before !== undefined && before.from === entry.from && Math.abs(entry.time - before.time) < GROUP_INTERVAL;
}
