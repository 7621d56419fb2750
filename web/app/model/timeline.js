// The entries of a room that the page shows, in order: the messages that the server delivered, gaps where they occurred, and at
// the end the outgoing messages, which were written here and are not delivered yet.
//
// An outgoing message comes back twice: in the response of its POST and through the subscription, in either order. It is shown
// once. Its `key` was made here and stays, its `id` is the server's:
//
//     sending --response--> sent --delivery--> settled        the usual way
//     sending --delivery--> settled --response--> settled     the delivery was first: matched by author and text, and
//                                                             corrected if the response names another id
//     sending --refused--> failed                             nothing was appended
//     sending --no response--> waiting --delivery--> settled  it may have been appended; a delivery tells that it was
//     sending --busy--> waiting --sent again--> sending       it waits in the outbox
//     waiting --given up--> failed --delivery--> settled      it had been appended, and nobody knew
//
// Joins and leaves are not messages of the room: a note stands where it was added.

import { epochOf, numberOf } from '../../client/cursor.js';

/**
 * @typedef {'sending'|'waiting'|'sent'|'settled'|'failed'} Status
 * @typedef {{key: string, kind: 'message', status: Status, id?: string, time: number, from?: string, data: unknown,
 *   mine: boolean, started?: boolean, problem?: string}} MessageEntry
 *   mine: written on this page; started: its POST was sent and may have been appended; problem: why it failed or waits
 * @typedef {{key: string, kind: 'gap', reason: string, missed?: number}} GapEntry
 * @typedef {{key: string, kind: 'note', events: {event: 'join'|'leave'|'renamed', as: string, was?: string}[]}} NoteEntry
 */

export class Timeline {
    #settled = []; // messages, gaps and notes, in the room's order
    #outgoing = []; // MessageEntry: `sent` ones by number, then the others in the order of writing
    #byId = new Map();
    #byKey = new Map();
    #epoch = '';
    #pastEpochs = new Set();
    #lastNumber = 0; // of the newest message delivered in #epoch
    #keyCount = 0; // keys made for gaps and notes

