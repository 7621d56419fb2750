// A client that follows its cursor, in whatever form it is told to use next: all that it ever knows is the cursor.

import { open } from './forms.mjs';
import { pause } from './waiting.mjs';

export class Follower {
    received = []; // {id, data, …} in the order of arrival
    gaps = [];
    connections = 0;
    failures = 0;
    keepAlives = 0;

    /**
     * `formOf(number)` is the form of the next connection, `most()` how many messages are taken from it before the next
     * one (a stream is then left in the middle of whatever it is sending).
     */
    constructor(url, { after = '0', formOf, most = () => Infinity, wait = 2, limit, patience = 2000, headers }) {
        const alive = () => this.keepAlives++;
        Object.assign(this, { url, cursor: after, formOf, most, asked: { wait, limit, patience, headers, alive } });
    }

    get missed() {
        return this.gaps.reduce((sum, gap) => sum + gap.missed, 0);
    }

    /** Follows until as many messages were received or reported as missed. */
    async reach(count, ms = 20_000) {
        const late = AbortSignal.timeout(ms);
        while (this.received.length + this.missed < count) {
            if (late.aborted)
                throw new Error(`${this.received.length} received and ${this.missed} missed in ${ms} ms, not ${count}`);
            const form = this.formOf(this.connections++);
            try {
                await this.#connect(form, count, late);
            } catch {
                this.failures++;
                await pause(5);
            }
        }
    }

    async #connect(form, count, late) {
        const leave = new AbortController();
        const most = this.received.length + this.most();
        const connection = open(form, {
            url: this.url,
            after: this.cursor,
            ...this.asked,
            signal: AbortSignal.any([leave.signal, late]),
        });
        try {
            for await (const { messages = [], gaps = [], next } of connection) {
                this.gaps.push(...gaps);
                this.received.push(...messages);
                if (next) this.cursor = next;
                if (this.received.length + this.missed >= count || this.received.length >= most) return;
            }
        } finally {
            leave.abort();
        }
    }
}
