// **strong**, *emphasized* (_so_ as well) and ~~struck~~ text. A mark without its partner is text, and so is one within a
// word, where it is no mark: 2 * 3, snake_case, __init__, ***.

const MARK = /(\*+|_+|~+)/;
const KINDS = { '*': 'em', _: 'em', '**': 'strong', '~~': 'strike' };
const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isBlank = (character) => character === undefined || /\s/.test(character);

/**
 * @param {{text: string, href?: string, code?: boolean}[]} parts  of one paragraph
 * @returns {import('./message-format.js').Part[]} the same text without marks that are a pair
 */
export function emphasize(parts) {
    const tokens = parts.flatMap(tokensOf);
    addNeighbours(tokens);
    pair(tokens);
    const result = [];
    const style = {};
    for (const { mark, isPaired, part } of tokens) {
        if (isPaired) {
            if (style[KINDS[mark]]) delete style[KINDS[mark]];
            else style[KINDS[mark]] = true;
            continue;
        }
        const next = { ...part, ...style };
        if (!append(result.at(-1), next)) result.push(next);
    }
    return result;
}

function tokensOf(part) {
    if (part.code || part.href) return [{ part }];
    return part.text
        .split(MARK)
        .filter(Boolean)
        .map((text) => (KINDS[text] ? { mark: text, part: { text } } : { part: { text } }));
}

function addNeighbours(tokens) {
    for (const [index, token] of tokens.entries()) {
        if (!token.mark) continue;
        const before = tokens[index - 1]?.part.text.at(-1);
        const after = tokens[index + 1]?.part.text[0];
        const isWithinWord = token.mark[0] === '_' && isWord(before) && isWord(after);
        token.opens = !isBlank(after) && !isWord(before);
        token.closes = !isBlank(before) && !isWithinWord && !isWord(after);
    }
}

// Each mark closes the last open one like it; those opened in between stay text, so that pairs are nested.
function pair(tokens) {
    const open = [];
    const isOpen = new Set();
    for (const [index, token] of tokens.entries()) {
        if (/\n\s*\n/.test(token.part.text) && !token.part.code) {
            open.length = 0;
            isOpen.clear();
        }
        if (!token.mark) continue;
        if (token.closes && isOpen.has(token.mark)) {
            for (;;) {
                const partner = open.pop();
                isOpen.delete(tokens[partner].mark);
                if (tokens[partner].mark !== token.mark) continue;
                if (index > partner + 1) tokens[partner].isPaired = token.isPaired = true;
                break;
            }
        } else if (token.opens && !isOpen.has(token.mark)) {
            open.push(index);
            isOpen.add(token.mark);
        }
    }
}

/** Adds plain text to the part before it, where both look the same. */
function append(before, { text, ...look }) {
    if (!before || look.href || look.code || before.href || before.code) return false;
    if (['strong', 'em', 'strike'].some((kind) => before[kind] !== look[kind])) return false;
    before.text += text;
    return true;
}
