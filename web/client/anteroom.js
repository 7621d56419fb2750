// The client of an anteroom server: subscribes to rooms over long polls, server-sent events or a WebSocket, publishes, and
// reads history.
// No DOM and no dependencies: a browser, Node 20 and Deno run these modules as they are. anteroom.d.ts is the contract.

import { environment } from './platform.js';
import { AnteroomError, NOT_ANTEROOM, requestJson, query, roomPath } from './request.js';
import { parseResponse } from './wire.js';

export { publish, publishBatch } from './publish.js';
export { subscribe } from './subscribe.js';
export { AnteroomError };

/** Reads what a room holds, without waiting: the newest `limit` messages, or those before or after a cursor; oldest first. */
export async function history(options) {
    const { room, limit, before, after } = options;
    const url = `${roomPath(room)}/messages${query({ limit, before, after })}`;
    const { body } = await requestJson(environment(options), url, {});
    const { batch } = parseResponse(body, new Map([[room, undefined]]));
    const page = { room, messages: batch.messages, next: body.next, more: body.more === true };
    return batch.gaps.length > 0 ? { ...page, gaps: batch.gaps } : page;
}

/** Lists rooms in use, by name. */
export async function rooms(options = {}) {
    const { prefix, after, limit } = options;
    const { body } = await requestJson(environment(options), `/rooms${query({ prefix, after, limit })}`, {});
    if (Array.isArray(body?.rooms)) return body.rooms;
    throw new AnteroomError(NOT_ANTEROOM);
}

/** Lists who is present in a room. */
export async function presence(options) {
    const { body } = await requestJson(environment(options), `${roomPath(options.room)}/presence`, {});
    if (Array.isArray(body?.present)) return body;
    throw new AnteroomError(NOT_ANTEROOM);
}
