// Documents as what can be run: their fenced blocks, each with the annotation that stands above it (README.md).

/** A document that the runner cannot make sense of. */
export class Unclear extends Error {
    constructor(document, line, what) {
        super(`${document}:${line}: ${what}`);
    }
}

const KINDS = {
    run: /^run$/,
    serves: /^run: serves (?<port>\d+)$/,
    waits: /^run: (?<each>each line )?waits$/,
    console: /^run: in the console of (?<url>\S+)$/,
    file: /^file: (?<name>\S+)$/,
    printed: /^printed$/,
    open: /^open: (?<url>\S+)$/,
    copy: /^copy: (?<folder>\S+)$/,
    prepare: /^prepare: (?<command>.+)$/,
    elsewhere: /^run by: (?<by>\S+)$/,
    quote: /^quote: (?<from>\S+)$/,
    skip: /^not run: (?<reason>.+)$/,
};
const ALONE = ['open', 'copy', 'prepare']; // without a block below
const PARTS = /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g;
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;

const quoted = (text) => [...text.matchAll(QUOTED)].map(([all]) => JSON.parse(all));

/** What a comment says; undefined for one that is no annotation. */
function annotation(comment, complain) {
    const isReason = /^not run:/.test(comment);
    const [head, ...parts] = isReason ? [comment] : comment.match(PARTS).map((part) => part.trim());
    for (const [kind, form] of Object.entries(KINDS)) {
        const found = form.exec(head);
        if (!found) continue;
        const out = { kind, ...found.groups, prints: [], instead: [], needs: [] };
        for (const part of parts) {
            const [word] = part.split(' ');
            if (word === 'prints' || word === 'shows') out.prints.push(...quoted(part));
            else if (word === 'for' && quoted(part).length === 2) out.instead.push(quoted(part));
            else if (word === 'needs') out.needs.push(...part.split(/[ ,]+/).slice(1));
            else complain(`nobody knows what "${part}" means`);
        }
        return out;
    }
    if (/^(run|file|printed|open|copy|prepare|quote|not run)\b/.test(head))
        complain(`nobody knows what "${head}" means`);
    return undefined;
}

/**
 * The steps of a document, in order: annotations with `line`, and with `text` where a block belongs to them; and
 * `{ kind: 'heading' }`.
 * @throws {Unclear} for a block that nothing is said about, an indented block, an annotation of nothing
 */
export function stepsOf(document, text) {
    const steps = [];
    const lines = text.split('\n');
    let pending; // the annotation that waits for its block
    let wasText = false; // whether an indented line continues a paragraph or a list
    for (let at = 0; at < lines.length; ++at) {
        const line = lines[at];
        const complain = (what) => {
            throw new Unclear(document, at + 1, what);
        };
        const fence = /^(\s*)(`{3,}|~{3,})/.exec(line);
        const comment = /^<!--\s*(.*?)\s*-->$/.exec(line);
        if (pending && !fence && !comment) complain('an annotation has to stand right above its block');
        if (fence) {
            const [, indentation, marks] = fence;
            const begin = at + 1;
            while (++at < lines.length && lines[at].trim() !== marks);
            if (at === lines.length) complain('a block that does not end');
            if (!pending) throw new Unclear(document, begin, 'a block that no annotation says anything about');
            const content = lines.slice(begin, at).map((each) => each.slice(indentation.length));
            steps.push({ ...pending, line: begin, text: content.map((each) => each + '\n').join('') });
            pending = undefined;
            wasText = false;
        } else if (comment) {
            const found = annotation(comment[1], complain);
            if (found && pending) complain('two annotations of one block');
            if (found && ALONE.includes(found.kind)) steps.push({ ...found, line: at + 1 });
            else pending = found;
        } else {
            if (/^#{1,6} /.test(line)) steps.push({ kind: 'heading', line: at + 1, title: line.replace(/^#+ /, '') });
            if (/^ {4}\S/.test(line) && !wasText)
                complain('an indented block: write it with a fence and an annotation');
            wasText = line.trim() !== '' && (wasText || !/^ {4}/.test(line));
        }
    }
    if (pending) throw new Unclear(document, lines.length, 'an annotation without a block');
    return steps;
}

/** What two outputs have to have in common: ids and times differ from run to run, and line breaks are for the reader. */
export const settled = (text) =>
    text
        .replace(/\b[0-9a-z]{4,16}-(\d+)\b/g, 'ID-$1')
        .replace(/\b\d{13}\b/g, 'TIME')
        .replace(/\s*\n\s*/g, '')
        .trim();
