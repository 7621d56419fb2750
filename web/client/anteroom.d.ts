// What anteroom.js offers. No DOM types are needed: the module runs in browsers, Node 20 and Deno.

/** One message. `id` is the room's cursor just after it; `room` is always there. */
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
    /** how many, where that can be known; counted from this subscription's own cursor */
    missed?: number;
    /** the room's own (plain) cursor where it goes on after the gap */
    next: string;
}

/** How messages come: one of these is in use. */
export type Transport = 'sse' | 'websocket' | 'poll';

interface Common {
    /** The transport in use or being tried; it differs from the one asked for after a fall-back. */
    transport: Transport;
    /** This subscription holds the connection. False: another tab does and passes the messages on. */
    leads: boolean;
}

/**
 * connecting: an answer is awaited. live: the rooms are being followed. waiting: the next try is `delay` ms away.
 * failed, superseded: it is over (a request that cannot succeed; a newer subscription with the same `client`).
 */
export type State =
    | (Common & { state: 'connecting'; attempt: number })
    | (Common & { state: 'live' })
    | (Common & { state: 'waiting'; attempt: number; delay: number; draining: boolean; error?: AnteroomError })
    | (Common & { state: 'failed'; error: AnteroomError })
    | (Common & { state: 'superseded' });

/** Where the server is, and stand-ins for the platform (for tests and for hosts that lack something). */
export interface Environment {
    /** the server's address without a path, `''` for this page's own origin */
    base?: string;
    fetch?: typeof globalThis.fetch;
    setTimeout?: (callback: () => void, ms: number) => any;
    clearTimeout?: (timer: any) => void;
    random?: () => number;
    now?: () => number;
    /** a constructor as in browsers; without one there is no transport 'websocket' */
    WebSocket?: any;
    BroadcastChannel?: any;
    /** as navigator.locks */
    locks?: any;
    /** where `online`, `pagehide` and `pageshow` happen: globalThis */
    events?: any;
    /** what is hidden or visible: globalThis.document */
    document?: any;
}

export interface History<Data = unknown> {
    room: string;
    /** oldest first */
    messages: Message<Data>[];
    /** the room's own cursor to subscribe from */
    next: string;
    more: boolean;
}

/** refresh: joins or leaves may have been missed, or it is the beginning: read presence() now. */
export type PresenceEvent =
    { room: string; event: 'join' | 'leave'; as: string; time: number } | { room: string; event: 'refresh' };

export type After = string | Record<string, string | undefined>;

export interface SubscribeOptions<Data = unknown> extends Environment {
    /** the rooms to follow, 1 to 100 (half as many with onPresence); `room` is another word for the same */
    rooms?: string | string[];
    room?: string | string[];
    /**
     * Where to go on from: what `cursor` was (`a@k3f9x-42,b@p0q1r-7`), or for a single room its own cursor or a
     * message's id, or such a cursor for each room by its name. '0' is the beginning of every room. Rooms without a cursor
     * begin with `history`, or now.
     */
    after?: After;
    /** begin every room that has no cursor with its newest so many messages, handed to onHistory */
    history?: number;
    /**
     * Which transport to prefer; 'auto' if not given: 'sse', then 'websocket', then 'poll'. Whichever is asked for, where
     * it does not get through (a proxy that holds streams back, no WebSocket here) the next one is taken and the first
     * tried again later. Changing it loses and repeats nothing.
     */
    transport?: 'auto' | Transport;
    /** one connection for all tabs that subscribe with the same `base`, `as` and `client`; true where there are tabs */
    share?: boolean;
    /** the name to be present under, and for nothing else */
    as?: string;
    /** id of this client; a newer subscription with the same one supersedes this */
    client?: string;
    /** seconds that a poll may hang; 25 */
    wait?: number;
    /** messages in one polled answer; the server's default */
    limit?: number;
    onHistory?: (history: History<Data>) => unknown;
    /** `cursor`: this subscription's place after these messages, to be given to `after` one day */
    onMessages?: (messages: Message<Data>[], cursor: string) => unknown;
    onGap?: (gap: Gap, cursor: string) => unknown;
    onState?: (state: State) => unknown;
    /** joins and leaves in the rooms; the rooms `NAME:presence` are then followed, too, and shown nowhere else */
    onPresence?: (event: PresenceEvent) => unknown;
}

export interface Subscription {
    /** Ends it: no callback is called any more. The other tabs go on. */
    close(): void;
    /** Ends a pause, or asks anew on a fresh connection (the network came back). Nothing once it is over. */
    retryNow(): void;
    /** Everything up to it was handed over, in every room (`a@k3f9x-42,b@p0q1r-7`); undefined before the first answer. */
    readonly cursor: string | undefined;
    /** One room's own cursor; undefined if it is not followed or not yet known. */
    cursorOf(room: string): string | undefined;
    readonly rooms: string[];
    readonly state: State;
    /** Follows these rooms from here on. Those that stay go on from their cursors; new ones begin as `after` or `history` say. */
    setRooms(rooms: string | string[], begin?: { after?: After }): void;
    add(room: string, begin?: { after?: After }): void;
    remove(room: string): void;
    /** Changes the transport; where the connection is shared, for all tabs. */
    setTransport(transport: 'auto' | Transport): void;
    /** Changes the name to be present under, of this tab: it then shares its connection with tabs of the same name. */
    setAs(name: string | undefined): void;
}

/**
 * Follows rooms until close(). Callbacks are called one at a time, each room's messages in the room's order, gaps before the
 * messages after them; a promise that one returns is awaited before the next; what one throws is reported to the console
 * and changes nothing.
 * @throws {TypeError} on a room name or a cursor that cannot be one
 */
export function subscribe<Data = unknown>(options: SubscribeOptions<Data>): Subscription;

export interface PublishOptions extends Environment {
    /** one room, or several in `rooms`: then it is appended to all of them or to none */
    room?: string;
    rooms?: string[];
    as?: string;
    /** the `Idempotency-Key`; made up where there is none. Give the same one to send the same message again. */
    key?: string;
    /** tries in all; 5 */
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
 * Publishes one message, a string as text and anything else as JSON, once: a lost answer is asked for again with the
 * same key, with pauses of full jitter, and `Retry-After` waited out.
 * @throws {AnteroomError} when refused or out of tries: look at `uncertain`, and send again with the error's `key`
 */
export function publish(options: PublishOptions & { data: unknown }): Promise<Receipt>;

/** Publishes several messages of any kind, all of them next to each other or none. */
export function publishBatch(options: PublishOptions & { messages: unknown[] }): Promise<BatchReceipt>;

/** Reads what a room holds, at once: the newest `limit` messages, or those before or after a cursor; oldest first. */
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
    /** the HTTP status; 0: there was no answer */
    readonly status: number;
    readonly title: string;
    /** ms, where the server named a time */
    readonly retryAfter?: number;
    /** of a publish: the key that it was tried with */
    readonly key?: string;
    /** The same request would be refused again, however long one waits. */
    get lasting(): boolean;
    /** Of a publish: the message may have been appended or not. Sending it again with the same key is safe. */
    get uncertain(): boolean;
}
