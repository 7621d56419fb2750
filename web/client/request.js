// One request to an anteroom server: its path, its deadline, and its failures as errors that say what to do next.

/** ms that a response may take beyond the time that the server was asked to wait. */
export const RESPONSE_GRACE = 10_000;

const MAX_TIMER = 2 ** 31 - 60_000; // setTimeout takes 31 bits of ms; room for jitter on top

/** What requestJson() rejects with when its signal was aborted. */
export const ABORTED = Symbol('interrupted');

export const NOT_ANTEROOM = 'The answer was not from an anteroom server.';
export const UNREACHABLE = 'The server cannot be reached.';

/**
 * What every call of the client rejects with, and what a `waiting` or `failed` state carries.
 * `message` is for people: the `detail` of the server's problem+json where there was one.
 */
export class AnteroomError extends Error {
    /**
     * @param {string} message
     * @param {{status?: number, title?: string, retryAfter?: number, cause?: unknown, blocked?: boolean}} [facts]
     *   status 0: there was no response; retryAfter in ms; blocked: another transport may get through
     */
    constructor(message, { status = 0, title = '', retryAfter, cause, blocked = false } = {}) {
        super(message, { cause });
        this.name = 'AnteroomError';
        this.status = status;
        this.title = title;
        this.retryAfter = retryAfter;
        this.blocked = blocked;
        /** Of a publish: so it was after an earlier attempt. */
        this.wasUncertain = false;
    }

    /** The same request would be refused again, however long one waits. */
    get lasting() {
        return this.status >= 400 && this.status < 500 && ![408, 425, 429].includes(this.status);
    }

    /** Of a publish: the response was lost, so that the message may have been appended or not. */
    get uncertain() {
        return this.wasUncertain || this.status < 400 || (this.status >= 500 && this.status !== 503);
    }
}

/** `Retry-After` (seconds or a date) in ms from now; undefined if it is neither. */
export function retryAfterMs(value, now) {
    if (!value) return undefined;
    const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
    return Number.isFinite(ms) ? Math.max(0, Math.min(ms, MAX_TIMER)) : undefined;
}

/**
 * The room's path. In URLs `.` and `..` are dot segments, even percent-encoded: a request for such a room would reach another
 * path, so these two are refused here.
 * @throws {TypeError|URIError} on a room name that no URL can carry
 */
export function roomPath(room) {
    if (!room || room === '.' || room === '..') throw new TypeError(`'${room}' cannot be a room in an address`);
    return `/room/${encodeURIComponent(room)}`;
}

/** `?a=1&b=2` of the values that are neither missing nor empty, or nothing; `@` and `,` stay readable in cursors. */
export function query(values) {
    const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
    const text = String(new URLSearchParams(present)).replaceAll('%40', '@').replaceAll('%2C', ',');
    return text && `?${text}`;
}

const PROBE_DEADLINE = 3000; // ms

/** Whether the server answers. @returns {Promise<boolean>} */
export const isUp = (env) =>
    requestJson(env, '/healthz', { deadline: PROBE_DEADLINE }).then(
        () => true,
        () => false,
    );

/**
 * Sends a request and reads its JSON response.
 * @param {object} request  as for fetch(), and `deadline` in ms for the whole of it
 * @returns {Promise<{body: any, retryAfter?: number}>}
 * @throws {AnteroomError} on no response, no success or no JSON; ABORTED once `signal` is aborted
 */
export async function requestJson(env, path, { signal, deadline = RESPONSE_GRACE, headers, ...request }) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    let isLate = false;
    const timer = env.setTimeout(() => {
        isLate = true;
        abort();
    }, deadline);
    signal?.addEventListener('abort', abort);
    try {
        const response = await env.fetch(env.base + path, {
            cache: 'no-store',
            ...request,
            headers: { Accept: 'application/json', ...headers },
            signal: controller.signal,
        });
        const retryAfter = retryAfterMs(response.headers.get('Retry-After'), env.wallClock());
        if (!response.ok) throw await responseError(response, retryAfter);
        return { body: await response.json(), retryAfter };
    } catch (error) {
        if (error instanceof AnteroomError) throw error;
        if (signal?.aborted) throw ABORTED;
        if (isLate) throw new AnteroomError('The server did not answer in time.', { cause: error });
        const unreadable = error instanceof SyntaxError;
        throw new AnteroomError(unreadable ? NOT_ANTEROOM : UNREACHABLE, { cause: error });
    } finally {
        env.clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
    }
}

/** The error for a response without success. */
export async function responseError(response, retryAfter) {
    const { status } = response;
    const body = await response.json().catch(() => ({})); // a proxy's error page is not problem+json
    const title = typeof body?.title === 'string' ? body.title : response.statusText;
    const detail = typeof body?.detail === 'string' ? body.detail : title || `The server answered ${status}.`;
    return new AnteroomError(detail, { status, title, retryAfter });
}
