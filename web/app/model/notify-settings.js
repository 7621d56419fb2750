// Of what the user is notified: in each room of everything, or only of what is for them.

import { mentions } from './mentions.js';
import { meaningOf, textOf } from './vocabulary.js';

const ROOMS = 'notify'; // the keys in storage
const SOUND = 'sound';

/** @param {{get: Function, set: Function}} storage */
export function createNotifySettings(storage) {
    const rooms = () => {
        const stored = storage.get(ROOMS);
        return new Set(Array.isArray(stored) ? stored.filter((room) => typeof room === 'string') : []);
    };
    return {
        /** Whether every message of the room is worth a notification. */
        wantsAll: (room) => rooms().has(room),
        setWantsAll(room, wanted) {
            const all = rooms();
            if (wanted) all.add(room);
            else all.delete(room);
            storage.set(ROOMS, [...all]);
        },
        get hasSound() {
            return storage.get(SOUND) !== false;
        },
        set hasSound(wanted) {
            storage.set(SOUND, wanted);
        },
    };
}

/** Whether a message is for the user: it has `@name`, or is a reply to what the user wrote. */
export function isFor({ data }, name) {
    if (!name) return false;
    const meaning = meaningOf(data);
    return mentions(textOf(data), name) || (meaning.kind === 'reply' && meaning.quote.from === name);
}
