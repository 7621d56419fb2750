// What anteroom.js offers. No DOM types are needed: the module runs in browsers, Node 20 and Deno.

/** One message. `id` is the room's cursor just after it; `room` is always set. */
export interface Message<Data = unknown> {
    room: string;
    id: string;
    /** ms since the Unix epoch, by the server's clock */
    time: number;
    /** the publisher's name, where it gave one */
    from?: string;
    data: Data;
}

/** Messages of a room that this subscription will not get. */
export interface Gap {
    room: string;
    reason: 'evicted' | 'restarted' | 'deleted';
    /** how many, where that is known; counted from this subscription's own cursor */
    missed?: number;
    /** the room's own (plain) cursor, from which it continues after the gap */
    next: string;
}

/** How messages are transported. */
export type Transport = 'sse' | 'websocket' | 'poll';

interface Common {
    /** The transport in use or being tried; after a fall-back it differs from the preferred one. */
    transport: Transport;
    /** Whether this subscription holds the connection. False: another tab does and passes the messages on. */
    leads: boolean;
}

/**
 * connecting: a response is awaited. live: the rooms are being followed. waiting: the next attempt is `delay` ms away.
 * failed, superseded: the subscription is over (a request that cannot succeed; a newer subscription with the same `client`).
 */
export type State =
    | (Common & { state: 'connecting'; attempt: number })
    | (Common & { state: 'live' })
    | (Common & { state: 'waiting'; attempt: number; delay: number; draining: boolean; error?: AnteroomError })
    | (Common & { state: 'failed'; error: AnteroomError })
    | (Common & { state: 'superseded' });

/** Where the server is, and replacements for parts of the platform (for tests and for hosts that lack something). */
export interface Environment {
    /**
     * Where the server is: its origin, and a path if it is behind one (`https://example.org/chat`). A page's own origin if it is
     * missing; outside of a page it is required.
     */
    base?: string | null;
    fetch?: typeof globalThis.fetch;
    setTimeout?: (callback: () => void, ms: number) => any;
    clearTimeout?: (timer: any) => void;
    random?: () => number;
    /** ms on a clock that never jumps: performance.now() */
    now?: () => number;
    /** a constructor as in browsers; without one there is no transport 'websocket' */
    WebSocket?: any;
    BroadcastChannel?: any;
    /** as navigator.locks */
    locks?: any;
    /** the target of `online`, `pagehide` and `pageshow` events: globalThis */
    events?: any;
    /** whose `visibilityState` counts: globalThis.document */
    document?: any;
}

export interface History<Data = unknown> {
    room: string;
    /** oldest first */
    messages: Message<Data>[];
    /** the room's own cursor to subscribe from */
    next: string;
    more: boolean;
    /** of messages between the cursor that was asked for and the first one, if there are any that are gone */
    gaps?: Gap[];
}

/** refresh: joins or leaves may have been missed, or the subscription has just begun: read presence() now. */
export type PresenceEvent =
    { room: string; event: 'join' | 'leave'; as: string; time: number } | { room: string; event: 'refresh' };

export type After = string | null | Record<string, string | null | undefined>;

export interface SubscribeOptions<Data = unknown> extends Environment {
    /** the rooms to follow, 1 to 100 (half as many with onPresence); `room` is an alias */
    rooms?: string | string[];
    room?: string | string[];
    /**
     * Where to resume: what `cursor` was (`a@k3f9x-42,b@p0q1r-7`), or for a single room its own cursor or a message's id, or an
     * object with such a cursor for each room by name. '0' is the beginning of every room. Rooms without a cursor begin
     * with `history`, or now.
     */
    after?: After;
    /** every room without a cursor begins with its newest messages, at most so many, which go to onHistory */
    history?: number;
    /**
     * Which transport to prefer; 'auto' if not given: 'sse', then 'websocket', then 'poll'. Where the preferred one
     * does not get through (a proxy that buffers streams, no WebSocket on this platform) the next one is used, and the
     * preferred one tried again later. A change of transport neither loses nor repeats a message.
     */
    transport?: 'auto' | Transport;
    /** one connection for all tabs that subscribe with the same `base`, `as` and `client`; true where there are tabs */
    share?: boolean;
    /** the name to be present under, and for nothing else */
    as?: string;
    /** id of this client; a newer subscription with the same one supersedes this */
    client?: string;
    /** seconds that a poll may wait; 25 */
    wait?: number;
    /** messages in the response of a poll; the server's default */
    limit?: number;
    onHistory?: (history: History<Data>) => unknown;
    /** `cursor`: this subscription's cursor after these messages, for a later `after` */
    onMessages?: (messages: Message<Data>[], cursor: string) => unknown;
    onGap?: (gap: Gap, cursor: string) => unknown;
    onState?: (state: State) => unknown;
    /** joins and leaves in the rooms; the rooms `NAME:presence` are then followed too, and reported nowhere else */
    onPresence?: (event: PresenceEvent) => unknown;
}

