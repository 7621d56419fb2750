// What the client needs from the platform. A browser has all of it; Node 20 lacks Web Locks, tabs and WebSocket; a page that
// may keep nothing (sandboxed, site data blocked) has some of it in name only.

/** What a getter returns; `undefined` where it throws, as a browser's may where a page may keep nothing. */
function attempt(getter) {
    try {
        return getter();
    } catch {
        return undefined;
    }
}

/**
 * The server's address as what paths are appended to: without slashes at its end.
 * @throws {TypeError} outside of a page if it is missing or relative
 */
function checkedBase(base, fetch) {
    const text = String(base ?? '').replace(/\/+$/, '');
    const isRelative = !/^[a-z][a-z\d+.-]*:/i.test(text);
    if (isRelative && !fetch && attempt(() => globalThis.location?.href) === undefined) {
        throw new TypeError("Outside of a page, `base` has to be the server's address, such as 'http://localhost:8080'");
    }
    return text;
}

/**
 * The platform, with the replacements that the options give for parts of it; `undefined` for what does not exist.
 * @param {import('./anteroom.js').Environment} options
 * @throws {TypeError} if there is no telling where the server is
 */
export function environment(options) {
    const { fetch, setTimeout, clearTimeout, random, now } = options;
    const optional = (name, own) => (name in options ? options[name] : attempt(own));
    return {
        base: checkedBase(options.base, fetch),
        fetch: fetch ?? ((...request) => globalThis.fetch(...request)),
        setTimeout: setTimeout ?? ((...timer) => globalThis.setTimeout(...timer)),
        clearTimeout: clearTimeout ?? ((timer) => globalThis.clearTimeout(timer)),
        random: random ?? Math.random,
        now: now ?? (() => performance.now()), // a wall clock may jump
        wallClock: now ?? Date.now,
        WebSocket: optional('WebSocket', () => globalThis.WebSocket),
        BroadcastChannel: optional('BroadcastChannel', () => globalThis.BroadcastChannel),
        locks: optional('locks', () => globalThis.navigator?.locks),
        events: optional('events', () => globalThis),
        document: optional('document', () => globalThis.document),
    };
}

export const isHidden = (env) => env.document?.visibilityState === 'hidden';

/** Whether tabs can share a connection: locks elect a leader, a channel connects them. */
export const canShare = (env) => Boolean(env.locks && env.BroadcastChannel);

/**
 * Watches the page: the network is back, the page becomes visible or hidden, is left (or kept in the back/forward cache), or
 * restored from there.
 * @param {{onOnline: () => void, onVisible: () => void, onHidden: () => void, onPageHide: () => void,
 *   onPageShow: () => void}} callbacks
 * @returns {() => void} removes the listeners
 */
export function watchPage(env, { onOnline, onVisible, onHidden, onPageHide, onPageShow }) {
    const { events, document } = env;
    let isLeft = false;
    const changed = () => (isHidden(env) ? onHidden() : onVisible());
    const hidden = () => {
        isLeft = true;
        onPageHide();
    };
    const restored = () => {
        if (isLeft) onPageShow();
        isLeft = false;
    };
    const pairs = [
        [events, 'online', onOnline],
        [events, 'pagehide', hidden],
        [events, 'pageshow', restored],
        [document, 'visibilitychange', changed],
    ].filter(([target]) => target?.addEventListener);
    for (const [target, name, listener] of pairs) target.addEventListener(name, listener);
    return () => {
        for (const [target, name, listener] of pairs) target.removeEventListener(name, listener);
    };
}

/** A random unique string. Works without a secure context, unlike randomUUID(). */
export function randomKey(crypto = globalThis.crypto) {
    const bytes =
        attempt(() => crypto.getRandomValues(new Uint8Array(16))) ??
        Uint8Array.from({ length: 16 }, () => Math.random() * 256); // unique is enough
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
