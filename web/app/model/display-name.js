// Display names: which are valid, and the initial and hue of an avatar.

const MAX_LENGTH = 64; // characters
const HUES = 10;
// What shows nothing but may change how its neighbours look: zero width, direction marks, separators, tags. A joiner is
// none between Arabic or Indic letters or pictographs, where it can be seen. The server refuses names with any of them.
const JOINED = ['\\u0600-\\u08ff', '\\u0900-\\u0dff', '\\u2190-\\u2bff\\ufe0f\\u{1f000}-\\u{1faff}'].map(
    (script) => `(?<=[${script}])[\\u200c\\u200d](?=[${script}])`,
);
const MARKS =
    '\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb' +
    '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e007f}';
const HIDDEN = new RegExp(`(?!${JOINED.join('|')})[${MARKS}]`, 'u');
// What takes space at most.
const BLANK = /^[\s\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]*$/u;

/** The name in an input: trimmed, with runs of white space as one space, normalised. */
export function nameFromInput(text) {
    return text
        .replace(new RegExp(HIDDEN, 'gu'), '')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .normalize('NFC');
}

/** Why a name is invalid, to show; '' if it is valid. */
export function nameProblem(name) {
    if (BLANK.test(name)) return 'A name needs at least one character.';
    if (/\p{Cs}/u.test(name)) return 'This name is not valid text.';
    if (HIDDEN.test(name)) return 'This name has an invisible character in it.';
    if ([...name].length > MAX_LENGTH) return `A name has at most ${MAX_LENGTH} characters.`;
    return '';
}

/** The value in storage, if it is a valid name; else undefined. */
export function storedName(value) {
    return typeof value === 'string' && !nameProblem(value) ? value : undefined;
}

/** The first grapheme, in upper case; '?' without a name. */
export function initial(name) {
    if (!name) return '?';
    const Segmenter = globalThis.Intl?.Segmenter;
    const first = Segmenter ? [...new Segmenter().segment(name.slice(0, 32))][0].segment : [...name][0];
    return first.toLocaleUpperCase();
}

/** One of ten hues (0 to 9), a function of the name. */
export function hue(name) {
    let hash = 2166136261;
    for (const character of name ?? '') hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
    return (hash >>> 8) % HUES;
}
