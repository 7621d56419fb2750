// Finds the http(s) URLs in a text, as they are or as `[words](URL)`. Linear in its length: a message may be 64 KiB of anything.

const URL_PATTERN =
    /\[([^[\]\n]{1,200})\]\((https?:\/\/[^\s<>"`\p{Cc})]+)\)|(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"`\p{Cc}]+/giu;
const LOOKS_LIKE_URL = /[a-z\d]\.[a-z]{2,}(?![\p{L}\p{N}])|:\/\//iu; // words that promise another address are not believed
const TRAILING = new Set('.,;:!?\'"*_~…»”’。、，');
const OPENER = { ')': '(', ']': '[', '}': '{' };

/**
 * @param {string} text
 * @returns {{text: string, href?: string}[]} the text in parts, in order
 */
export function splitLinks(text) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(URL_PATTERN)) {
        const [whole, words, target] = match;
        const shown = words ?? withoutTrailing(whole);
        const href = words !== undefined && LOOKS_LIKE_URL.test(words) ? undefined : httpUrl(target ?? shown);
        if (!href) continue;
        if (match.index > end) parts.push({ text: text.slice(end, match.index) });
        parts.push({ text: shown, href });
        end = match.index + (words === undefined ? shown : whole).length;
    }
    if (end < text.length) parts.push({ text: text.slice(end) });
    return parts;
}

/** Without the sentence's own punctuation, and without a closing bracket that was opened before the URL. */
function withoutTrailing(candidate) {
    const count = {};
    for (const character of candidate) count[character] = (count[character] ?? 0) + 1;
    let end = candidate.length;
    while (end > 0) {
        const last = candidate[end - 1];
        const opener = OPENER[last];
        const unopened = opener !== undefined && count[last] > (count[opener] ?? 0);
        if (!unopened && !TRAILING.has(last)) break;
        count[last] -= 1;
        end -= 1;
    }
    return candidate.slice(0, end);
}

function httpUrl(text) {
    try {
        const url = new URL(text);
        return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
    } catch {
        return undefined;
    }
}
