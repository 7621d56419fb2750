// An incremental parser of event streams (text/event-stream).

/**
 * @returns {(text: string) => {event?: string, data?: string, id?: string, retry?: number}[]}
 *   takes the next piece of text and returns the blocks that it completes, also those without data; `id` is only there where
 *   the block has one
 */
export function createEventStreamParser() {
    let rest = '';
    let isFirst = true;
    let block = {};

    function line(text) {
        if (text === '') {
            const done = block;
            block = {};
            return Object.keys(done).length > 0 ? done : undefined;
        }
        const colon = text.indexOf(':');
        const name = colon < 0 ? text : text.slice(0, colon);
        const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
        if (name === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`;
        else if (name === 'event') block.event = value;
        else if (name === 'id' && !value.includes('\0')) block.id = value;
        else if (name === 'retry' && /^\d+$/.test(value)) block.retry = Number(value);
        return undefined; // comments have an empty name
    }

    return (text) => {
        rest += isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text;
        if (text) isFirst = false;
        const blocks = [];
        const end = /\r\n|\n|\r(?!$)/g; // a CR at the very end may be the first half of CR LF
        let from = 0;
        for (let match = end.exec(rest); match; match = end.exec(rest)) {
            const done = line(rest.slice(from, match.index));
            if (done) blocks.push(done);
            from = end.lastIndex;
        }
        rest = rest.slice(from);
        return blocks;
    };
}
