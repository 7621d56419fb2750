// Display names: which are valid, and the initial and hue of an avatar.

const MAX_LENGTH = 64; // characters
const HUES = 10;

/** The name in an input: trimmed, with runs of white space as one space, normalised. */
export function nameFromInput(text) {
    return text
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .normalize('NFC');
}

/** Why a name is invalid, to show; '' if it is valid. */
export function nameProblem(name) {
    if (!name) return 'A name needs at least one character.';
    if (/\p{Cs}/u.test(name)) return 'This name is not valid text.';
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
