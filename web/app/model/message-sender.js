// Sends what the user writes: shown in the timeline at once, sent in order as soon as the server can be reached, kept until it
// has answered.

import { randomKey } from '../../client/platform.js';
import { sentence } from './status-text.js';
import { summary } from './message-format.js';
import { createOutbox } from './outbox.js';
import { findPublished } from './published.js';
import { textOf } from './vocabulary.js';

const MAY_BE_PUBLISHED = 'It may have been published.';

/**
 * @param {object} events
 *   onChange(room): its timeline has changed
 *   announce(text): for screen readers
 *   onWaiting(messages): those that are not sent, each with its room, have changed
 * @param {{publish: Function, history: Function}} client
 * @param {object} [platform]  replacements for tests, as of createOutbox()
 */
export function createMessageSender({ onChange, announce, onWaiting = () => {} }, { publish, history }, platform = {}) {
    const rooms = new Map(); // room -> {outbox, conversation}; each has its own outbox, so that a slow one delays no other
    const failed = new Map(); // key -> message that is not sent by itself any more
    let isLive = false;
    let isAway = false;
    let hasAnnounced = false; // that messages wait, in this outage

    const save = () =>
        onWaiting([...rooms].flatMap(([room, { outbox }]) => outbox.messages.map((message) => ({ room, ...message }))));

    function outboxOf(conversation) {
        const known = rooms.get(conversation.room);
        // A room that was left and joined again has another conversation.
        if (known) return Object.assign(known, { conversation }).outbox;
        const { room } = conversation;
        const entry = { conversation };
        rooms.set(room, entry);
        const timeline = () => entry.conversation.timeline;
        entry.outbox = createOutbox({
            ...platform,
            publish: ({ key, data, as }) => publish({ room, key, data, as, attempts: 1 }),
            find: (message) => findPublished(history, room, message),
            cursor: () => entry.conversation.cursor,
            isAway: () => isAway,
            onStarted(key) {
                timeline().started(key);
                onChange(room);
            },
            onAccepted(key, receipt) {
                timeline().accepted(key, receipt);
                onChange(room);
            },
            onWaiting(message, error) {
                // So do those behind it.
                for (const { key, since } of entry.outbox.messages)
                    timeline().waits(key, { message: key === message.key ? error.message : '', uncertain: since !== undefined });
                announceWaiting(sentence(error.message));
                onChange(room);
            },
            onFailed(message, error, { uncertain }) {
                const problem = error.message || String(error);
                fail(entry.conversation, message, { message: problem, uncertain });
                announce(`Message not sent. ${sentence(problem)}`);
            },
            onChange: save,
        });
        if (isLive) entry.outbox.connected(true);
        return entry.outbox;
    }

    function announceWaiting(why) {
        if (!hasAnnounced) announce(`Message waits to be sent. ${why}`.trim());
        hasAnnounced = true;
    }

    function fail({ room, timeline }, message, problem) {
        failed.set(message.key, message);
        timeline.failed(message.key, problem);
        onChange(room);
    }

    function add(conversation, message) {
        const outbox = outboxOf(conversation);
        outbox.add(message);
        if (!outbox.isStalled) return;
        conversation.timeline.waits(message.key, { message: '', uncertain: message.since !== undefined });
        announceWaiting('');
    }

    return {
        send(conversation, data, name) {
            const message = { key: randomKey(), data, as: name, time: Date.now() };
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
        /** Sends a message that has failed once more. */
        retry(conversation, key) {
            const entry = conversation.timeline.retry(key, Date.now());
            if (!entry) return;
            const message = failed.get(key);
            failed.delete(key);
            add(conversation, { ...message, time: entry.time });
        },
        /**
         * Takes back a message that waits; one that may have been published only stops to be sent.
         * @returns {unknown} its data, if nobody has it; nothing if it may have been published, or is being sent
         */
        takeBack(conversation, key) {
            const message = outboxOf(conversation).take(key);
            if (!message) return undefined;
            if (message.since !== undefined) {
                fail(conversation, message, { message: MAY_BE_PUBLISHED, uncertain: true });
                return undefined;
            }
            conversation.timeline.discard(key);
            return message.data;
        },
        discard({ timeline }, key) {
            announce(`Discarded: ${summary(textOf(timeline.get(key)?.data))}`);
            timeline.discard(key);
            failed.delete(key);
        },
        /** The state of the connection has changed. @param {import('../../client/anteroom.js').State} state */
        connected({ state, error }) {
            isLive = state === 'live';
            if (state === 'waiting') isAway = error?.status === 0;
            else if (state !== 'connecting') isAway = false;
            if (isLive) hasAnnounced = false;
            for (const { outbox } of rooms.values()) {
                outbox.connected(isLive);
                outbox.wake();
            }
        },
        /** The room was left. */
        remove(room) {
            rooms.get(room)?.outbox.close();
            rooms.delete(room);
            save();
        },
    };
}
