// What the text before the caret may become: an emoji for `:nam…`, somebody's name for `@nam…`.

const MAX_EMOJI_NAME = 40; // characters
const MAX_NAME = 128; // UTF-16 units: 64 characters
const LETTER = '\\p{Lu}\\p{Ll}\\p{N}_'; // scripts without upper case write words without spaces
const WITHIN_WORD = new RegExp(`^[${LETTER}]`, 'u');
const EMOJI = new RegExp(`(?<![${LETTER}:]):(?!\\d+$)([a-z0-9_+-]{2,${MAX_EMOJI_NAME}})$`, 'iu');
const MENTION = new RegExp(`(?<![${LETTER}@./:+-])@((?:[^\\s@]+ ){0,2}[^\\s@]+)?$`, 'u');

/**
 * @typedef {{kind: 'emoji'|'mention', part: string, from: number, to: number}} Suggestion
 *   part: what is written of the name; from, to: the range that a choice replaces, with its `:` or `@`
 *
 * @param {string} text
 * @param {number} caret
 * @returns {Suggestion | undefined} undefined also within a word and in code
 */
export function suggestionAt(text, caret) {
    if (WITHIN_WORD.test(text.slice(caret, caret + 2))) return undefined;
    const before = text.slice(0, caret);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const end = line.slice(-2 * MAX_NAME);
    const emoji = EMOJI.exec(end);
    const part = emoji ? emoji[1] : mentionPart(end);
    if (part === undefined || isCode(before, line)) return undefined;
    return { kind: emoji ? 'emoji' : 'mention', part, from: caret - part.length - 1, to: caret };
}

function mentionPart(text) {
    const found = MENTION.exec(text);
    const part = found?.[1] ?? '';
    return found && part.length <= MAX_NAME ? part : undefined;
}

/** Whether the end of a text is in `code`, or after an opening fence. */
function isCode(text, line) {
    let fenced = false;
    for (const each of text.slice(0, text.length - line.length).split('\n')) {
        if (fenced ? /^```\s*$/.test(each) : /^```[\w+#.-]{0,20}\s*$/.test(each)) fenced = !fenced;
    }
    return fenced || line.split('`').length % 2 === 0;
}

/**
 * The names that start with the part, then those with a later word that does. Case and accents do not matter.
 * @param {string} part  may have spaces
 * @param {string[]} names
 */
export function namesMatching(part, names) {
    const wanted = folded(part);
    const first = names.filter((name) => folded(name).startsWith(wanted));
    const later = names.filter((name) => !first.includes(name) && folded(name).includes(` ${wanted}`));
    return [...first, ...later];
}

function folded(text) {
    return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * The text with the range replaced, and a space after it, where the caret is then.
 * @param {{from: number, to: number}} range
 * @returns {{text: string, caret: number}}
 */
export function applied(text, { from, to }, replacement) {
    const after = text.slice(to);
    const space = after.startsWith(' ') ? '' : ' ';
    return { text: text.slice(0, from) + replacement + space + after, caret: from + replacement.length + 1 };
}
