// What the user writes: the composer with its draft, what it answers, the name that is asked for first, and the messages on
// their way.

import { sentence } from '../model/status-text.js';
import { visibleText } from '../model/visible-text.js';
import { meaningOf, quoteOf, reactionTo, replyTo, textOf } from '../model/vocabulary.js';

/**
 * @param {object} options
 *   composer, drafts, sender, typing
 *   shown(): the conversation that is shown; name(): the user's
 *   publish: of the client
 *   shortcodes: replaces emoji by name
 *   askName(then): asks for a name, and calls `then` if one was given
 *   onSent(): something was written; onChange(room); announce(text)
 */
export function createOutgoing({ composer, drafts, sender, typing, shortcodes, shown, name, publish, ...events }) {
    const { askName, onSent, onChange, announce } = events;
    const answered = new Map(); // room -> the message that the draft answers

    function drawReply() {
        const entry = answered.get(shown()?.room);
        if (!entry) return composer.replyTo();
        return composer.replyTo(visibleText(entry.from ?? 'anonymous'), quoteOf(entry.data));
    }

    function reply(entry) {
        if (entry) answered.set(shown().room, entry);
        else answered.delete(shown()?.room);
        drawReply();
    }

    /** Sends the text. @returns {boolean} false if it stays in the composer */
    function send(text) {
        const conversation = shown();
        if (!conversation) return false;
        // Unless the user has changed the room or the text meanwhile.
        const later = () => shown() === conversation && composer.text.trimEnd() === text && submit(text);
        if (!name()) {
            askName(later);
            return false;
        }
        if (shortcodes.isMissing(text)) {
            shortcodes.wait().then(later);
            return false;
        }
        const entry = answered.get(conversation.room);
        const words = shortcodes.replaced(text);
        sender.send(conversation, entry ? replyTo(entry, words) : words, name());
        reply(undefined);
        typing.sent(conversation.room);
        onSent();
        onChange(conversation.room);
        return true;
    }

    function submit(text) {
        if (!send(text)) return;
        composer.text = '';
        drafts.set(shown().room, '');
    }

    /** Gives a message a reaction, or takes it back. */
    async function react({ id }, emoji) {
        const { room, reactions } = shown();
        if (!name()) return askName(() => react({ id }, emoji));
        const remove = reactions.of(id).some((one) => one.emoji === emoji && one.names.includes(name()));
        try {
            return await publish({ room, as: name(), data: reactionTo(id, emoji, { remove }) });
        } catch (error) {
            return announce(`Not sent. ${sentence(error.message)}`, { isShown: true });
        }
    }

    return {
        send,
        reply,
        react,
        /** The user has changed the text. */
        input(text) {
            shortcodes.written(text);
            const room = shown()?.room;
            if (room === undefined) return;
            drafts.set(room, text);
            if (name()) typing.input(room, text);
        },
        /** Another room is shown. */
        entered() {
            composer.text = drafts.get(shown().room);
            drawReply();
        },
        retry(key) {
            sender.retry(shown(), key);
            onChange(shown().room);
            composer.focus(); // the button that had the focus is gone
        },
        /** Puts the text of a message that waits back into the composer, before what is there. */
        takeBack(key) {
            const data = sender.takeBack(shown(), key);
            if (data !== undefined) {
                composer.text = [textOf(data), composer.text].filter(Boolean).join('\n');
                drafts.set(shown().room, composer.text);
                const meaning = meaningOf(data);
                if (meaning.kind === 'reply') reply({ id: meaning.to, from: meaning.quote.from, data: meaning.quote.text });
                announce('Message taken back');
            }
            onChange(shown().room);
            composer.focus();
        },
        discard(key) {
            sender.discard(shown(), key);
            onChange(shown().room);
            composer.focus();
        },
        /** The room was left. */
        left(room) {
            answered.delete(room);
            drafts.set(room, '');
        },
    };
}
