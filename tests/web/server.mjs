// A small server of the contract, in memory: rooms that keep the last few messages, every transport, and a network in
// between that refuses, loses, stalls, splits and cuts by chance. Virtual time.

const encoder = new TextEncoder();
const KEEP_ALIVE = 15_000;

/** @param {{kept?: number}} [how] */
export function fakeServer(clock, { kept = 12 } = {}) {
    const rooms = new Map();
    const waiting = new Set(); // called whenever anything changed
    const server = { requests: [], isDown: false, drains: 0 };

    function roomOf(name) {
        if (!rooms.has(name)) rooms.set(name, { name, life: 1, first: 1, last: 0, dropped: 0 });
        return rooms.get(name);
    }
    const epochOf = (room) => `e${room.life}`;
    const place = (room, number) => `${epochOf(room)}-${number}`;

    function changed() {
        for (const wake of [...waiting]) wake();
    }

    server.publish = (name) => {
        const room = roomOf(name);
        room.last += 1;
        room.first = Math.max(room.first, room.last - kept + 1);
        changed();
        return place(room, room.last);
    };
    server.last = (name) => place(roomOf(name), roomOf(name).last);
    server.drop = (name) => {
        const room = roomOf(name);
        room.first = room.last + 1;
        room.dropped = room.last;
        changed();
    };
    /** A new life of every room, with the messages gone. */
    server.restart = () => {
        for (const room of rooms.values()) Object.assign(room, { life: room.life + 1, first: 1, last: 0, dropped: 0 });
        for (const cut of [...server.cuts]) cut();
        changed();
    };
    server.cuts = new Set(); // of the streams that are open
    /** polls and streams that wait for something */
    server.hanging = () => waiting.size;

    /** What a room has after a place. */
    function read(name, after, limit) {
        const room = roomOf(name);
        const gaps = [];
        let at = after === undefined ? room.last : Number(after.split('-').at(-1));
        if (after !== undefined && (after.split('-')[0] !== epochOf(room) || at > room.last)) {
            gaps.push({ reason: 'restarted' });
            at = room.first - 1;
        } else if (at < room.first - 1) {
            gaps.push({ reason: room.dropped === room.first - 1 ? 'deleted' : 'evicted', missed: room.first - 1 - at });
            at = room.first - 1;
        }
        const start = at;
        const to = Math.min(room.last, at + limit);
        const messages = [];
        for (at += 1; at <= to; at += 1)
            messages.push({ id: place(room, at), time: clock.now(), data: `${name} ${epochOf(room)} ${at} ü🎉` });
        return { gaps, messages, start: place(room, start), next: place(room, to) };
    }

    const isBehind = (asked) => [...asked].some(([name, after]) => after !== undefined && after !== server.last(name));

    const form = (asked, isMany, pick) =>
        isMany
            ? [...asked.keys()].map((name) => `${encodeURIComponent(name)}@${pick(name)}`).join(',')
            : pick([...asked.keys()][0]);

    /** Everything after these places, as blocks of {gap, next} or {message, next}; moves the places. */
    function blocks(asked, isMany, limit) {
        const out = [];
        for (const [name, after] of asked) {
            const { gaps, messages, start } = read(name, after, limit);
            for (const gap of gaps) {
                asked.set(name, start);
                out.push({ gap: { room: name, ...gap }, next: form(asked, isMany, (each) => asked.get(each)) });
            }
            for (const message of messages) {
                asked.set(name, message.id);
                const next = form(asked, isMany, (each) => asked.get(each));
                out.push({ message: isMany ? { room: name, ...message } : message, next });
            }
        }
        return out;
    }

    /** @returns the rooms asked for with their places, from the path or from `room=` */
    server.asked = (url, headers = {}) => {
        const { pathname, searchParams } = new URL(url, 'http://h');
        const cursor = searchParams.get('after') ?? headers['Last-Event-ID'];
        const single = /^\/room\/([^/]+)\/subscribe$/.exec(pathname);
        const isMany = !single;
        const names = single ? [decodeURIComponent(single[1])] : searchParams.getAll('room');
        const places = new Map();
        for (const name of names) {
            let after = cursor ?? undefined;
            if (isMany && cursor && cursor !== '0') {
                const part = cursor.split(',').find((each) => decodeURIComponent(each.split('@')[0]) === name);
                after = part?.split('@')[1];
            }
            places.set(name, after === '0' ? place(roomOf(name), 0) : after);
        }
        return {
            places,
            isMany,
            wait: Number(searchParams.get('wait') ?? 25),
            limit: Number(searchParams.get('limit') ?? 100),
        };
    };

    async function news(asked, ms, signal) {
        if (isBehind(asked) || ms === 0) return;
        await new Promise((resolve) => {
            const wake = () => {
                if (!signal.aborted && !isBehind(asked) && clock.now() < end && !server.isDown) return;
                clock.clearTimeout(timer);
                waiting.delete(wake);
                signal.removeEventListener('abort', wake);
                resolve();
            };
            const end = clock.now() + ms;
            const timer = clock.setTimeout(wake, ms);
            waiting.add(wake);
            signal.addEventListener('abort', wake);
        });
    }

    server.poll = async (url, headers, signal) => {
        const { places, isMany, wait, limit } = server.asked(url, headers);
        for (const [name, after] of places) if (after === undefined) places.set(name, server.last(name));
        await news(places, wait * 1000, signal);
        const found = new Map([...places].map(([name, after]) => [name, read(name, after, limit)]));
        const named = (name, thing) => (isMany ? { room: name, ...thing } : thing);
        const all = (key) => [...found].flatMap(([name, answer]) => answer[key].map((each) => named(name, each)));
        const gaps = [...found].flatMap(([room, answer]) => answer.gaps.map((gap) => ({ room, ...gap })));
        const next = form(places, isMany, (name) => found.get(name).next);
        return { messages: all('messages'), next, ...(gaps.length > 0 && { gaps }) };
    };

    server.history = (url) => {
        const { pathname, searchParams } = new URL(url, 'http://h');
        const name = decodeURIComponent(pathname.split('/')[2]);
        const room = roomOf(name);
        const from = Math.max(room.first - 1, room.last - Number(searchParams.get('limit')));
        const { messages, next } = read(name, place(room, from), Infinity);
        return { messages, next, more: from >= room.first };
    };

    /** Sends `write(block)` for everything that comes, until the connection ends. */
    server.stream = async (url, headers, signal, { open, write, idle }) => {
        const { places, isMany } = server.asked(url, headers);
        for (const [name, after] of places) if (after === undefined) places.set(name, server.last(name));
        open(form(places, isMany, (name) => places.get(name)));
        while (!signal.aborted) {
            await news(places, KEEP_ALIVE, signal);
            if (signal.aborted) return;
            const found = blocks(places, isMany, 100);
            if (found.length === 0) idle();
            for (const block of found) write(block);
        }
    };
    return server;
}

