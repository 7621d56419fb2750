// Which transport to use: the preferred one, or the next in order where it does not get through.
//
// A transport is left when it fails in a way that is its own (no bytes through a proxy, a handshake refused). If the next one
// then fails too, the transport was not the reason: back to the preferred one. If it works, the preferred one is tried
// again after a while, later each time, since networks change.

const ORDERS = {
    auto: ['sse', 'websocket', 'poll'],
    sse: ['sse', 'poll'],
    websocket: ['websocket', 'sse', 'poll'],
    poll: ['poll'],
};
const FIRST_STAY = 5 * 60_000; // ms on another transport before the preferred one is tried again
const MAX_STAY = 60 * 60_000;

export class TransportFallback {
    #env;
    #order;
    #index = 0;
    #hasWorked = false; // the current transport, since it was chosen
    #stay = FIRST_STAY;
    #stayUntil = 0;

    /** @throws {TypeError} as check() */
    constructor(env, choice = 'auto') {
        this.#env = env;
        this.choose(choice);
    }

    /** @throws {TypeError} on what is not a transport */
    static check(choice) {
        if (!Object.hasOwn(ORDERS, choice)) throw new TypeError(`'${choice}' is not a transport`);
    }

    /** @throws {TypeError} as check() */
    choose(choice) {
        TransportFallback.check(choice);
        this.#order = ORDERS[choice].filter((transport) => transport !== 'websocket' || this.#env.WebSocket);
        this.reset();
    }

    get current() {
        return this.#order[this.#index];
    }

    /** Begins with the preferred one: a new network may let through what the old one did not. */
    reset() {
        this.#index = 0;
        this.#hasWorked = false;
        this.#stay = FIRST_STAY;
    }

    /** Before every connection: back to the preferred one when it is time. */
    retryPreferred() {
        if (this.#index === 0 || this.#env.now() < this.#stayUntil) return;
        this.#index = 0;
        this.#hasWorked = false;
        this.#stay = Math.min(MAX_STAY, this.#stay * 2);
    }

    /** The current transport gets through. */
    succeeded() {
        this.#hasWorked = true;
    }

    /** The current transport does not get through. @returns {boolean} whether there is another, to be tried at once */
    fallBack() {
        if (this.#index === this.#order.length - 1) return false;
        this.#index += 1;
        this.#hasWorked = false;
        this.#stayUntil = this.#env.now() + this.#stay;
        return true;
    }

    /** A failure that says nothing about the transport. */
    failed() {
        if (!this.#hasWorked) this.#index = 0;
    }
}
