// A browser in memory: tabs that share locks and channels, and can be looked at, put away, frozen, or die.

import { setMaxListeners } from 'node:events';

export function fakeBrowser(clock, chance = () => 0.5) {
    const locks = new Map(); // name -> {holder, queue}
    const channels = new Map(); // name -> Set of channels

    function lockOf(name) {
        if (!locks.has(name)) locks.set(name, { holder: undefined, queue: [] });
        return locks.get(name);
    }

    function grant(name) {
        const lock = lockOf(name);
        if (lock.holder || lock.queue.length === 0) return;
        const request = lock.queue.shift();
        lock.holder = request;
        request.tab.run(async () => {
            let result;
            try {
                result = await request.callback({ name });
            } finally {
                if (lock.holder === request) {
                    lock.holder = undefined;
                    grant(name);
                    request.resolve(result);
                }
            }
        });
    }

    const lost = () => new DOMException('The lock is gone.', 'AbortError');

    function requestLock(tab, name, options, callback) {
        return new Promise((resolve, reject) => {
            const lock = lockOf(name);
            const request = {
                tab,
                callback,
                resolve: (value) => tab.run(() => resolve(value)),
                reject: (error) => tab.run(() => reject(error)),
            };
            if (options.steal) {
                const before = lock.holder;
                lock.holder = undefined;
                lock.queue.unshift(request);
                before?.reject(lost());
            } else {
                lock.queue.push(request);
                options.signal?.addEventListener('abort', () => {
                    if (!lock.queue.includes(request)) return;
                    lock.queue.splice(lock.queue.indexOf(request), 1);
                    request.reject(lost());
                });
            }
            queueMicrotask(() => grant(name));
        });
    }

    /** A tab's platform; `fetch` and `WebSocket` are those of the network. */
    function open({ fetch, WebSocket, base }) {
        let isAlive = true;
        let backlog; // what happens while it is frozen
        const dying = new AbortController();
        setMaxListeners(0, dying.signal);
        const mine = new Set(); // channels
        const events = new EventTarget();
        const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
        const tab = {
            requests: 0,
            sleepy: false, // its timers run late, as those of hidden tabs do
            /** Does what happens to the tab, unless it is dead; later, if it is frozen. */
            run(callback) {
                if (!isAlive) return;
                if (backlog) backlog.push(callback);
                else callback();
            },
            crash() {
                isAlive = false;
                dying.abort();
                for (const channel of mine) channel.close();
                for (const [name, lock] of locks) {
                    lock.queue = lock.queue.filter((request) => request.tab !== tab);
                    if (lock.holder?.tab === tab) lock.holder = undefined;
                    grant(name);
                }
            },
            freeze() {
                backlog ??= [];
            },
            thaw() {
                const missed = backlog ?? [];
                backlog = undefined;
                for (const callback of missed) tab.run(callback);
            },
            look(isLooking) {
                document.visibilityState = isLooking ? 'visible' : 'hidden';
                document.dispatchEvent(new Event('visibilitychange'));
            },
            say: (event) => events.dispatchEvent(new Event(event)),
        };

        class BroadcastChannel {
            due = 0;
            constructor(name) {
                this.name = name;
                if (!channels.has(name)) channels.set(name, new Set());
                channels.get(name).add(this);
                mine.add(this);
            }

            postMessage(data) {
                for (const other of channels.get(this.name)) if (other !== this) other.deliver(structuredClone(data));
            }

            deliver(data) {
                this.due = Math.max(this.due, clock.now() + Math.floor(chance() * 10));
                clock.setTimeout(
                    () => tab.run(() => mine.has(this) && this.onmessage?.({ data })),
                    this.due - clock.now(),
                );
            }

            close() {
                channels.get(this.name).delete(this);
                mine.delete(this);
            }
        }

        const env = {
            base,
            now: clock.now,
            setTimeout: (callback, ms) =>
                clock.setTimeout(() => tab.run(callback), tab.sleepy ? Math.max(ms, 60_000) : ms),
            clearTimeout: clock.clearTimeout,
            fetch(url, init) {
                tab.requests += 1;
                const signal = init.signal ? AbortSignal.any([init.signal, dying.signal]) : dying.signal;
                return fetch(url, { ...init, signal });
            },
            WebSocket: class extends WebSocket {
                constructor(url) {
                    super(url);
                    dying.signal.addEventListener('abort', () => this.close());
                }
            },
            BroadcastChannel,
            locks: { request: (...request) => requestLock(tab, ...request) },
            events,
            document,
        };
        return Object.assign(tab, { env });
    }

    return { open };
}
