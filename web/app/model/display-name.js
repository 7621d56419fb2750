// People by name: what a name may be, and the initial and hue that stand for it.

const LONGEST = 64; // characters
const HUES = 10;

/** What was typed, as a name: without spaces around it and runs of them within it. */
export function nameFromInput(text) {
    return text
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .normalize('NFC');
}

/** Why this cannot be a name, for people; '' if it can. */
export function nameProblem(name) {
    if (!name) return 'A name needs at least one character.';
    if (/\p{Cs}/u.test(name)) return 'This name is not valid text.';
    if ([...name].length > LONGEST) return `A name has at most ${LONGEST} characters.`;
    return '';
}

/** What memory holds, as a name; undefined if it is none. */
export function nameFrom(remembered) {
    return typeof remembered === 'string' && !nameProblem(remembered) ? remembered : undefined;
}

/** The first letter as people see it, an emoji in one piece; '?' for nobody. */
export function initial(name) {
    if (!name) return '?';
    const Segmenter = globalThis.Intl?.Segmenter;
    const first = Segmenter ? [...new Segmenter().segment(name.slice(0, 32))][0].segment : [...name][0];
    return first.toLocaleUpperCase();
}

/** One of ten hues (0 to 9), always the same for a name. */
export function hue(name) {
    let hash = 2166136261;
    for (const character of name ?? '') hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
    return (hash >>> 8) % HUES;
}
