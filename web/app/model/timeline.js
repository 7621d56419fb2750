// What the page shows of a room, in order: what the server delivered, gaps where they happened, and at the end what was
// written here and has no place in the room's order yet.
//
// A message of one's own comes back twice: as the answer of its POST and through the poll, in either order. It is shown
// once. Its `key` was made here and stays, its `id` is the server's:
//
//     sending --answer--> sent --poll--> settled        the usual way
//     sending --poll----> settled --answer--> settled   the poll was faster: recognised by sender and text, and
//                                                       corrected if the answer names another id
//     sending --refused-> failed                        nothing was appended
//     sending --no answer-> unknown --poll--> settled   it may have been appended; the poll tells
//
// Who joined and left is not of the room's order: a note stands where it was when it came.

import { epochOf, numberOf } from '../../client/cursor.js';

/**
 * @typedef {'sending'|'sent'|'settled'|'failed'|'unknown'} Status
 * @typedef {{key: string, kind: 'message', status: Status, id?: string, time: number, from?: string, data: unknown,
 *   mine: boolean, begun?: boolean, problem?: string}} MessageEntry
 *   begun: its POST is on its way, or was; problem: why it failed
 * @typedef {{key: string, kind: 'gap', reason: string, missed?: number}} GapEntry
 * @typedef {{key: string, kind: 'note', events: {event: 'join'|'leave', as: string}[]}} NoteEntry
 */

export class Timeline {
    #settled = []; // messages, gaps and notes, in the room's order
    #outgoing = []; // MessageEntry: `sent` ones by number, then the others as they were written
    #byId = new Map();
    #byKey = new Map();
    #epoch = '';
    #pastEpochs = new Set();
    #last = 0; // number of the newest message delivered in #epoch
    #made = 0; // gaps and notes, for their keys

    /** @returns {(MessageEntry|GapEntry|NoteEntry)[]} */
    get entries() {
        return [...this.#settled, ...this.#outgoing];
    }

    /** @returns {MessageEntry|undefined} one written here */
    get(key) {
        return this.#byKey.get(key);
    }

    /** The oldest message that is shown and has its place. */
    get oldest() {
        return this.#settled.find((entry) => entry.kind === 'message');
    }

    /** Takes the newest of what the room held when the page opened; `next` is the cursor after it. */
    open(messages, next) {
        this.#enter(epochOf(next));
        this.receive(messages, { mayBeOwn: false });
    }

    /** Goes on from a cursor of an earlier visit: what it delivered then is not shown yet. */
    resume(cursor) {
        this.#enter(epochOf(cursor));
        this.#last = numberOf(cursor) || 0;
    }

    /** Whether something written here would be lost with the page. */
    get hasUnsent() {
        return this.#outgoing.some((entry) => entry.status !== 'sent');
    }

    /** Puts older messages before everything else; those shown already are left out. */
    prepend(messages) {
        const older = messages.filter(({ id }) => !this.#byId.has(id)).map((message) => this.#settle(message));
        this.#settled.unshift(...older);
        return older;
    }

    /**
     * Takes what the poll delivered. `mayBeOwn`: one of them may be what is being sent right now.
     * @returns {MessageEntry[]} those that were not shown before
     */
    receive(messages, { mayBeOwn = true } = {}) {
        const fresh = [];
        for (const message of messages) {
            const own = this.#ownById(message) ?? (mayBeOwn ? this.#ownByLooks(message) : undefined);
            if (own) {
                this.#outgoing.splice(this.#outgoing.indexOf(own), 1);
                Object.assign(own, { id: message.id, time: message.time, status: 'settled', problem: undefined });
                this.#byId.set(own.id, own);
                this.#settled.push(own);
            } else if (!this.#byId.has(message.id)) {
                const entry = this.#settle(message);
                this.#settled.push(entry);
                fresh.push(entry);
            }
            this.#enter(epochOf(message.id));
            this.#last = numberOf(message.id);
        }
        this.#placeStranded();
        return fresh;
    }

    /** Takes a gap; `next` is the cursor of the answer that told of it. Neighbouring gaps of one reason become one. */
    gap({ reason, missed }, next) {
        this.#enter(epochOf(next));
        this.#placeStranded();
        const before = this.#settled.at(-1);
        if (before?.kind === 'gap' && before.reason === reason) {
            before.missed = before.missed && missed ? before.missed + missed : undefined;
            return;
        }
        this.#settled.push({ key: this.#keyOf('gap'), kind: 'gap', reason, missed });
    }

    /** Takes who joined or left; a run of them is one note. */
    note({ event, as }) {
        const before = this.#settled.at(-1);
        if (before?.kind === 'note') before.events.push({ event, as });
        else this.#settled.push({ key: this.#keyOf('note'), kind: 'note', events: [{ event, as }] });
    }

    /** Shows a message of one's own before the server knows of it. */
    write({ key, as, data, time }) {
        const entry = { key, kind: 'message', status: 'sending', time, from: as, data, mine: true };
        this.#byKey.set(key, entry);
        this.#outgoing.push(entry);
    }

    /** Its POST is on its way: from now on the poll may deliver it. */
    begun(key) {
        const entry = this.#byKey.get(key);
        if (entry) entry.begun = true;
    }

    /** Takes the answer of its POST. */
    accepted(key, { id, time }) {
        const entry = this.#byKey.get(key);
        if (!entry) return;
        if (entry.id && entry.id !== id) this.#unguess(entry);
        if (entry.id === id) return;
        const shown = this.#byId.get(id);
        if (shown) {
            shown.mine = true; // delivered already and not recognised
            this.discard(key);
            return;
        }
        this.#byId.set(id, entry);
        Object.assign(entry, { id, time, status: 'sent', problem: undefined });
        const isSent = (other) => other.status === 'sent' && other !== entry;
        const others = this.#outgoing.filter((other) => other !== entry);
        this.#outgoing = [...others.filter(isSent), entry, ...others.filter((other) => !isSent(other))];
        this.#placeStranded();
    }

    /** Its POST failed. `uncertain`: it may have been appended all the same. */
    refused(key, { message, uncertain }) {
        const entry = this.#byKey.get(key);
        if (!entry || (entry.id && uncertain)) return;
        if (entry.id) this.#unguess(entry);
        Object.assign(entry, { status: uncertain ? 'unknown' : 'failed', problem: message });
    }

    /** Before a message is sent again: it moves behind everything that was written since. */
    again(key, time) {
        const entry = this.#byKey.get(key);
        if (!entry || (entry.status !== 'failed' && entry.status !== 'unknown')) return undefined;
        Object.assign(entry, { status: 'sending', begun: false, problem: undefined, time });
        this.#outgoing.splice(this.#outgoing.indexOf(entry), 1);
        this.#outgoing.push(entry);
        return entry;
    }

    /** Forgets a message that has no place in the room. */
    discard(key) {
        const entry = this.#byKey.get(key);
        this.#outgoing = this.#outgoing.filter((other) => other !== entry);
        this.#byKey.delete(key);
    }

    /** Forgets the oldest so that at most `limit` are kept. @returns {boolean} whether there were more */
    trim(limit) {
        const dropped = this.#settled.splice(0, Math.max(0, this.#settled.length - limit));
        for (const { id, key } of dropped) {
            this.#byId.delete(id);
            this.#byKey.delete(key);
        }
        return dropped.length > 0;
    }

    #keyOf(kind) {
        return `${kind}-${(this.#made += 1)}`;
    }

    #settle({ id, time, from, data }) {
        const entry = { key: id, kind: 'message', status: 'settled', id, time, from, data, mine: false };
        this.#byId.set(id, entry);
        return entry;
    }

