// Stand-ins for the platform: a clock that only moves when told, and a network whose answers the test gives.

import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto; // what browsers and Node 20 have as a global, and Node 18 only as a module

/** Lets everything run that can run without time passing. */
export async function settled() {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function fakeClock(start = 1_790_000_000_000) {
    let now = start;
    let last = 0;
    const timers = new Map();
    return {
        now: () => now,
        setTimeout(callback, delay) {
            timers.set((last += 1), { callback, at: now + delay });
            return last;
        },
        clearTimeout: (timer) => timers.delete(timer),
        /** ms until each timer that is set, soonest first */
        get pending() {
            return [...timers.values()].map(({ at }) => at - now).sort((a, b) => a - b);
        },
        /** Jumps, as the clock of a machine that sleeps or is set: what was due meanwhile is called then. */
        async sleep(ms) {
            now += ms;
            for (const timer of timers.values()) timer.at += Math.min(ms, 0);
            await this.advance(0);
        },
        async advance(ms) {
            await settled();
            const end = now + ms;
            for (;;) {
                const due = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
                if (!due) break;
                const [timer, { callback, at }] = due;
                timers.delete(timer);
                now = Math.max(now, at);
                callback();
                await settled();
            }
            now = end;
            await settled();
        },
    };
}

/** A network: `requests` grows with every fetch; each has answer(), fail(), stream() and `aborted`. */
export function fakeNetwork() {
    const requests = [];
    const network = {
        fetch,
        requests,
        isUp: false, // for who asks whether the server is back, which is none of the requests
        get last() {
            return requests.at(-1);
        },
    };
    function fetch(url, init = {}) {
        if (url.endsWith('/healthz'))
            return network.isUp ? Promise.resolve(Response.json({})) : Promise.reject(new TypeError('fetch failed'));
        return new Promise((resolve, reject) => {
            const request = {
                url,
                init,
                path: url.split('?')[0],
                query: Object.fromEntries(new URLSearchParams(url.split('?')[1])),
                aborted: false,
                answer(body, { status = 200, headers = {} } = {}) {
                    resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }));
                    return settled();
                },
                /** Answers with a stream: send(text), end(), cut(). */
                async stream({ status = 200, headers = { 'Content-Type': 'text/event-stream' } } = {}) {
                    let controller;
                    const body = new ReadableStream({ start: (given) => void (controller = given) });
                    const then = (act) => (value) => {
                        act(value);
                        return settled();
                    };
                    resolve(new Response(body, { status, headers }));
                    await settled();
                    return {
                        send: then((text) => controller.enqueue(new TextEncoder().encode(text))),
                        end: then(() => controller.close()),
                        cut: then(() => controller.error(new TypeError('reset'))),
                    };
                },
                fail() {
                    reject(new TypeError('fetch failed'));
                    return settled();
                },
            };
            const abort = () => {
                request.aborted = true;
                reject(new DOMException('aborted', 'AbortError'));
            };
            if (init.signal?.aborted) abort();
            init.signal?.addEventListener('abort', abort);
            requests.push(request);
        });
    }
    return network;
}

/** WebSockets that do what the test says: `last` has open(), send(thing), end(code) and `closed`. */
export function fakeSockets() {
    const sockets = [];
    class WebSocket {
        closed = false;
        constructor(url) {
            this.url = url;
            this.query = Object.fromEntries(new URL(url).searchParams);
            sockets.push(this);
        }
        close() {
            this.closed = true;
        }
    }
    const then = (event) => {
        const [name, facts] = event;
        sockets.at(-1)[name]?.(facts);
        return settled();
    };
    return {
        WebSocket,
        sockets,
        get last() {
            return sockets.at(-1);
        },
        open: () => then(['onopen', {}]),
        send: (thing) => then(['onmessage', { data: JSON.stringify(thing) }]),
        end: (code) => then(['onclose', { code }]),
    };
}

/** Reproducible randomness in [0, 1). */
export function seeded(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

export const message = (id, data = `text of ${id}`, from = 'ann', time = 1_790_000_000_000) => ({
    id,
    time,
    from,
    data,
});
