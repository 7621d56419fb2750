// The rooms that the user has joined. The list and how far each room was read are stored for all tabs of the browser; the
// conversations themselves are this page's own.

import { Conversation } from './conversation.js';
import { addRoom, storedRooms } from './room-list.js';
import { createReadPositions, roomOfKey } from './read-positions.js';

const JOINED = 'joined'; // the key in storage

export class JoinedRooms {
    #storage;
    #readPositions;
    #conversations = new Map();
    #unsaved = new Map(); // room -> cursor, to be stored by the next save()

    /** @param {{get: Function, set: Function, remove: Function}} storage */
    constructor(storage) {
        this.#storage = storage;
        this.#readPositions = createReadPositions(storage);
        for (const room of storedRooms(storage.get(JOINED))) this.#add(room);
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

    /** Joins a room. @returns {{added: Conversation[], removed: string[]}} the changes to what is to be followed */
    join(room) {
        const { left } = addRoom(this.rooms, room);
        const added = this.get(room) ? [] : [this.#add(room)];
        for (const other of left) this.#remove(other);
        this.#store();
        return { added, removed: left };
    }

    leave(room) {
        this.#remove(room);
        this.#store();
    }

    /** Everything delivered in this room was read; the next save() stores it. @returns {boolean} whether that is needed */
    markRead({ room, cursor }) {
        if (cursor === this.#readPositions.get(room)) return false;
        this.#unsaved.set(room, cursor);
        return true;
    }

    /** Stores how far rooms were read. Not for every message: each time, all tabs get an event. */
    save() {
        for (const [room, cursor] of this.#unsaved) if (this.get(room)) this.#readPositions.advance(room, cursor);
        this.#unsaved.clear();
    }

    /**
     * Applies what another tab has stored.
     * @param {string} name  the key in storage
     * @param {string} [shown]  the room that this page shows: it stays
     * @returns {{added: Conversation[], removed: string[], changed: boolean}}
     */
    storageChanged(name, shown) {
        const none = { added: [], removed: [], changed: false };
        const room = roomOfKey(name);
        const readUpTo = room === undefined ? undefined : this.#readPositions.get(room);
        if (readUpTo && this.get(room)) {
            this.get(room).markReadElsewhere(readUpTo);
            return { ...none, changed: true };
        }
        if (name !== JOINED) return none;
        const rooms = storedRooms(this.#storage.get(JOINED));
        const removed = this.rooms.filter((one) => !rooms.includes(one) && one !== shown);
        for (const one of removed) this.#conversations.delete(one);
        const added = rooms.filter((one) => !this.get(one)).map((one) => this.#add(one));
        return { added, removed, changed: added.length + removed.length > 0 };
    }

    #add(room) {
        const conversation = new Conversation(room, this.#readPositions.get(room));
        this.#conversations.set(room, conversation);
        return conversation;
    }

    #remove(room) {
        this.#conversations.delete(room);
        this.#readPositions.remove(room);
    }

    #store() {
        this.#storage.set(JOINED, this.rooms);
    }
}
