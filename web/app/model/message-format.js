// A message's text as blocks to show: paragraphs, lists, quotes and code, in the usual light markup. Markup of HTML is text.
// One pass over the lines, and one over each paragraph: linear also for 64 KiB of opening marks.

import { emphasize } from './emphasis.js';
import { splitLinks } from './links.js';
import { splitMentions } from './mentions.js';

const MAX_QUOTES = 3; // quotes in quotes; deeper ones are text
const MAX_SUMMARY = 120; // characters

/**
 * @typedef {{text: string, href?: string, code?: boolean, strong?: boolean, em?: boolean, strike?: boolean,
 *   mention?: 'me'|'other'}} Part
 * @typedef {{kind: 'text', parts: Part[]}
 *   | {kind: 'code', text: string, label: string}
 *   | {kind: 'list', start?: number, items: Part[][]}
 *   | {kind: 'quote', blocks: Block[]}} Block
 *   start: the first number of a numbered list
 */

/**
 * @param {unknown} data  of a message: a string, or the JSON value that was published
 * @param {string} [me]  the reader's own name, to mark where it is mentioned
 * @returns {Block[]}
 */
export function blocks(data, me) {
    if (typeof data === 'string') return blocksOf(data.split(/\r\n|\r|\n/), me, 0);
    const isPlain = data === null || typeof data !== 'object';
    if (isPlain) return [{ kind: 'text', parts: [{ text: String(JSON.stringify(data)), code: true }] }];
    return [{ kind: 'code', text: JSON.stringify(data, null, 2), label: 'JSON' }];
}

/** One line, for announcements, quotes and titles. */
export function summary(data) {
    const text = typeof data === 'string' ? data : String(JSON.stringify(data));
    const line = text.slice(0, 8 * MAX_SUMMARY).replace(/\s+/g, ' ').trim();
    return line.length > MAX_SUMMARY ? `${line.slice(0, MAX_SUMMARY - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/** What the blocks say, without their marks. */
export function plainText(all) {
    const line = (parts) => parts.map(({ text }) => text).join('');
    const text = {
        text: ({ parts }) => line(parts),
        code: (block) => block.text,
        list: ({ items }) => items.map(line).join('\n'),
        quote: (block) => plainText(block.blocks),
    };
    return all.map((block) => text[block.kind](block)).join('\n');
}

const ITEM = /^ {0,3}(?:[-*+•]|(\d{1,9})[.)]) +(?=\S)/;
const QUOTE = /^ {0,3}> ?/;
const FENCE = /^```([\w+#.-]{0,20})\s*$/;
const FENCE_END = /^```\s*$/;

function blocksOf(lines, me, depth) {
    const found = [];
    let paragraph = [];
    const flush = () => {
        const text = trimBlankLines(paragraph).join('\n');
        if (text) found.push({ kind: 'text', parts: inlineParts(text, me) });
        paragraph = [];
    };
    // A fence that is never closed is text.
    const lastEnd = lines.findLastIndex((line) => FENCE_END.test(line));
    for (let at = 0; at < lines.length; ) {
        const line = lines[at];
        const fence = at < lastEnd ? FENCE.exec(line) : null;
        if (fence) {
            flush();
            const end = endOfRun(lines, at, (other) => !FENCE_END.test(other));
            found.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n'), label: fence[1] });
            at = end + 1;
        } else if (ITEM.test(line)) {
            flush();
            const end = endOfRun(lines, at, (other) => isNumbered(other) === isNumbered(line));
            found.push(list(lines.slice(at, end), me));
            at = end;
        } else if (depth < MAX_QUOTES && QUOTE.test(line)) {
            flush();
            const end = endOfRun(lines, at, (other) => QUOTE.test(other));
            const inner = lines.slice(at, end).map((other) => other.replace(QUOTE, ''));
            found.push({ kind: 'quote', blocks: blocksOf(inner, me, depth + 1) });
            at = end;
        } else {
            paragraph.push(line);
            at += 1;
        }
    }
    flush();
    return found;
}

/** undefined: no item of a list. */
function isNumbered(line) {
    const item = ITEM.exec(line);
    return item ? item[1] !== undefined : undefined;
}

function endOfRun(lines, from, belongs) {
    let end = from + 1;
    while (end < lines.length && belongs(lines[end])) end += 1;
    return end;
}

function list(lines, me) {
    const items = lines.map((line) => inlineParts(line.replace(ITEM, ''), me));
    const number = ITEM.exec(lines[0])[1];
    return number === undefined ? { kind: 'list', items } : { kind: 'list', start: Number(number), items };
}

function inlineParts(text, me) {
    const pieces = text.split(/(`[^`\n]+`)/).flatMap((piece, index) => {
        if (index % 2 === 1) return [{ text: piece.slice(1, -1), code: true }];
        return splitLinks(piece);
    });
    return emphasize(pieces).flatMap((part) => (part.href || part.code ? [part] : splitMentions(part, me)));
}

function trimBlankLines(lines) {
    let [from, to] = [0, lines.length];
    while (from < to && !lines[from].trim()) from += 1;
    while (to > from && !lines[to - 1].trim()) to -= 1;
    return lines.slice(from, to);
}
