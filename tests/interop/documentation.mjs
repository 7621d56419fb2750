// The configurations that docs/proxies.md tells people to write (its path is in ANTEROOM_PROXIES_PAGE).

import { readFileSync } from 'node:fs';

/** The first block of code under a heading. */
export function documented(heading) {
    const page = process.env.ANTEROOM_PROXIES_PAGE;
    if (!page) throw new Error('set ANTEROOM_PROXIES_PAGE to the path of docs/proxies.md');
    const section = readFileSync(page, 'utf8').split(`\n## ${heading}\n`)[1];
    const block = /(?:^ {4}.*\n|^\n)+/m.exec(section.replace(/^\n+/, ''));
    if (!block?.[0].trim()) throw new Error(`${page} has no code under ${heading}`);
    return block[0];
}

/** Replaces what has to be different for a test: each of the keys, all of which must be there. */
export function adapted(text, replacements) {
    for (const [from, to] of Object.entries(replacements)) {
        if (!text.includes(from)) throw new Error(`the documentation no longer has: ${from}`);
        text = text.replaceAll(from, to);
    }
    return text;
}
