// One room as this page knows it: what is shown of it, how far it came, what is unread, who is here.

import { epochOf, isAfter, numberOf } from '../../client/cursor.js';
import { Present } from './presence.js';
import { Timeline } from './timeline.js';
import { createUnread } from './unread.js';

export class Conversation {
    timeline = new Timeline();
    present = new Present();
    draft = ''; // what is being written, while another room is shown
    /** What is known about messages above the first. isOpen: some history was read */
    earlier = { isOpen: false, isBusy: false, more: false, problem: '' };
    /** Everything up to it was delivered; undefined before the first answer. */
    cursor;
    #resumedAt;

    /** @param {string} [readUpTo]  where to go on from; without it the room's newest messages come as history */
    constructor(room, readUpTo) {
        this.room = room;
        this.cursor = readUpTo;
        this.unread = createUnread(readUpTo === undefined);
        this.#resumedAt = readUpTo;
        if (readUpTo) this.timeline.resume(readUpTo);
    }

    /** Takes the newest that the room holds, of a room that was not read before. */
    open({ messages, next, more }) {
        this.timeline.open(messages, next);
        this.cursor = next;
        this.earlier = { ...this.earlier, isOpen: true, more };
    }

    /** It was read before, on an earlier visit. */
    get isReturn() {
        return this.#resumedAt !== undefined;
    }

    /** It was read before, and what one read then is not shown yet. */
    get needsContext() {
        return this.#resumedAt !== undefined && !this.earlier.isOpen && !this.earlier.isBusy;
    }

    /**
     * Takes the newest that the room holds, of a room that was read before: only what one had read goes in. What came
     * since is delivered, in order and with its gaps, and may have been already.
     */
    takeContext({ messages, more }) {
        const from = this.#resumedAt;
        const read = messages.filter(({ id }) => id === from || isAfter(from, id));
        this.timeline.prepend(read);
        // All of it newer: there may be read ones before it, but not in another life of the room.
        const maybeMore = epochOf(messages[0]?.id) === epochOf(from);
        Object.assign(this.earlier, { isOpen: true, isBusy: false, more: read.length > 0 ? more : maybeMore && more });
    }

    /** Takes a page of older messages. */
    takeEarlier({ messages, more }) {
        const added = this.timeline.prepend(messages);
        Object.assign(this.earlier, { isBusy: false, more: more && added.length > 0 });
    }

    /** @param {string} [name]  one's own: what other tabs of the same person say is not news */
    receive(messages, name) {
        const others = this.timeline.receive(messages).filter(({ from }) => from === undefined || from !== name);
        this.unread.arrived(others.map(({ key }) => key));
        this.cursor = messages.at(-1).id;
    }

    gap(gap) {
        this.timeline.gap(gap, gap.next);
        this.cursor = gap.next;
        if (gap.reason === 'deleted') this.earlier.more = false;
    }

    /** Takes a join or leave; one's own is no news. @returns {boolean} whether something changed */
    meet({ event, as }, name) {
        const isBack = this.present.isBack({ event, as });
        if (!this.present.apply({ event, as })) return false;
        if (as !== name && !isBack) this.timeline.note({ event, as });
        return true;
    }

    /** Forgets the oldest so that at most `limit` are kept. */
    trim(limit) {
        if (this.timeline.trim(limit)) this.earlier.more = true;
    }

    /** Another tab of this browser has shown everything up to a cursor. */
    readElsewhere(cursor) {
        this.unread.seenElsewhere((id) => epochOf(id) !== epochOf(cursor) || numberOf(id) > numberOf(cursor));
    }
}
