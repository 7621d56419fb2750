// The JSON messages that this page understands beside text: replies, reactions, typing and new names. docs/page.md describes
// them for other clients; whatever has another form is a JSON value like any other.

import { blocks, plainText, summary } from './message-format.js';

const MAX_ID = 64; // characters
const MAX_EMOJI = 32; // UTF-16 code units: families and flags take many
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
// Letters and marks of others, and what changes the direction of what is around it.
const NO_EMOJI = /[\s\p{Cc}\p{L}<>\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f]|(?![\ufe0e\ufe0f\u20e3])\p{M}/u;

const isText = (value) => typeof value === 'string' && value.trim() !== '';
/** The id of a message, as it is in addresses. */
export const isId = (value) => typeof value === 'string' && value.length <= MAX_ID && /^\w+-\d+$/.test(value);
/** One emoji, as far as that can be seen. */
export const isEmoji = (value) =>
    typeof value === 'string' && value.length <= MAX_EMOJI && EMOJI.test(value) && !NO_EMOJI.test(value);

/** The room of the typing messages of a room. A server keeps them for seconds only. */
export const typingRoom = (room) => `${room}:typing`;
/** The room whose typing messages a room has; undefined if it is another kind of room. */
export const roomOfTyping = (room) => (room.endsWith(':typing') ? room.slice(0, -':typing'.length) : undefined);

/**
 * What a message's data means.
 * @returns {{kind: 'reply', to: string, text: string, quote: {from?: string, text: string}}
 *   | {kind: 'reaction', to: string, emoji: string, isRemoved: boolean}
 *   | {kind: 'renamed', was: string} | {kind: 'typing'} | {kind: 'content'}}
 */
export function meaningOf(data) {
    const { type, to, text, quote, emoji, remove, was } = typeof data === 'object' && data !== null ? data : {};
    if (type === 'typing') return { kind: 'typing' };
    if (type === 'renamed' && isText(was)) return { kind: 'renamed', was };
    if (type === 'reaction' && isId(to) && isEmoji(emoji))
        return { kind: 'reaction', to, emoji, isRemoved: remove === true };
    if (type === 'reply' && isId(to) && isText(text)) {
        const from = isText(quote?.from) ? quote.from : undefined;
        return { kind: 'reply', to, text, quote: { from, text: isText(quote?.text) ? summary(quote.text) : '' } };
    }
    return { kind: 'content' };
}

/** What a message says, as text. */
export function textOf(data) {
    const meaning = meaningOf(data);
    return meaning.kind === 'reply' ? meaning.text : typeof data === 'string' ? data : String(JSON.stringify(data));
}

/** A line of what a message says, without its marks. */
export const quoteOf = (data) => summary(plainText(blocks(textOf(data))));

/** The data of a reply to a message. @param {{id: string, from?: string, data: unknown}} message */
export function replyTo({ id, from, data }, text) {
    return { type: 'reply', to: id, text, quote: { from, text: quoteOf(data) } };
}

/** The data of a reaction to a message, or of taking one back. */
export function reactionTo(id, emoji, { remove = false } = {}) {
    return remove ? { type: 'reaction', to: id, emoji, remove } : { type: 'reaction', to: id, emoji };
}

export const typing = () => ({ type: 'typing' });
export const renamed = (was) => ({ type: 'renamed', was });
