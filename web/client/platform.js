// What the client needs from where it runs. A browser has all of it; Node 20 lacks Web Locks, tabs and WebSocket.

/**
 * The platform, or what stands in for parts of it; `undefined` for what is not there.
 * @param {import('./anteroom.js').Environment} options
 */
export function environment(options) {
    const { base = '', fetch, setTimeout, clearTimeout, random, now } = options;
    const or = (name, own) => (name in options ? options[name] : own);
    return {
        base,
        fetch: fetch ?? ((...request) => globalThis.fetch(...request)),
        setTimeout: setTimeout ?? ((...timer) => globalThis.setTimeout(...timer)),
        clearTimeout: clearTimeout ?? ((timer) => globalThis.clearTimeout(timer)),
        random: random ?? Math.random,
        now: now ?? Date.now,
        WebSocket: or('WebSocket', globalThis.WebSocket),
        BroadcastChannel: or('BroadcastChannel', globalThis.BroadcastChannel),
        locks: or('locks', globalThis.navigator?.locks),
        events: or('events', globalThis),
        document: or('document', globalThis.document),
    };
}

export const isHidden = (env) => env.document?.visibilityState === 'hidden';

/** Tabs can share a connection: somebody decides who leads, and they can talk. */
export const canShare = (env) => Boolean(env.locks && env.BroadcastChannel);

/**
 * Tells what happens to the page: the network is back, somebody looks at it or away, it is put away (left, or kept aside
 * for the way back) or taken out again.
 * @param {{onOnline: () => void, onVisible: () => void, onHidden: () => void, onAway: () => void, onBack: () => void}} told
 * @returns {() => void} ends it
 */
export function watchPage(env, { onOnline, onVisible, onHidden, onAway, onBack }) {
    const { events, document } = env;
    let isAway = false;
    const looked = () => (isHidden(env) ? onHidden() : onVisible());
    const left = () => {
        isAway = true;
        onAway();
    };
    const returned = () => {
        if (isAway) onBack();
        isAway = false;
    };
    const pairs = [
        [events, 'online', onOnline],
        [events, 'pagehide', left],
        [events, 'pageshow', returned],
        [document, 'visibilitychange', looked],
    ].filter(([target]) => target?.addEventListener);
    for (const [target, name, listener] of pairs) target.addEventListener(name, listener);
    return () => {
        for (const [target, name, listener] of pairs) target.removeEventListener(name, listener);
    };
}

/** A random text that nobody else has. Works without a secure context, unlike randomUUID(). */
export function randomKey(crypto = globalThis.crypto) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
