// Sends what was written, one message after the other, so that they arrive in the order in which they were written.

/**
 * @param {{
 *   publish: (message: {key: string, data: unknown, as: string}) => Promise<object>,
 *   onBegun: (key: string) => void,
 *   onAccepted: (key: string, receipt: object) => void,
 *   onRefused: (key: string, error: Error) => void,
 * }} shell
 */
export function createOutbox({ publish, onBegun, onAccepted, onRefused }) {
    let last = Promise.resolve();

    async function sendNow(message) {
        onBegun(message.key);
        let receipt;
        try {
            receipt = await publish(message);
        } catch (error) {
            return onRefused(message.key, error);
        }
        return onAccepted(message.key, receipt);
    }

    return {
        /** Sends after everything handed in before; a failure of one does not hold up the next. */
        send(message) {
            last = last.then(() => sendNow(message));
            return last;
        },
    };
}

/** A key for one message that no other has. Works without a secure context, unlike randomUUID(). */
export function messageKey(crypto = globalThis.crypto) {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
        '',
    );
}

export const LARGEST_MESSAGE = 64 * 1024;

/**
 * What to tell about a message's size while it is written.
 * @returns {{tooLarge: boolean, text: string}} text '' while there is nothing to tell
 */
export function sizeNotice(text) {
    if (text.length * 3 < LARGEST_MESSAGE * 0.8) return { tooLarge: false, text: '' };
    const bytes = new TextEncoder().encode(text).length;
    const kib = (Math.ceil(bytes / 102.4) / 10).toFixed(1);
    if (bytes > LARGEST_MESSAGE) return { tooLarge: true, text: `${kib} KiB: too long. A message has at most 64 KiB.` };
    return { tooLarge: false, text: bytes > LARGEST_MESSAGE * 0.8 ? `${kib} of 64 KiB` : '' };
}
