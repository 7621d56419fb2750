// The messages of one room that wait to be sent: one at a time, so that they arrive in the order in which they were written,
// and each until the server has answered it.
//
//     waiting --its turn--> being sent --receipt--> gone
//        ^                      |------refused, lasting-----> gone, reported as failed
//        +--no answer, or busy--+
//
// Each keeps its idempotency key, so that however often it is sent it is published once. A server remembers keys for minutes
// only: a message that may have been published, and is older, is looked for in what the room has kept, and sent again only
// if it is surely not there.

const FIRST_PAUSE = 500; // ms
const LONGEST_PAUSE = 5000; // ms, of our own
const LONGEST_ASKED = 60_000; // ms, of those that the server asks for
const REPEATABLE_FOR = 4 * 60_000; // ms in which a server surely knows a key

/** What find() returns where nobody can tell whether the message was published. */
export const UNKNOWN = Symbol('unknown');

/**
 * @typedef {{key: string, data: unknown, as: string, time: number, since?: number, after?: string}} Outgoing
 *   time: when it was written; since: when it was first sent, if it may have been published (both in ms since 1970);
 *   after: the cursor of the room at that time
 *
 * @param {object} options
 *   publish: sends a message once; rejects with an AnteroomError
 *   find: whether a message that may have been published was: its {id, time}, UNKNOWN, or undefined; rejects likewise
 *   cursor: the room's present one
 *   isAway: whether the server is known not to be there: then nothing is sent, and what was not sent before surely waits
 *   onStarted(key), onAccepted(key, receipt)
 *   onFailed(message, error, {uncertain}): it is not sent by itself any more; uncertain: it may have been published
 *   onWaiting(message, error): it is sent again later
 *   onChange: what waits has changed
 *   setTimeout, clearTimeout, now, random: replacements for tests; now: the wall clock, in ms
 */
export function createOutbox({ publish, find, cursor, isAway = () => false, onStarted, onAccepted, onFailed, onWaiting, onChange, ...platform }) {
    const { now = Date.now, random = Math.random } = platform;
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = platform.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    let queue = [];
    let current; // the message that is being sent
    let pauses = 0; // in a row
    let timer;
    let isLive = false;

    function resume() {
        clear(timer);
        timer = undefined;
        pauses = 0;
    }

    function remove({ key }) {
        const before = queue.length;
        queue = queue.filter((message) => message.key !== key);
        if (queue.length < before) onChange();
    }

    /** Whether the server may have forgotten its key. A clock that was set back tells nothing. */
    function isExpired({ since }) {
        const age = now() - (since ?? now());
        return age < 0 || age >= REPEATABLE_FOR;
    }

    async function sendNext() {
        while (!current && timer === undefined && queue.length > 0 && !isAway()) {
            current = queue[0];
            const isFirst = current.since === undefined;
            try {
                if (isExpired(current)) await lookFor(current);
                else await send(current, isFirst);
            } catch (error) {
                failed(current, error, isFirst);
            }
            current = undefined;
        }
    }

    async function send(message, isFirst) {
        if (isFirst) Object.assign(message, { since: now(), after: cursor() });
        onChange();
        onStarted(message.key);
        accepted(message, await publish(message));
    }

    async function lookFor(message) {
        const found = await find(message);
        if (found && found !== UNKNOWN) return accepted(message, found);
        message.since = undefined; // it was not published, or the user decides to send it again as if it was not
        if (found === undefined) return undefined;
        remove(message);
        return onFailed(message, { message: 'It may have been published: nobody can tell any more.' }, { uncertain: true });
    }

    function accepted(message, receipt) {
        pauses = 0;
        remove(message);
        onAccepted(message.key, receipt);
    }

    function failed(message, error, isFirst) {
        if (isFirst && error.uncertain !== true) message.since = undefined; // nothing was published
        if (error.lasting !== false) {
            pauses = 0;
            remove(message);
            onFailed(message, error, { uncertain: message.since !== undefined });
            return;
        }
        onChange();
        onWaiting(message, error);
        const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** pauses);
        pauses += 1;
        timer = set(
            () => {
                timer = undefined;
                sendNext();
            },
            Math.max(longest * (0.5 + random() / 2), Math.min(error.retryAfter ?? 0, LONGEST_ASKED)),
        );
    }

    return {
        /** What waits, in order, with what is being sent. @returns {Outgoing[]} */
        get messages() {
            return queue;
        },
        /** Whether none is being sent, though some wait. */
        get isStalled() {
            return current === undefined && queue.length > 0;
        },
        /** Adds a message behind all others. */
        add(message) {
            queue.push(message);
            onChange();
            sendNext();
        },
        /** Takes a message back. @returns {Outgoing|undefined} nothing if it is being sent, or not here */
        take(key) {
            const message = queue.find((one) => one.key === key);
            if (!message || message === current) return undefined;
            if (message === queue[0]) resume();
            remove(message);
            sendNext();
            return message;
        },
        /** There is a connection, or none any more. */
        connected(isConnected) {
            if (isLive === isConnected) return;
            isLive = isConnected;
            if (!isLive) return;
            resume();
            sendNext();
        },
        /** The server may be there again. */
        wake: sendNext,
        /** Sends nothing any more. */
        close() {
            clear(timer);
            queue = [];
        },
    };
}

export const LARGEST_MESSAGE = 64 * 1024;

/**
 * The notice about a message's size while it is written.
 * @returns {{tooLarge: boolean, text: string}} text: '' well below the limit
 */
export function sizeNotice(text) {
    if (text.length * 3 < LARGEST_MESSAGE * 0.8) return { tooLarge: false, text: '' };
    const bytes = new TextEncoder().encode(text).length;
    const kib = (Math.ceil(bytes / 102.4) / 10).toFixed(1);
    if (bytes > LARGEST_MESSAGE) return { tooLarge: true, text: `${kib} KiB: too long. A message has at most 64 KiB.` };
    return { tooLarge: false, text: bytes > LARGEST_MESSAGE * 0.8 ? `${kib} of 64 KiB` : '' };
}