/** What a fetch() and a WebSocket find there; `chance` between 0 and 1, `faults` how likely each is. */
export function fakeInternet(server, clock, chance, faults = {}) {
    const { refuse = 0, busy = 0, dead = 0, lost = 0, cut = 0, stall = 0, drain = 0, blocksStreams = false } = faults;
    const unlucky = (probability) => chance() < probability;

    async function fetch(url, { headers = {}, signal }) {
        const request = { url, headers, at: clock.now() };
        server.requests.push(request);
        const aborted = new Promise((_, reject) => {
            const abort = () => reject(new DOMException('aborted', 'AbortError'));
            if (signal.aborted) abort();
            signal.addEventListener('abort', abort);
        });
        aborted.catch(() => {});
        if (signal.aborted) return aborted;
        if (server.isDown || unlucky(refuse)) throw new TypeError('refused');
        if (unlucky(busy)) return new Response('busy', { status: 503, headers: { 'Retry-After': '2' } });
        if (unlucky(dead)) return aborted;
        if (url.includes('/messages')) return Response.json(server.history(url));
        if (headers.Accept === 'text/event-stream') return blocksStreams ? aborted : events(url, headers, signal);
        const body = await Promise.race([server.poll(url, headers, signal), aborted]);
        if (unlucky(lost)) throw new TypeError('lost on the way back');
        return Response.json({ ...body, ...(unlucky(drain) && { draining: true }) });
    }

    function events(url, headers, signal) {
        const ending = new AbortController();
        let isStalled = false;
        let controller;
        const body = new ReadableStream({ start: (given) => void (controller = given) });
        function end(error) {
            if (ending.signal.aborted) return;
            ending.abort();
            server.cuts.delete(end);
            if (error) controller.error(error);
            else controller.close();
        }
        server.cuts.add(end);
        signal.addEventListener('abort', () => end(new DOMException('aborted', 'AbortError')));
        function send(text) {
            if (ending.signal.aborted || isStalled) return;
            if (unlucky(stall)) isStalled = true;
            let bytes = encoder.encode(text);
            while (bytes.length > 0) {
                const length = 1 + Math.floor(chance() * bytes.length * 1.5);
                controller.enqueue(bytes.slice(0, length));
                bytes = bytes.slice(length);
                if (unlucky(cut)) return end(chance() < 0.5 ? new TypeError('reset') : undefined);
            }
            if (unlucky(drain)) {
                controller.enqueue(encoder.encode('retry: 700\n\n'));
                end();
            }
        }
        server.stream(url, headers, ending.signal, {
            open: (cursor) => send(`retry: 1000\n\nid: ${cursor}\n\n`),
            idle: () => send(':\n\n'),
            write({ message, gap, next }) {
                if (gap) send(`event: gap\nid: ${next}\ndata: ${JSON.stringify(gap)}\n\n`);
                else send(`id: ${next}\ndata: ${JSON.stringify(message)}\n\n`);
            },
        });
        return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
    }

    class WebSocket {
        #ending = new AbortController();
        #isStalled = false;
        constructor(url) {
            server.requests.push({ url, headers: { Upgrade: 'websocket' }, at: clock.now() });
            clock.setTimeout(() => this.#open(url), 1);
        }

        #open(url) {
            const { signal } = this.#ending;
            if (signal.aborted) return;
            if (server.isDown || blocksStreams || unlucky(refuse)) return this.#end(1006);
            this.onopen?.({});
            const end = () => this.#end(1006);
            server.cuts.add(end);
            signal.addEventListener('abort', () => server.cuts.delete(end));
            server.stream(url, {}, signal, {
                open() {},
                idle() {},
                write: ({ message, gap, next }) => this.#send(JSON.stringify(message ?? { gap, next })),
            });
        }

        #send(data) {
            if (this.#ending.signal.aborted || this.#isStalled) return;
            if (unlucky(stall)) this.#isStalled = true;
            else this.onmessage?.({ data });
            if (unlucky(cut)) this.#end(1006);
            else if (unlucky(drain)) this.#end(1001);
        }

        #end(code) {
            if (this.#ending.signal.aborted) return;
            this.#ending.abort();
            this.onclose?.({ code });
        }

        close() {
            this.#ending.abort();
        }
    }

    return { fetch, WebSocket, base: 'http://h' };
}

