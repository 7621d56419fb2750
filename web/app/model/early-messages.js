// The newest messages of a room, requested while most of the page is still loading: without waiting for each other the two take
// a round trip less. early.js sends the request; the page's first one for the same is answered by it.

import { roomFromPath, roomUrl } from './room.js';

/** Messages that a room begins with. */
export const NEWEST = 100;

/** Where rooms are, for a server at `root`, a path with `/` at its end. */
export function createAddresses(root) {
    const base = root.replace(/\/+$/, '');
    return {
        base,
        /** The room in a page's path; undefined if there is none. */
        roomFromPath: (path) => (path.startsWith(root) ? roomFromPath(`/${path.slice(root.length)}`) : undefined),
        /** The path of a room's page. */
        roomUrl: (room) => base + roomUrl(room),
    };
}

/** Requests the messages of the room at a path. @returns {object|undefined} for answerEarly(); undefined if there is no room */
export function requestEarly(root, path, fetch) {
    const addresses = createAddresses(root);
    const room = addresses.roomFromPath(path);
    if (!room) return undefined;
    const url = `${addresses.roomUrl(room)}/messages?limit=${NEWEST}`;
    const controller = new AbortController();
    const { signal } = controller;
    const response = fetch(url, { cache: 'no-store', headers: { Accept: 'application/json' }, signal });
    response.catch(() => {}); // whoever waits for it gets the error
    return { url, response, abort: () => controller.abort() };
}

/** A fetch() that answers the first request for these messages with the response to the early one. */
export function answerEarly(early, fetch) {
    let left = early;
    return (url, options) => {
        if (url !== left?.url) return fetch(url, options);
        const { response, abort } = left;
        left = undefined;
        options?.signal?.addEventListener('abort', abort);
        return response;
    };
}
