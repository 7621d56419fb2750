// A message's data as blocks to show: paragraphs with links and `code`, ``` fences, JSON values. Markup is text.

import { splitLinks } from './links.js';

/**
 * @typedef {{text: string, href?: string, code?: boolean}} Part
 * @typedef {{kind: 'text', parts: Part[]} | {kind: 'code', text: string, label: string}} Block
 */

/**
 * @param {unknown} data  of a message: a string, or the JSON value that was published
 * @returns {Block[]}
 */
export function blocks(data) {
    if (typeof data === 'string') return textBlocks(data);
    const isPlain = data === null || typeof data !== 'object';
    if (isPlain) return [{ kind: 'text', parts: [{ text: String(JSON.stringify(data)), code: true }] }];
    return [{ kind: 'code', text: JSON.stringify(data, null, 2), label: 'JSON' }];
}

/** One line, for announcements and titles. */
export function summary(data) {
    const text = typeof data === 'string' ? data : String(JSON.stringify(data));
    const line = text.replace(/\s+/g, ' ').trim();
    return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

// A fence that is never closed is text. One pass over the lines: linear also for a text full of opening fences.
function textBlocks(text) {
    const found = [];
    let lines = [];
    let fence = null;
    const flush = () => {
        const part = trimBlankLines(lines).join('\n');
        if (part) found.push({ kind: 'text', parts: inlineParts(part) });
        lines = [];
    };
    for (const line of text.split(/\r\n|\r|\n/)) {
        if (fence && /^```\s*$/.test(line)) {
            const code = lines.splice(fence.at);
            flush();
            found.push({ kind: 'code', text: code.slice(1).join('\n'), label: fence.label });
            fence = null;
            continue;
        }
        const opener = fence ? null : /^```([\w+#.-]{0,20})\s*$/.exec(line);
        if (opener) fence = { at: lines.length, label: opener[1] };
        lines.push(line);
    }
    flush();
    return found;
}

function inlineParts(text) {
    return text
        .split(/(`[^`\n]+`)/)
        .flatMap((piece, index) => (index % 2 === 1 ? [{ text: piece.slice(1, -1), code: true }] : splitLinks(piece)));
}

function trimBlankLines(lines) {
    let [from, to] = [0, lines.length];
    while (from < to && !lines[from].trim()) from += 1;
    while (to > from && !lines[to - 1].trim()) to -= 1;
    return lines.slice(from, to);
}