/**
 * Keeps what a subscription was told, and checks the promise: each room's messages once and in order, with nothing missing
 * that no gap reported.
 */
export function witness() {
    const rooms = new Map(); // name -> {place, received, missed}
    const problems = [];
    const split = (place) => ({ epoch: place.split('-')[0], number: Number(place.split('-').at(-1)) });
    const of = (room) => {
        if (!rooms.has(room)) rooms.set(room, { place: undefined, received: 0, missed: 0 });
        return rooms.get(room);
    };
    return {
        rooms,
        problems,
        /** The room begins, or begins anew, at a place. */
        begin(room, place) {
            rooms.set(room, { place, received: 0, missed: 0 });
        },
        onHistory({ room, messages, next }) {
            const at = messages.length > 0 ? `${split(next).epoch}-${split(next).number - messages.length}` : next;
            rooms.set(room, { place: at, received: 0, missed: 0 });
            this.onMessages(messages);
            if (of(room).place !== next) problems.push(`${room}: history ends at ${of(room).place}, not ${next}`);
        },
        onMessages(messages) {
            for (const { room, id, data } of messages) {
                const facts = of(room);
                const { epoch, number } = split(id);
                if (!data.startsWith(`${room} ${epoch} ${number} ü🎉`)) problems.push(`${room}: ${id} says ${data}`);
                if (facts.place !== undefined) {
                    const at = split(facts.place);
                    const follows = facts.place === '0' ? number === 1 : at.epoch === epoch && at.number + 1 === number;
                    if (!follows) problems.push(`${room}: ${id} after ${facts.place}`);
                }
                facts.place = id;
                facts.received += 1;
            }
        },
        onGap({ room, reason, missed, next }) {
            const facts = of(room);
            if (reason !== 'restarted' && facts.place !== undefined) {
                const at = facts.place === '0' ? { ...split(next), number: 0 } : split(facts.place);
                const fits = at.epoch === split(next).epoch && at.number + missed === split(next).number;
                if (!fits) problems.push(`${room}: ${missed} missed from ${facts.place} to ${next}`);
            }
            facts.place = next;
            facts.missed += missed ?? 0;
        },
    };
}
