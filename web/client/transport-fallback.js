// Which transport to use: the one asked for, or a lower rung where it does not get through.
//
// A rung is left when it fails in a way that is its own (no bytes through a proxy, a handshake refused). If the rung below
// then fails, too, the transport was not the reason: back to the top. If it works, the top is tried again after a
// while, later each time, since networks change.

const RUNGS = {
    auto: ['sse', 'websocket', 'poll'],
    sse: ['sse', 'poll'],
    websocket: ['websocket', 'sse', 'poll'],
    poll: ['poll'],
};
const FIRST_STAY = 5 * 60_000; // ms on a lower rung before the top is tried again
const LONGEST_STAY = 60 * 60_000;

export class Ladder {
    #env;
    #rungs;
    #at = 0;
    #hasWorked = false;
    #stay = FIRST_STAY;
    #until = 0;

    constructor(env, choice = 'auto') {
        this.#env = env;
        this.choose(choice);
    }

    /** @throws {TypeError} on what is no transport */
    static check(choice) {
        if (!Object.hasOwn(RUNGS, choice)) throw new TypeError(`'${choice}' is not a transport`);
    }

    /** @throws {TypeError} as check() */
    choose(choice) {
        Ladder.check(choice);
        this.#rungs = RUNGS[choice].filter((rung) => rung !== 'websocket' || this.#env.WebSocket);
        this.reset();
    }

    get current() {
        return this.#rungs[this.#at];
    }

    /** Begins at the top: a new network may let through what the old one did not. */
    reset() {
        this.#at = 0;
        this.#hasWorked = false;
        this.#stay = FIRST_STAY;
    }

    /** Before every connection: back to the top when it is time. */
    climb() {
        if (this.#at === 0 || this.#env.now() < this.#until) return;
        this.#at = 0;
        this.#hasWorked = false;
        this.#stay = Math.min(LONGEST_STAY, this.#stay * 2);
    }

    worked() {
        this.#hasWorked = true;
    }

    /** The rung does not get through; true if there is another below it, to be tried at once. */
    blocked() {
        if (this.#at === this.#rungs.length - 1) return false;
        this.#at += 1;
        this.#hasWorked = false;
        this.#until = this.#env.now() + this.#stay;
        return true;
    }

    /** A failure that says nothing about the rung. */
    failed() {
        if (!this.#hasWorked) this.#at = 0;
    }
}
