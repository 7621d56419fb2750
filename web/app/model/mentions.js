// @name in a text: whom a message is for.

const MENTION = /(?<![\p{L}\p{N}_@/.-])@[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu;
const isWord = (character) => character !== undefined && /[\p{L}\p{N}_]/u.test(character);
const same = (a, b) => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0;

/**
 * The part, split where somebody is mentioned.
 * @template {{text: string}} Part
 * @param {Part} part
 * @param {string} [me]  the reader's own name, which may have spaces in it
 * @returns {(Part & {mention?: 'me'|'other'})[]}
 */
export function splitMentions(part, me) {
    const { text } = part;
    if (!text.includes('@')) return [part];
    const parts = [];
    let end = 0;
    for (const { index, 0: found } of text.matchAll(MENTION)) {
        if (index < end) continue;
        const mine = me ? text.slice(index, index + 1 + me.length) : '';
        const isWhole = mine.length >= found.length && !isWord(text[index + mine.length]);
        const isMe = isWhole && same(mine, `@${me}`);
        const shown = isMe ? mine : found;
        if (index > end) parts.push({ ...part, text: text.slice(end, index) });
        parts.push({ ...part, text: shown, mention: isMe ? 'me' : 'other' });
        end = index + shown.length;
    }
    if (end < text.length) parts.push({ ...part, text: text.slice(end) });
    return parts;
}

/** Whether the text mentions somebody of this name. */
export function mentions(text, me) {
    if (!me || typeof text !== 'string' || !text.includes('@')) return false;
    return splitMentions({ text }, me).some(({ mention }) => mention === 'me');
}