    /** @returns {(MessageEntry|GapEntry|NoteEntry)[]} */
    get entries() {
        return [...this.#settled, ...this.#outgoing];
    }

    /** @returns {MessageEntry|undefined} one written on this page */
    get(key) {
        return this.#byKey.get(key);
    }

    /** The oldest settled message. */
    get oldest() {
        return this.#settled.find((entry) => entry.kind === 'message');
    }

    /** Adds the newest messages of the room's history; `next` is the cursor after them. */
    open(messages, next) {
        this.#enterEpoch(epochOf(next));
        this.receive(messages, { mayBeOwn: false });
    }

    /** Resumes from the cursor of an earlier visit, whose messages are not shown yet. */
    resume(cursor) {
        this.#enterEpoch(epochOf(cursor));
        this.#lastNumber = numberOf(cursor) || 0;
    }

    /** Whether a message is not appended for all that is known; `failed`: and is not sent again by itself. */
    hasUnsent({ failed = false } = {}) {
        return this.#outgoing.some(({ status }) => (failed ? status === 'failed' : status !== 'sent'));
    }

    /**
     * Inserts older messages before everything else, without those shown already.
     * @returns {MessageEntry[]} those inserted
     */
    prepend(messages) {
        const older = messages.filter(({ id }) => !this.#byId.has(id)).map((message) => this.#settle(message));
        this.#settled.unshift(...older);
        return older;
    }

    /**
     * Adds delivered messages. `mayBeOwn`: one of them may be an outgoing message.
     * @returns {MessageEntry[]} those that were not shown before
     */
    receive(messages, { mayBeOwn = true } = {}) {
        const fresh = [];
        for (const message of messages) {
            const own = this.#ownById(message) ?? (mayBeOwn ? this.#ownByContent(message) : undefined);
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
            this.#enterEpoch(epochOf(message.id));
            this.#lastNumber = numberOf(message.id);
        }
        this.#settleStranded();
        return fresh;
    }

    /** Adds a gap; `next` is the cursor after it. Gaps with the same reason and no message between them are one. */
    gap({ reason, missed }, next) {
        this.#enterEpoch(epochOf(next));
        this.#settleStranded();
        const before = this.#settled.findLast(({ kind }) => kind !== 'note');
        if (before?.kind === 'gap' && before.reason === reason) {
            before.missed = before.missed && missed ? before.missed + missed : undefined;
            return;
        }
        this.#settled.push({ key: this.#keyOf('gap'), kind: 'gap', reason, missed });
    }

    /** Adds a join, a leave or a new name; a run of them is one note. */
    note(event) {
        const before = this.#settled.at(-1);
        if (before?.kind === 'note') before.events.push(event);
        else this.#settled.push({ key: this.#keyOf('note'), kind: 'note', events: [event] });
    }

    /** Adds an outgoing message. */
    addOutgoing({ key, as, data, time }) {
        const entry = { key, kind: 'message', status: 'sending', time, from: as, data, mine: true };
        this.#byKey.set(key, entry);
        this.#outgoing.push(entry);
    }

    /** Its POST is being sent: from now on it may be delivered. */
    started(key) {
        const entry = this.#byKey.get(key);
        if (!entry || entry.id) return;
        Object.assign(entry, { started: true, status: 'sending', problem: undefined });
    }

    /** It is sent again later. `uncertain`: it may have been appended already. */
    waits(key, { message, uncertain = false }) {
        const entry = this.#byKey.get(key);
        if (!entry || entry.id) return;
        Object.assign(entry, { status: 'waiting', started: uncertain, problem: message });
    }

    /** Its POST succeeded. */
    accepted(key, { id, time }) {
        const entry = this.#byKey.get(key);
        if (!entry) return;
        if (entry.id && entry.id !== id) this.#undoMatch(entry);
        if (entry.id === id) return;
        const shown = this.#byId.get(id);
        if (shown) {
            shown.mine = true; // delivered already and not matched
            this.discard(key);
            return;
        }
        this.#byId.set(id, entry);
        Object.assign(entry, { id, time, status: 'sent', problem: undefined });
        const isSent = (other) => other.status === 'sent' && other !== entry;
        const others = this.#outgoing.filter((other) => other !== entry);
        this.#outgoing = [...others.filter(isSent), entry, ...others.filter((other) => !isSent(other))];
        this.#settleStranded();
    }

    /** It is not sent any more. `uncertain`: it may have been appended; otherwise nothing was. */
    failed(key, { message, uncertain = false }) {
        const entry = this.#byKey.get(key);
        if (!entry || (entry.id && uncertain)) return;
        if (entry.id) this.#undoMatch(entry);
        Object.assign(entry, { status: 'failed', started: uncertain, problem: message });
    }

    /**
     * Prepares a message to be sent again, after everything written since.
     * @returns {MessageEntry|undefined} nothing if it has not failed
     */
    retry(key, time) {
        const entry = this.#byKey.get(key);
        if (entry?.status !== 'failed') return undefined;
        Object.assign(entry, { status: 'sending', problem: undefined, time });
        this.#outgoing.splice(this.#outgoing.indexOf(entry), 1);
        this.#outgoing.push(entry);
        return entry;
    }

    /** Removes an outgoing message. */
    discard(key) {
        const entry = this.#byKey.get(key);
        this.#outgoing = this.#outgoing.filter((other) => other !== entry);
        this.#byKey.delete(key);
    }

    /** Drops the oldest settled entries so that at most `limit` are kept. @returns {boolean} whether there were more */
    trim(limit) {
        const dropped = this.#settled.splice(0, Math.max(0, this.#settled.length - limit));
        for (const { id, key } of dropped) {
            this.#byId.delete(id);
            this.#byKey.delete(key);
        }
        return dropped.length > 0;
    }

    #keyOf(kind) {
        return `${kind}-${(this.#keyCount += 1)}`;
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

    #ownByContent({ id, from, data }) {
        if (this.#byId.has(id)) return undefined;
        const mayBe = ({ status, started }) => started && status !== 'sent';
        return this.#outgoing.find((entry) => mayBe(entry) && entry.from === from && isSame(entry.data, data));
    }

    // The message matched with this entry was another one: leave that where it is, and make the entry outgoing again.
    #undoMatch(entry) {
        const { id, time, from, data } = entry;
        this.#settled[this.#settled.indexOf(entry)] = this.#settle({ id, time, from, data });
        entry.id = undefined;
        this.#outgoing.push(entry);
    }

    #enterEpoch(epoch) {
        if (epoch === this.#epoch) return;
        if (this.#epoch) this.#pastEpochs.add(this.#epoch);
        this.#pastEpochs.delete(epoch);
        this.#epoch = epoch;
        this.#lastNumber = 0;
    }

    // Sent messages before the cursor, or lost in a gap, will not be delivered any more: insert them where they belong.
    #settleStranded() {
        const isStranded = ({ status, id }) =>
            status === 'sent' &&
            (this.#pastEpochs.has(epochOf(id)) || (epochOf(id) === this.#epoch && numberOf(id) <= this.#lastNumber));
        for (const entry of this.#outgoing.filter(isStranded)) {
            this.#outgoing.splice(this.#outgoing.indexOf(entry), 1);
            entry.status = 'settled';
            this.#settled.splice(this.#positionOf(entry), 0, entry);
        }
    }

    #positionOf({ id }) {
        const isPast = this.#pastEpochs.has(epochOf(id));
        const comesAfter = (entry) =>
            isPast
                ? entry.kind === 'gap' || epochOf(entry.id) !== epochOf(id)
                : entry.kind === 'message' && epochOf(entry.id) === epochOf(id) && numberOf(entry.id) > numberOf(id);
        const start = isPast
            ? this.#settled.findLastIndex((entry) => entry.id && epochOf(entry.id) === epochOf(id)) + 1
            : 0;
        const offset = this.#settled.slice(start).findIndex(comesAfter);
        return offset < 0 ? this.#settled.length : start + offset;
    }
}

function isSame(a, b) {
    return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
