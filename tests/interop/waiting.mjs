// Waiting for things to happen, never for time to pass: everything has a bound, and says what did not come.

import { setTimeout as pause } from 'node:timers/promises';

export { pause };

export async function within(ms, what, promise) {
    let timer;
    const late = new Promise((_, reject) => {
        const name = () => (typeof what === 'function' ? what() : what);
        timer = setTimeout(() => reject(new Error(`${name()} did not come within ${ms} ms`)), ms);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** Asks again and again, until `question` gives something true. */
export async function until(ms, what, question) {
    const end = Date.now() + ms;
    for (;;) {
        const answer = await question();
        if (answer) return answer;
        if (Date.now() > end) throw new Error(`${what} did not come within ${ms} ms`);
        await pause(10);
    }
}

/** A list that grows, and whoever waits for it to grow. */
export class Arrivals {
    all = [];
    #waiting = new Set();

    push(one) {
        this.all.push(one);
        this.#wake();
    }
    /** Nothing more will come; whoever still waits is told why. */
    end(why = new Error('it ended')) {
        this.ended ??= why;
        this.#wake();
    }
    async first(enough, ms = 5000, what = 'what is waited for') {
        const whole = typeof enough === 'number' ? () => this.all.length >= enough : () => enough(this.all);
        if (whole()) return this.all;
        await within(
            ms,
            () => `${what} (${this.all.length} came)`,
            new Promise((resolve, reject) => {
                const look = () => {
                    if (whole()) resolve();
                    else if (this.ended) reject(this.ended);
                    else return;
                    this.#waiting.delete(look);
                };
                this.#waiting.add(look);
                look();
            }),
        );
        return this.all;
    }
    #wake() {
        for (const look of [...this.#waiting]) look();
    }
}

/** A small random generator with a seed (mulberry32): the same seed gives the same test. */
export function dice(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return { next, below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)] };
}
