// Sends messages one at a time, so that they arrive in the order in which they were written.

/**
 * @param {{
 *   publish: (message: {key: string, data: unknown, as: string}) => Promise<object>,
 *   onStarted: (key: string) => void,
 *   onAccepted: (key: string, receipt: object) => void,
 *   onFailed: (key: string, error: Error) => void,
 * }} callbacks
 */
export function createOutbox({ publish, onStarted, onAccepted, onFailed }) {
    let last = Promise.resolve();

    async function sendNow(message) {
        onStarted(message.key);
        let receipt;
        try {
            receipt = await publish(message);
        } catch (error) {
            return onFailed(message.key, error);
        }
        return onAccepted(message.key, receipt);
    }

    return {
        /** Sends after everything that was given before; a failure of one does not delay the next. */
        send(message) {
            last = last.then(() => sendNow(message));
            return last;
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
