// Where the page is: a server may be the whole of a site (`https://example.org/`), or be behind a path of it
// (`https://example.org/chat/`).

import { history, presence, publish, rooms, subscribe } from '../../client/anteroom.js';
import { answerEarly, createAddresses } from './early-messages.js';

/**
 * @param {string} root  the path at which the server is, with `/` at its end
 * @param {object} [early]  the early request
 * @returns the calls of the client, for this server; and the addresses of rooms
 */
export function createSite(root, early) {
    const { base, roomFromPath, roomUrl } = createAddresses(root);
    const fetch = answerEarly(early, (...request) => globalThis.fetch(...request));
    const at = (call) => (options) => call({ base, fetch, ...options });
    return {
        history: at(history),
        presence: at(presence),
        publish: at(publish),
        rooms: at(rooms),
        subscribe: at(subscribe),
        roomFromPath,
        roomUrl,
    };
}
