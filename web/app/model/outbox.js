// The messages of one room that wait to be sent: one at a time, so that they arrive in the order in which they were written,
// and each until the server has answered it.
//
//     waiting --its turn--> being sent --receipt--> gone
//        ^                      |------refused, lasting-----> gone, reported as failed
//        +--no answer, or busy--+
//
// Each keeps its idempotency key, so that however often it is sent it is published once. A server remembers keys for
// minutes only: a message whose fate is older and unknown is sent again only after the subscription has caught up, which
// delivers it if it was published.

const FIRST_PAUSE = 500; // ms
const LONGEST_PAUSE = 5000; // ms, of our own
const LONGEST_ASKED = 60_000; // ms, of those that the server asks for
const REPEATABLE_FOR = 4 * 60_000; // ms in which a server surely knows a key
const CATCH_UP = 1500; // ms after a connection begins in which what was missed has come

/**
 * @typedef {{key: string, data: unknown, as: string, time: number, since?: number}} Outgoing
 *   time: when it was written; since: when it was first sent, if it may have been published (both in ms since 1970)
 *
 * @param {object} options
 *   publish: sends a message once; rejects with an AnteroomError
 *   isSettled: whether the message with this key has been delivered by the subscription
 *   onStarted(key), onAccepted(key, receipt), onFailed(key, error)
 *   onWaiting(key, error): it is sent again later
 *   onChange: what waits has changed
 *   setTimeout, clearTimeout, now, random: replacements for tests
 */
export function createOutbox({ publish, isSettled, onStarted, onAccepted, onFailed, onWaiting, onChange, ...platform }) {
    const { now = Date.now, random = Math.random } = platform;
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = platform.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    let queue = [];
    let current; // the message that is being sent
    let pauses = 0; // in a row
    let timer;
    let liveSince; // when the connection began; undefined while there is none

    function pause(ms) {
        timer = set(() => {
            timer = undefined;
            sendNext();
        }, ms);
    }

    /** ms until the message may be sent; Infinity: not before there is a connection. */
    function delayOf({ since }) {
        if (since === undefined || now() - since < REPEATABLE_FOR) return 0;
        return liveSince === undefined ? Infinity : Math.max(0, liveSince + CATCH_UP - now());
    }

    function remove(key) {
        const before = queue.length;
        queue = queue.filter((message) => message.key !== key);
        if (queue.length < before) onChange();
    }

    async function sendNext() {
        while (queue.length > 0 && isSettled(queue[0].key)) remove(queue[0].key);
        if (current || timer !== undefined || queue.length === 0) return;
        const delay = delayOf(queue[0]);
        if (delay > 0) {
            if (delay < Infinity) pause(delay);
            return;
        }
        current = queue[0];
        const { key } = current;
        current.since ??= now();
        onChange();
        onStarted(key);
        try {
            answered(key, await publish(current));
        } catch (error) {
            failed(key, error);
        }
        current = undefined;
        sendNext();
    }

    function answered(key, receipt) {
        pauses = 0;
        remove(key);
        onAccepted(key, receipt);
    }

    function failed(key, error) {
        if (error.lasting !== false) {
            pauses = 0;
            remove(key);
            onFailed(key, error);
            return;
        }
        if (error.uncertain === false) current.since = undefined; // nothing was published
        onChange();
        onWaiting(key, error);
        const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** pauses);
        pauses += 1;
        pause(Math.max(longest * (0.5 + random() / 2), Math.min(error.retryAfter ?? 0, LONGEST_ASKED)));
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
            if (message === queue[0]) {
                clear(timer);
                timer = undefined;
                pauses = 0;
            }
            remove(key);
            sendNext();
            return message;
        },
        /** There is a connection, or none any more. */
        connected(isLive) {
            if (isLive === (liveSince !== undefined)) return;
            liveSince = isLive ? now() : undefined;
            if (!isLive) return;
            clear(timer);
            timer = undefined;
            pauses = 0;
            sendNext();
        },
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
