// What is written here, from the field to its place in the room: shown at once, sent in order, sent again or discarded.

import { AnteroomError, publish } from '../../client/anteroom.js';
import { sentence } from './status-text.js';
import { summary } from './message-format.js';
import { createOutbox, messageKey } from './outbox.js';

const TRIES = 3; // with the same key, so that it is there once; then the person decides

/**
 * @param {{onChange: (room: string) => void, say: (text: string) => void}} events  say: worth hearing
 * @param {(options: object) => Promise<object>} [send]
 */
export function createWriting({ onChange, say }, send = publish) {
    const outboxes = new Map(); // room -> outbox: a slow room holds up no other

    function outboxOf({ room, timeline }) {
        if (outboxes.has(room)) return outboxes.get(room);
        const outbox = createOutbox({
            publish: (message) => send({ room, attempts: TRIES, ...message }),
            onBegun: (key) => timeline.begun(key),
            onAccepted(key, receipt) {
                timeline.accepted(key, receipt);
                onChange(room);
            },
            onRefused(key, error) {
                const problem = error instanceof AnteroomError ? error : { message: String(error), uncertain: false };
                timeline.refused(key, problem);
                if (['failed', 'unknown'].includes(timeline.get(key)?.status))
                    say(`Message not sent. ${sentence(problem.message)}`);
                onChange(room);
            },
        });
        outboxes.set(room, outbox);
        return outbox;
    }

    return {
        send(conversation, text, name) {
            const message = { key: messageKey(), data: text, as: name };
            conversation.timeline.write({ ...message, time: Date.now() });
            conversation.unread.clearLine();
            outboxOf(conversation).send(message);
        },
        again(conversation, key) {
            const entry = conversation.timeline.again(key, Date.now());
            if (entry) outboxOf(conversation).send({ key, data: entry.data, as: entry.from });
        },
        discard({ timeline }, key) {
            say(`Discarded: ${summary(timeline.get(key)?.data)}`);
            timeline.discard(key);
        },
        /** The room was left. */
        forget: (room) => outboxes.delete(room),
    };
}