    #ownById({ id }) {
        const known = this.#byId.get(id);
        return known?.status === 'sent' ? known : undefined;
    }

    #ownByLooks({ id, from, data }) {
        if (this.#byId.has(id)) return undefined;
        const mayBe = ({ status, begun }) => status === 'unknown' || (status === 'sending' && begun);
        return this.#outgoing.find((entry) => mayBe(entry) && entry.from === from && entry.data === data);
    }

    // What was taken for this entry was somebody else's: leave that in its place, and take the entry out again.
    #unguess(entry) {
        const { id, time, from, data } = entry;
        this.#settled[this.#settled.indexOf(entry)] = this.#settle({ id, time, from, data });
        entry.id = undefined;
        this.#outgoing.push(entry);
    }

    #enter(epoch) {
        if (epoch === this.#epoch) return;
        if (this.#epoch) this.#pastEpochs.add(this.#epoch);
        this.#pastEpochs.delete(epoch);
        this.#epoch = epoch;
        this.#last = 0;
    }

    // Sent messages that the poll has passed or lost with a gap will not be delivered any more: give them their place.
    #placeStranded() {
        const isStranded = ({ status, id }) =>
            status === 'sent' &&
            (this.#pastEpochs.has(epochOf(id)) || (epochOf(id) === this.#epoch && numberOf(id) <= this.#last));
        for (const entry of this.#outgoing.filter(isStranded)) {
            this.#outgoing.splice(this.#outgoing.indexOf(entry), 1);
            entry.status = 'settled';
            this.#settled.splice(this.#placeOf(entry), 0, entry);
        }
    }

    #placeOf({ id }) {
        const isPast = this.#pastEpochs.has(epochOf(id));
        const comesAfter = (entry) =>
            isPast
                ? entry.kind === 'gap' || epochOf(entry.id) !== epochOf(id)
                : entry.kind === 'message' && epochOf(entry.id) === epochOf(id) && numberOf(entry.id) > numberOf(id);
        const start = isPast
            ? this.#settled.findLastIndex((entry) => entry.id && epochOf(entry.id) === epochOf(id)) + 1
            : 0;
        const place = this.#settled.slice(start).findIndex(comesAfter);
        return place < 0 ? this.#settled.length : start + place;
    }
}
