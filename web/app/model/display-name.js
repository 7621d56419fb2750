// Display names: which are valid, and the initial and hue of an avatar.

const MAX_LENGTH = 64; // characters
const HUES = 10;
// What shows nothing but may change how its neighbours look: zero width, direction marks, separators, tags. A joiner, a
// non-joiner or a variation selector is none where it can be seen. The server refuses names with any of them.
const PICTOGRAPH = '\\u2190-\\u2bff\\u{1f000}-\\u{1faff}';
const ARABIC = '\\u0620-\\u063f\\u0641-\\u064a\\u066e-\\u06d3\\u06d5\\u06fa-\\u06fc\\u0750-\\u077f\\u08a0-\\u08c9';
const JOINED_ON_THE_RIGHT =
    '\\u0621-\\u0625\\u0627\\u0629\\u062f-\\u0632\\u0648\\u0671-\\u0677\\u0688-\\u0699\\u06c0\\u06c3-\\u06cb\\u06cd\\u06cf' +
    '\\u06d2\\u06d3\\u06d5\\u0759-\\u075b\\u076b\\u076c';
const VIRAMA = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca';
const JOINED = [
    `(?<=[${VIRAMA}])[\\u200c\\u200d]`,
    `(?<=[\\u0900-\\u0dff])\\u200d(?=[${VIRAMA}])`,
    `(?<=(?![${JOINED_ON_THE_RIGHT}])[${ARABIC}])\\u200c(?=[${ARABIC}])`,
    `(?<=[${PICTOGRAPH}\\ufe0f])\\u200d(?=[${PICTOGRAPH}])`,
];
const HAS_VARIANTS = `[${PICTOGRAPH}\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u3030\\u303d\\u3297\\u3299]`;
const STRAY_SELECTOR = `(?<!${HAS_VARIANTS}|[#*0-9](?=[\\ufe0e\\ufe0f]\\u20e3))[\\ufe0e\\ufe0f]`;
const MARKS =
    '\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb' +
    '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e007f}';
const HIDDEN = new RegExp(`(?!${JOINED.join('|')})[${MARKS}]|${STRAY_SELECTOR}`, 'u');
// What takes space at most.
const BLANK = /^[\s\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]*$/u;

/** The name in an input: trimmed, with runs of white space as one space, normalised. */
export function nameFromInput(text) {
    return text
        .replace(new RegExp(HIDDEN.source, 'gu'), '')
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

const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter();

/** The first grapheme, in upper case; '?' without a name. */
export function initial(name) {
    if (!name) return '?';
    const [first] = segmenter ? segmenter.segment(name.slice(0, 32)) : [{ segment: [...name][0] }];
    return first.segment.toLocaleUpperCase();
}

/** One of ten hues (0 to 9), a function of the name. */
export function hue(name) {
    let hash = 2166136261;
    for (const character of name ?? '') hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
    return (hash >>> 8) % HUES;
}
