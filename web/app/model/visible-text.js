// Characters that cannot be seen, but change what is around them: direction marks, characters of zero width, tags. In a name
// they are shown by their numbers and have no effect.

const HIDDEN =
    /[\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
// Between letters of a script that joins them, or pictographs, these can be seen.
const STRAY_JOINER =
    /(?<![\u0600-\u08ff\u0900-\u0dff\u2190-\u2bff\ufe0f\u{1f000}-\u{1faff}])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u08ff\u0900-\u0dff\u2190-\u2bff\ufe0f\u{1f000}-\u{1faff}])/gu;

/** The name as it is shown: `‹U+202E›` for what cannot be seen. */
export function visibleText(name) {
    const shown = (mark) => `‹U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}›`;
    return name.replace(HIDDEN, shown).replace(STRAY_JOINER, shown);
}
