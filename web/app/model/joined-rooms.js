// The rooms that this page is in. Which these are is remembered for all tabs of the browser, and so is how far each was
// read; the conversations themselves are this page's own.

import { Conversation } from './conversation.js';
import { join, joinedFrom } from './room-list.js';
import { createReading, roomOfPlace } from './read-positions.js';

const JOINED = 'joined';

export class House {
    #memory;
    #reading;
    #conversations = new Map();
    #read = new Map(); // room -> cursor, to be remembered with the next save()

    /** @param {{get: Function, set: Function, remove: Function}} memory */
    constructor(memory) {
        this.#memory = memory;
        this.#reading = createReading(memory);
        for (const room of joinedFrom(memory.get(JOINED))) this.#make(room);
    }

    /** In the order in which they were joined. @returns {Conversation[]} */
    get conversations() {
        return [...this.#conversations.values()];
    }

    get rooms() {
        return [...this.#conversations.keys()];
    }

    /** @returns {Conversation|undefined} */
    get(room) {
        return this.#conversations.get(room);
    }

    get unread() {
        return this.conversations.reduce((sum, { unread }) => sum + unread.count, 0);
    }

    /** Joins a room. @returns {{added: Conversation[], removed: string[]}} what is to be followed now, and what no more */
    join(room) {
        const { left } = join(this.rooms, room);
        const added = this.get(room) ? [] : [this.#make(room)];
        for (const other of left) this.#forget(other);
        this.#remember();
        return { added, removed: left };
    }

    leave(room) {
        this.#forget(room);
        this.#remember();
    }

    /** Everything that came to this room was seen. It is remembered with the next save(). @returns {boolean} if there is need */
    read({ room, cursor }) {
        if (cursor === this.#reading.get(room)) return false;
        this.#read.set(room, cursor);
        return true;
    }

    /** Remembers what was read. Not with every message: each time, all tabs hear of it. */
    save() {
        for (const [room, cursor] of this.#read) if (this.get(room)) this.#reading.advance(room, cursor);
        this.#read.clear();
    }

    /**
     * Takes what another tab has remembered.
     * @param {string} [shown]  the room that is shown here: it stays
     * @returns {{added: Conversation[], removed: string[], changed: boolean}}
     */
    takeMemory(name, shown) {
        const none = { added: [], removed: [], changed: false };
        const room = roomOfPlace(name);
        const readUpTo = room === undefined ? undefined : this.#reading.get(room);
        if (readUpTo && this.get(room)) {
            this.get(room).readElsewhere(readUpTo);
            return { ...none, changed: true };
        }
        if (name !== JOINED) return none;
        const rooms = joinedFrom(this.#memory.get(JOINED));
        const removed = this.rooms.filter((one) => !rooms.includes(one) && one !== shown);
        for (const one of removed) this.#conversations.delete(one);
        const added = rooms.filter((one) => !this.get(one)).map((one) => this.#make(one));
        return { added, removed, changed: added.length + removed.length > 0 };
    }

    #make(room) {
        const conversation = new Conversation(room, this.#reading.get(room));
        this.#conversations.set(room, conversation);
        return conversation;
    }

    #forget(room) {
        this.#conversations.delete(room);
        this.#reading.forget(room);
    }

    #remember() {
        this.#memory.set(JOINED, this.rooms);
    }
}
