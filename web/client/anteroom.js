// The client of an anteroom server: follows rooms over long polls, server-sent events or a WebSocket, publishes, reads.
// No DOM and no dependencies: a browser, Node 20 and Deno run these modules as they are. anteroom.d.ts is the contract.

import { environment } from './platform.js';
import { AnteroomError, NOT_ANTEROOM, ask, query, roomPath } from './request.js';
import { answer } from './wire.js';

export { publish, publishBatch } from './publish.js';
export { subscribe } from './subscribe.js';
export { AnteroomError };

/** Reads what a room holds, at once: the newest `limit` messages, or those before or after a cursor; oldest first. */
export async function history(options) {
    const { room, limit, before, after } = options;
    const url = `${roomPath(room)}/messages${query({ limit, before, after })}`;
    const { body } = await ask(environment(options), url, {});
    const { batch } = answer(body, new Map([[room, undefined]]));
    return { room, messages: batch.messages, next: body.next, more: body.more === true };
}

/** Lists rooms in use, by name. */
export async function rooms(options = {}) {
    const { prefix, after, limit } = options;
    const { body } = await ask(environment(options), `/rooms${query({ prefix, after, limit })}`, {});
    if (Array.isArray(body?.rooms)) return body.rooms;
    throw new AnteroomError(NOT_ANTEROOM);
}

/** Tells who is in a room. */
export async function presence(options) {
    const { body } = await ask(environment(options), `${roomPath(options.room)}/presence`, {});
    if (Array.isArray(body?.present)) return body;
    throw new AnteroomError(NOT_ANTEROOM);
}
