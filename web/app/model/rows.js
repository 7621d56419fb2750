// From the timeline to the rows of the list: day separators, the line 'while you were away', and who speaks shown once for a run.

import { dayOf } from './date-format.js';

const SAME_BREATH = 5 * 60_000; // ms between two messages that share one head

/**
 * @typedef {{key: string, kind: 'day', time: number}
 *   | {key: string, kind: 'new', missed: number}
 *   | {key: string, kind: 'gap', entry: import('./timeline.js').GapEntry}
 *   | {key: string, kind: 'note', entry: import('./timeline.js').NoteEntry}
 *   | {key: string, kind: 'message', entry: import('./timeline.js').MessageEntry, head: boolean}} Row
 *
 * @param {import('./timeline.js').Timeline['entries']} entries
 * @param {{newSince?: string, missed?: number}} [facts]  key of the message above which the line 'while you were away'
 *   goes, and how many came then
 * @returns {Row[]} with keys that are all different
 */
export function rows(entries, { newSince, missed = 0 } = {}) {
    const result = [];
    const days = new Map(); // a clock that was set back makes a day come twice
    let day;
    let before; // the message right above, if nothing is between
    for (const entry of entries) {
        if (entry.kind !== 'message') {
            result.push({ key: entry.key, kind: entry.kind, entry });
            before = undefined;
            continue;
        }
        // What has no place yet carries this machine's time, which need not agree with the server's.
        const today = entry.id ? dayOf(entry.time) : day;
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
        result.push({ key: entry.key, kind: 'message', entry, head: !continues(before, entry) });
        before = entry;
    }
    return result;
}

function continues(before, entry) {
    return before !== undefined && before.from === entry.from && Math.abs(entry.time - before.time) < SAME_BREATH;
}
