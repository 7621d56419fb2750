// Where the page is: a server may be the whole of a site (`https://example.org/`), or be behind a path of it
// (`https://example.org/chat/`).

import { history, presence, publish, rooms, subscribe } from '../../client/anteroom.js';
import { roomFromPath, roomUrl } from './room.js';

/**
 * @param {string} root  the path at which the server is, with `/` at its end
 * @returns the calls of the client, for this server; and the addresses of rooms
 */
export function createSite(root) {
    const base = root.replace(/\/+$/, '');
    const at = (call) => (options) => call({ base, ...options });
    return {
        history: at(history),
        presence: at(presence),
        publish: at(publish),
        rooms: at(rooms),
        subscribe: at(subscribe),
        /** The room in a page's path; undefined if there is none. */
        roomFromPath: (path) => (path.startsWith(root) ? roomFromPath(`/${path.slice(root.length)}`) : undefined),
        /** The path of a room's page. */
        roomUrl: (room) => base + roomUrl(room),
    };
}