export interface Subscription {
    /** Ends it: no callback is called any more. Other tabs are not affected. */
    close(): void;
    /** Ends a pause, or reconnects (the network came back). Does nothing once the subscription is over. */
    retryNow(): void;
    /** Everything up to it was delivered, in every room (`a@k3f9x-42,b@p0q1r-7`); undefined before the first response. */
    readonly cursor: string | undefined;
    /** One room's own cursor; undefined if the room is not followed or its cursor not yet known. */
    cursorOf(room: string): string | undefined;
    readonly rooms: string[];
    readonly state: State;
    /** Sets the rooms to follow. Those that stay continue from their cursors; new ones begin as `after` or `history` say. */
    setRooms(rooms: string | string[], begin?: { after?: After }): void;
    add(room: string, begin?: { after?: After }): void;
    remove(room: string): void;
    /** Changes the transport; where the connection is shared, for all tabs. */
    setTransport(transport: 'auto' | Transport): void;
    /** Changes the name that this tab is present under; it then shares its connection with tabs of the same name. */
    setAs(name: string | undefined): void;
}

/**
 * Follows rooms until close(). Callbacks are called one at a time, with each room's messages in the room's order and gaps
 * before the messages after them; a promise that one returns is awaited before the next; what one throws is reported to the console
 * and has no other effect.
 * @throws {TypeError} on an invalid room name or cursor
 */
export function subscribe<Data = unknown>(options: SubscribeOptions<Data>): Subscription;

export interface PublishOptions extends Environment {
    /** one room, or several in `rooms`: then the message is appended to all of them or to none */
    room?: string;
    rooms?: string[];
    as?: string;
    /** the `Idempotency-Key`; random if not given. Give the same one to send the same message again. */
    key?: string;
    /** attempts in all; 5 */
    attempts?: number;
    signal?: AbortSignal;
}

export interface Receipt {
    /** the message's id; of several rooms `a@k3f9x-43,b@p0q1r-8` */
    id: string;
    time: number;
    subscribers: number;
    duplicate?: boolean;
}

export interface BatchReceipt {
    ids: string[];
    time: number;
    subscribers: number;
    duplicate?: boolean;
}

/**
 * Publishes one message, a string as text and anything else as JSON, once: without a response it is retried with the same
 * key, after pauses with full jitter and `Retry-After`.
 * @throws {AnteroomError} when refused or out of attempts: see `uncertain`, and send it again with the error's `key`
 */
export function publish(options: PublishOptions & { data: unknown }): Promise<Receipt>;

/** Publishes several messages of any kind: all of them, adjacent in the room, or none. */
export function publishBatch(options: PublishOptions & { messages: unknown[] }): Promise<BatchReceipt>;

/** Reads what a room holds, without waiting: the newest `limit` messages, or those before or after a cursor; oldest first. */
export function history<Data = unknown>(
    options: Environment & { room: string; limit?: number; before?: string; after?: string },
): Promise<History<Data>>;

export interface RoomFacts {
    room: string;
    messages: number;
    bytes: number;
    first: string;
    last: string;
    subscribers: number;
}

/** Rooms in use, by name. */
export function rooms(
    options?: Environment & { prefix?: string; after?: string; limit?: number },
): Promise<RoomFacts[]>;

/** Who is in a room; `since` in ms since the Unix epoch. */
export function presence(
    options: Environment & { room: string },
): Promise<{ present: { as: string; since: number }[]; subscribers: number }>;

/** What every call here rejects with, and what a `waiting` or `failed` state carries. `message` is for people. */
export class AnteroomError extends Error {
    /** the HTTP status; 0: there was no response */
    readonly status: number;
    readonly title: string;
    /** ms, where the server sent `Retry-After` */
    readonly retryAfter?: number;
    /** of a publish: the key of its attempts */
    readonly key?: string;
    /** The same request would be refused again, however long one waits. */
    get lasting(): boolean;
    /** Of a publish: the message may have been appended or not. Sending it again with the same key is safe. */
    get uncertain(): boolean;
}
