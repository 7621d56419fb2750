// The state of one room on this page: its timeline, cursor, unread messages, reactions, and who is present.

import { epochOf, isAfter, numberOf } from '../../client/cursor.js';
import { PresenceList } from './presence.js';
import { Reactions } from './reactions.js';
import { Timeline } from './timeline.js';
import { createUnread } from './unread.js';
import { meaningOf } from './vocabulary.js';

export class Conversation {
    timeline = new Timeline();
    present = new PresenceList();
    reactions = new Reactions();
    /**
     * What is known of messages before the first in the timeline.
     * isLoaded: some history was read; more: there are older messages
     */
    history = { isLoaded: false, isLoading: false, more: false, problem: '' };
    /** Everything up to it was delivered; undefined before the first response. */
    cursor;
    #resumedFrom;
    #oldestRead; // id of the oldest message that was read, shown or not

    /** @param {string} [readUpTo]  the cursor to resume from; without it the room begins with its newest messages */
    constructor(room, readUpTo) {
        this.room = room;
        this.cursor = readUpTo;
        this.unread = createUnread(readUpTo === undefined);
        this.#resumedFrom = readUpTo;
        if (readUpTo) this.timeline.resume(readUpTo);
    }

    /** Adds the newest messages of a room that was not read before. */
    open({ messages, next, more }) {
        this.timeline.open(this.#shown(messages), next);
        this.cursor = next;
        this.#oldestRead = messages[0]?.id;
        this.history = { ...this.history, isLoaded: true, more };
    }

    /** The room was read on an earlier visit. */
    get wasReadBefore() {
        return this.#resumedFrom !== undefined;
    }

    /** The room was read on an earlier visit, and the messages read then are neither loaded nor loading. */
    get needsContext() {
        return this.#resumedFrom !== undefined && !this.history.isLoaded && !this.history.isLoading;
    }

    /**
     * Adds, of the newest messages of a room that was read before, those that were read then. The later ones are delivered by
     * the subscription, in order and with their gaps, and may have been already.
     */
    addContext({ messages, more }) {
        const from = this.#resumedFrom;
        const read = messages.filter(({ id }) => id === from || isAfter(from, id));
        this.timeline.prepend(this.#shown(read));
        this.#oldestRead = read[0]?.id;
        // All of them newer: there may be read ones before them, but not in another epoch.
        const maybeMore = epochOf(messages[0]?.id) === epochOf(from);
        Object.assign(this.history, {
            isLoaded: true,
            isLoading: false,
            more: read.length > 0 ? more : maybeMore && more,
        });
    }

    /** Of all that was loaded nothing is shown (reactions), and there is more: one would take the room for empty. */
    get needsOlder() {
        const { isLoaded, isLoading, more, problem } = this.history;
        const isBare = this.timeline.oldest === undefined && this.oldestRead !== undefined;
        return isBare && isLoaded && more && !isLoading && !problem;
    }

    /** The message before which older ones are loaded. */
    get oldestRead() {
        return this.#oldestRead ?? this.timeline.oldest?.id;
    }

    /**
     * Adds a page of older messages.
     * @returns {boolean} whether any of them is shown
     */
    addOlder({ messages, more }) {
        const added = this.timeline.prepend(this.#shown(messages));
        this.#oldestRead = messages[0]?.id ?? this.#oldestRead;
        Object.assign(this.history, { isLoading: false, more: more && messages.length > 0 });
        return added.length > 0;
    }

    /**
     * Adds delivered messages.
     * @param {string} [name]  the user's own: messages from the user's other tabs are not unread
     * @returns {import('./timeline.js').MessageEntry[]} those by others that were not shown before
     */
    receive(messages, name) {
        const others = this.timeline
            .receive(this.#shown(messages, { isLive: true }))
            .filter(({ from }) => from === undefined || from !== name);
        this.unread.add(others.map(({ key }) => key));
        this.cursor = messages.at(-1).id;
        return others;
    }

    gap(gap) {
        this.timeline.gap(gap, gap.next);
        this.cursor = gap.next;
        if (gap.reason === 'deleted') this.history.more = false;
    }

    /**
     * Applies a join or leave; a note shows it unless it is the user's own.
     * @returns {boolean} whether something changed
     */
    receivePresence({ event, as }, name) {
        const isReturning = this.present.isReturning({ event, as });
        if (!this.present.apply({ event, as })) return false;
        const isRenaming = this.present.isRenaming({ event, as });
        if (as !== name && !isReturning && !isRenaming) this.timeline.note({ event, as });
        return true;
    }

    /** Drops the oldest entries so that at most `limit` are kept. */
    trim(limit) {
        if (!this.timeline.trim(limit)) return;
        this.history.more = true;
        this.#oldestRead = undefined;
    }

    /** Everything up to a cursor was read in another tab of this browser. */
    markReadElsewhere(cursor) {
        this.unread.seenElsewhere((id) => epochOf(id) !== epochOf(cursor) || numberOf(id) > numberOf(cursor));
    }

    /** Applies those that say something about others or about somebody, and returns the rest. */
    #shown(messages, { isLive = false } = {}) {
        return messages.filter((message) => {
            const meaning = meaningOf(message.data);
            if (meaning.kind === 'reaction') this.reactions.apply(message, meaning);
            if (meaning.kind === 'renamed' && isLive && message.from !== undefined) {
                this.present.renamed(meaning.was, message.from);
                this.timeline.note({ event: 'renamed', as: message.from, was: meaning.was });
            }
            return meaning.kind === 'content' || meaning.kind === 'reply';
        });
    }
}
