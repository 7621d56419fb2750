// Finds the http(s) addresses in a text. Linear in its length: a message may be 64 KiB of anything.

const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"`\p{Cc}]+/giu;
const TRAILING = new Set('.,;:!?\'"*_~…»”’。、，');
const OPENER = { ')': '(', ']': '[', '}': '{' };

/**
 * @param {string} text
 * @returns {{text: string, href?: string}[]} the text in parts, in order; nothing of it is lost or changed
 */
export function splitLinks(text) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(ADDRESS)) {
        const shown = withoutTrailing(match[0]);
        const href = address(shown);
        if (!href) continue;
        if (match.index > end) parts.push({ text: text.slice(end, match.index) });
        parts.push({ text: shown, href });
        end = match.index + shown.length;
    }
    if (end < text.length) parts.push({ text: text.slice(end) });
    return parts;
}

/** Leaves the sentence's own punctuation out, and a closing bracket that was opened before the address. */
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

function address(text) {
    try {
        const url = new URL(text);
        return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
    } catch {
        return undefined;
    }
}
