// Pauses between tries: full jitter under a bound that doubles, `Retry-After` on top, and an end to each at any time.

const FIRST_PAUSE = 500; // ms; the bound of the first pause, doubled with every failure in a row
const LONGEST_PAUSE = 30_000;
const UNHURRIED = 3; // a page that nobody looks at waits as if it had failed so many times more

/** A pause in ms before try number `attempt` (from 0): anything between nothing and a bound that doubles to 30 s. */
export function jitter(random, attempt) {
    return random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempt, 16));
}

export class Backoff {
    /** failures in a row */
    attempt = 0;
    #env;
    #isHidden;
    #report;
    #end = () => {};

    /** @param {{isHidden?: () => boolean, report?: (state: object) => void}} how */
    constructor(env, { isHidden = () => false, report = () => {} } = {}) {
        this.#env = env;
        this.#isHidden = isHidden;
        this.#report = report;
    }

    reset() {
        this.attempt = 0;
    }

    /** Stays away after a failure or because the server asked to. */
    async stayAway({ error, draining = false, retryAfter = error?.retryAfter ?? 0 }) {
        const unhurried = this.#isHidden() ? UNHURRIED : 0;
        const delay = Math.round(jitter(this.#env.random, this.attempt + unhurried) + retryAfter);
        this.attempt += 1;
        const { attempt } = this;
        this.#report({ state: 'waiting', attempt, delay, draining, error });
        await this.pause(delay);
        this.#report({ state: 'connecting', attempt });
    }

    async pause(delay) {
        await new Promise((resolve) => {
            const timer = this.#env.setTimeout(resolve, delay);
            this.#end = () => {
                this.#env.clearTimeout(timer);
                resolve();
            };
        });
        this.#end = () => {};
    }

    /** Ends the pause that is under way. */
    end() {
        this.#end();
    }
}
