// Sends what the user writes: shown in the timeline at once, sent in order as soon as the server can be reached, kept until it
// has answered.

import { AnteroomError, publish } from '../../client/anteroom.js';
import { randomKey } from '../../client/platform.js';
import { sentence } from './status-text.js';
import { summary } from './message-format.js';
import { createOutbox } from './outbox.js';

/**
 * @param {object} events
 *   onChange(room): its timeline has changed
 *   announce(text): for screen readers
 *   onWaiting(messages): those that are not sent, each with its room, have changed
 * @param {(options: object) => Promise<object>} [send]
 * @param {object} [platform]  replacements for tests, as of createOutbox()
 */
export function createMessageSender({ onChange, announce, onWaiting = () => {} }, send = publish, platform = {}) {
    const outboxes = new Map(); // room -> outbox: a slow room does not delay others
    let isLive = false;
    let hasAnnounced = false; // that messages wait, in this outage

    const save = () =>
        onWaiting([...outboxes].flatMap(([room, { messages }]) => messages.map((message) => ({ room, ...message }))));

    function outboxOf({ room, timeline }) {
        if (outboxes.has(room)) return outboxes.get(room);
        const outbox = createOutbox({
            ...platform,
            publish: ({ key, data, as }) => send({ room, key, data, as, attempts: 1 }),
            isSettled: (key) => timeline.get(key)?.status === 'settled',
            onStarted(key) {
                timeline.started(key);
                onChange(room);
            },
            onAccepted(key, receipt) {
                timeline.accepted(key, receipt);
                onChange(room);
            },
            onWaiting(key, error) {
                timeline.waits(key, error);
                // So do those behind it.
                for (const { key: next } of outbox.messages) if (next !== key) timeline.waits(next, { message: '' });
                if (!hasAnnounced) announce(`Message waits to be sent. ${sentence(error.message)}`);
                hasAnnounced = true;
                onChange(room);
            },
            onFailed(key, error) {
                const problem = error instanceof AnteroomError ? error : { message: String(error) };
                timeline.failed(key, problem);
                announce(`Message not sent. ${sentence(problem.message)}`);
                onChange(room);
            },
            onChange: save,
        });
        outboxes.set(room, outbox);
        if (isLive) outbox.connected(true);
        return outbox;
    }

    function add(conversation, message) {
        const outbox = outboxOf(conversation);
        outbox.add(message);
        if (outbox.isStalled) conversation.timeline.waits(message.key, { message: '', uncertain: message.since !== undefined });
    }

    return {
        send(conversation, text, name) {
            const message = { key: randomKey(), data: text, as: name, time: Date.now() };
            conversation.timeline.addOutgoing(message);
            conversation.unread.clearLine();
            add(conversation, message);
        },
        /** Adds messages of an earlier visit; those of rooms that are not joined any more are dropped. */
        restore(messages, conversationOf) {
            for (const { room, ...message } of messages) {
                const conversation = conversationOf(room);
                if (!conversation) continue;
                conversation.timeline.addOutgoing(message);
                add(conversation, message);
                onChange(room);
            }
            save();
        },
        /** Sends a message that was refused once more. */
        retry(conversation, key) {
            const entry = conversation.timeline.retry(key, Date.now());
            if (entry) add(conversation, { key, data: entry.data, as: entry.from, time: entry.time });
        },
        /** Takes back a message that waits. @returns {string|undefined} its text, or nothing if it is too late */
        takeBack(conversation, key) {
            const message = outboxOf(conversation).take(key);
            if (message) conversation.timeline.discard(key);
            return message?.data;
        },
        discard({ timeline }, key) {
            announce(`Discarded: ${summary(timeline.get(key)?.data)}`);
            timeline.discard(key);
        },
        /** The state of the connection has changed. */
        connected(isConnected) {
            isLive = isConnected;
            if (isLive) hasAnnounced = false;
            for (const outbox of outboxes.values()) outbox.connected(isLive);
        },
        /** The room was left. */
        remove(room) {
            outboxes.get(room)?.close();
            outboxes.delete(room);
            save();
        },
    };
}
