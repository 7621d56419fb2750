// Sends what the user writes: shown in the timeline at once, sent in order, retried or discarded after a failure.

import { AnteroomError, publish } from '../../client/anteroom.js';
import { randomKey } from '../../client/platform.js';
import { sentence } from './status-text.js';
import { summary } from './message-format.js';
import { createOutbox } from './outbox.js';

const ATTEMPTS = 3; // with the same key, so that it is published once; then the user decides

/**
 * @param {{onChange: (room: string) => void, announce: (text: string) => void}} events  announce: for screen readers
 * @param {(options: object) => Promise<object>} [send]
 */
export function createMessageSender({ onChange, announce }, send = publish) {
    const outboxes = new Map(); // room -> outbox: a slow room does not delay others

    function outboxOf({ room, timeline }) {
        if (outboxes.has(room)) return outboxes.get(room);
        const outbox = createOutbox({
            publish: (message) => send({ room, attempts: ATTEMPTS, ...message }),
            onStarted: (key) => timeline.started(key),
            onAccepted(key, receipt) {
                timeline.accepted(key, receipt);
                onChange(room);
            },
            onFailed(key, error) {
                const problem = error instanceof AnteroomError ? error : { message: String(error), uncertain: false };
                timeline.failed(key, problem);
                if (['failed', 'unknown'].includes(timeline.get(key)?.status))
                    announce(`Message not sent. ${sentence(problem.message)}`);
                onChange(room);
            },
        });
        outboxes.set(room, outbox);
        return outbox;
    }

    return {
        send(conversation, text, name) {
            const message = { key: randomKey(), data: text, as: name };
            conversation.timeline.addOutgoing({ ...message, time: Date.now() });
            conversation.unread.clearLine();
            outboxOf(conversation).send(message);
        },
        retry(conversation, key) {
            const entry = conversation.timeline.retry(key, Date.now());
            if (entry) outboxOf(conversation).send({ key, data: entry.data, as: entry.from });
        },
        discard({ timeline }, key) {
            announce(`Discarded: ${summary(timeline.get(key)?.data)}`);
            timeline.discard(key);
        },
        /** The room was left. */
        remove: (room) => outboxes.delete(room),
    };
}
