// One connection in each of the five forms, read strictly: what did not come whole did not come. Each is an async
// generator of what arrives, `{ messages, gaps, next }`, and ends, or throws, when the connection does.

import http from 'node:http';
import WebSocket from 'ws';

const ACCEPT = {
    raw: 'text/plain',
    json: 'application/json',
    ndjson: 'application/x-ndjson',
    sse: 'text/event-stream',
};
export const FORMS = ['raw', 'json', 'ndjson', 'sse', 'websocket'];

/** A GET on a connection of its own: resolves to the answer when its head has come. */
export function get(url, { headers = {}, signal, patience = 5000 } = {}) {
    return new Promise((resolve, reject) => {
        const asked = http.get(url, { headers, signal, agent: false }, resolve);
        asked.on('error', reject);
        // Silence is a failure: streams have their keep-alives, polls their `wait`.
        asked.setTimeout(patience, () => asked.destroy(new Error(`silence for ${patience} ms`)));
    });
}

export async function bodyOf(answer) {
    const pieces = [];
    for await (const piece of answer) pieces.push(piece);
    if (!answer.complete) throw new Error('the answer was cut off');
    return Buffer.concat(pieces);
}

/** The text of a stream up to each `separator`, as it comes; a rest without one is dropped. */
export async function* piecesOf(stream, separator) {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let rest = '';
    for await (const bytes of stream) {
        rest += decoder.decode(bytes, { stream: true });
        for (let end; (end = rest.indexOf(separator)) >= 0; rest = rest.slice(end + separator.length)) {
            yield rest.slice(0, end);
        }
    }
}

function expectAnswer(answer, statuses, type) {
    if (!statuses.includes(answer.statusCode)) throw new Error(`answered ${answer.statusCode}`);
    if (type && !answer.headers['content-type']?.startsWith(type))
        throw new Error(`came as ${answer.headers['content-type']}`);
}

/**
 * What is subscribed: `{ url, after, wait, limit, as }`; `url` is the one to subscribe at. `alive()` is called for every
 * keep-alive of a stream.
 */
function targetOf({ url, after, wait, limit, as }) {
    const target = new URL(url);
    for (const [name, value] of Object.entries({ after, wait, limit, as })) {
        if (value !== undefined) target.searchParams.set(name, value);
    }
    return target;
}

async function* poll(form, asked) {
    const answer = await get(targetOf(asked), { ...asked, headers: { Accept: ACCEPT[form], ...asked.headers } });
    const body = await bodyOf(answer);
    const next = answer.headers['last-event-id'];
    if (form === 'json') {
        expectAnswer(answer, [200], 'application/json');
        const told = JSON.parse(body);
        if (told.next !== next) throw new Error(`two cursors: ${told.next} and ${next}`);
        yield { gaps: [], ...told };
        return;
    }
    expectAnswer(answer, [200, 204]);
    const isJson = answer.headers['content-type'] === 'application/json';
    const gap = /^(\w+)(?:;missed=(\d+))?/.exec(answer.headers.gap ?? '');
    yield {
        messages: answer.statusCode === 200 ? [{ id: next, data: isJson ? JSON.parse(body) : body.toString() }] : [],
        gaps: gap ? [{ reason: gap[1], ...(gap[2] && { missed: Number(gap[2]) }) }] : [],
        next,
        draining: answer.headers['retry-after'] !== undefined,
    };
}

/** One JSON value of a stream or a frame, as an arrival. */
function arrival(told, next = told.next ?? told.id) {
    if (told.gap) return { messages: [], gaps: [told.gap], next };
    if (told.ack || told.error || told.superseded) return { messages: [], gaps: [], ...told };
    return { messages: [told], gaps: [], next };
}

async function* ndjson(asked) {
    const answer = await get(targetOf(asked), { ...asked, headers: { Accept: ACCEPT.ndjson, ...asked.headers } });
    expectAnswer(answer, [200], ACCEPT.ndjson);
    yield { messages: [], gaps: [], next: answer.headers['last-event-id'] };
    for await (const line of piecesOf(answer, '\n')) {
        if (line) yield arrival(JSON.parse(line));
        else asked.alive?.();
    }
}

export function eventOf(block) {
    const event = { type: 'message' };
    for (const line of block.split('\n')) {
        const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
        if (name === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
        else if (name === 'event') event.type = value;
        else if (name === 'id' || name === 'retry') event[name] = value;
    }
    return event;
}

async function* sse(asked) {
    const { after, ...rest } = asked;
    const headers = { Accept: ACCEPT.sse, ...(after !== undefined && { 'Last-Event-ID': after }), ...asked.headers };
    const answer = await get(targetOf(rest), { ...asked, headers });
    expectAnswer(answer, [200], ACCEPT.sse);
    for await (const block of piecesOf(answer, '\n\n')) {
        const event = eventOf(block);
        if (event.data === undefined) {
            if (event.id) yield { messages: [], gaps: [], next: event.id };
            else asked.alive?.();
        } else if (event.type === 'gap') {
            yield { messages: [], gaps: [JSON.parse(event.data)], next: event.id };
        } else {
            yield arrival(JSON.parse(event.data), event.id);
        }
    }
}

async function* websocket(asked) {
    const socket = new WebSocket(targetOf(asked).href.replace(/^http/, 'ws'), {
        headers: asked.headers,
        ...asked.websocket,
    });
    const come = [];
    let wake = () => {};
    let over = false;
    let timer;
    const silence = () => {
        clearTimeout(timer);
        timer = setTimeout(() => socket.terminate(), asked.patience ?? 5000);
    };
    silence();
    const say = (one) => (silence(), one && come.push(one), wake());
    socket.on('upgrade', (answer) => say({ messages: [], gaps: [], next: answer.headers['last-event-id'] }));
    socket.on('message', (data, binary) => say(binary ? { binary } : arrival(JSON.parse(data))));
    socket.on('ping', () => (silence(), asked.alive?.()));
    socket.on('error', () => {});
    socket.on('close', () => ((over = true), wake()));
    const leave = () => socket.terminate();
    asked.signal?.addEventListener('abort', leave);
    try {
        for (;;) {
            while (come.length) yield come.shift();
            if (over) return;
            await new Promise((resolve) => ((wake = resolve), (come.length || over) && resolve()));
        }
    } finally {
        clearTimeout(timer);
        asked.signal?.removeEventListener('abort', leave);
        socket.terminate();
    }
}

/** Opens a connection in a form; a poll gives one arrival, a stream gives them until it ends. */
export function open(form, asked) {
    return form === 'ndjson'
        ? ndjson(asked)
        : form === 'sse'
          ? sse(asked)
          : form === 'websocket'
            ? websocket(asked)
            : poll(form, asked);
}
