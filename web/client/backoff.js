// Pauses between attempts: full jitter under a bound that doubles, `Retry-After` on top; each can be cancelled at any time. In a
// long pause because nobody answers, the server is asked now and then whether it is back.

const FIRST_PAUSE = 500; // ms; the bound of the first pause, doubled with every failure in a row
const MAX_PAUSE = 30_000;
const PROBE_INTERVAL = 3000; // ms between two probes, more or less
const HIDDEN_ATTEMPTS = 3; // a hidden page waits as if it had failed so many times more

/** A pause in ms before attempt number `attempt` (from 0): uniform between 0 and a bound that doubles up to 30 s. */
export function jitter(random, attempt) {
    return random() * Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempt, 16));
}

export class Backoff {
    /** consecutive failures */
    attempt = 0;
    #env;
    #isHidden;
    #report;
    #probe;
    #cancel = () => {};
    #isCancelled = false;

    /**
     * @param {{isHidden?: () => boolean, report?: (state: object) => void, probe?: () => Promise<boolean>}} [options]
     *   report: gets the states `waiting` and, after the pause, `connecting`; probe: whether the server answers again
     */
    constructor(env, { isHidden = () => false, report = () => {}, probe } = {}) {
        this.#env = env;
        this.#isHidden = isHidden;
        this.#report = report;
        this.#probe = probe;
    }

    reset() {
        this.attempt = 0;
    }

    /** Waits after a failure, or because the server asked for it; counts as a failure until reset(). */
    async wait({ error, draining = false, retryAfter = error?.retryAfter ?? 0 }) {
        const extra = this.#isHidden() ? HIDDEN_ATTEMPTS : 0;
        const delay = Math.round(jitter(this.#env.random, this.attempt + extra) + retryAfter);
        this.attempt += 1;
        const { attempt } = this;
        this.#report({ state: 'waiting', attempt, delay, draining, error });
        this.#isCancelled = false;
        if (this.#probe && !draining && isAway(error)) await this.#pauseUntilBack(delay);
        else await this.pause(delay);
        this.#report({ state: 'connecting', attempt });
    }

    /** Waits `delay` ms, or until cancel(). */
    async pause(delay) {
        await new Promise((resolve) => {
            const timer = this.#env.setTimeout(resolve, delay);
            this.#cancel = () => {
                this.#env.clearTimeout(timer);
                resolve();
            };
        });
        this.#cancel = () => {};
    }

    async #pauseUntilBack(delay) {
        const end = this.#env.now() + delay;
        const left = () => end - this.#env.now();
        for (;;) {
            await this.pause(Math.min(left(), PROBE_INTERVAL * (0.75 + this.#env.random() / 2)));
            if (left() <= 0 || this.#isCancelled) return;
            if (this.#isHidden()) continue;
            // A probe takes its time where nothing answers: the pause ends when it was announced to end.
            const isOver = this.pause(left()).then(() => false);
            const isBack = await Promise.race([this.#probe(), isOver]);
            this.#cancel();
            await isOver;
            if (isBack || this.#isCancelled) return;
        }
    }

    /** Ends the current pause at once; nothing if there is none. */
    cancel() {
        this.#isCancelled = true;
        this.#cancel();
    }
}

/** Nobody has answered, or a proxy that did not reach the server: a 503 of the server itself has `Retry-After`. */
const isAway = (error) =>
    error !== undefined && error.retryAfter === undefined && [0, 502, 503, 504].includes(error.status);
