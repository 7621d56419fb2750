// A network that fails on command, or by a seeded plan: passes TCP connections on, late, in single bytes, not at all
// for a while, or until it cuts them.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { pause } from './waiting.mjs';

/** What happens to a connection; nothing unless it is said. */
const GOOD = {
    delay: 0, // ms that every piece comes late
    splitFrom: Infinity, // bytes, after which
    splitFor: 0, // bytes go one by one
    stallAfter: Infinity, // bytes to the client, then nothing
    stallFor: Infinity, // ms
    cutAfter: Infinity, // bytes to the client, or, where it is sooner,
    cutAfterSent: Infinity, // bytes from the client
    reset: false, // cut with a reset, not with an end
};

export class BadNetwork {
    connections = new Set();
    accepted = 0;
    #stalled = null;
    #plan = () => ({});

    static async to(port) {
        const made = new BadNetwork();
        made.target = port;
        made.server = createServer({ noDelay: true }, (client) => made.#carry(client));
        made.server.listen(0, '127.0.0.1');
        await once(made.server, 'listening');
        made.port = made.server.address().port;
        made.url = `http://127.0.0.1:${made.port}`;
        return made;
    }

    /** `plan(number)` says what happens to the connections from now on, the first is number 0. */
    follow(plan) {
        this.accepted = 0;
        this.#plan = plan;
    }

    /** Nothing passes in any connection until it is released. */
    stall() {
        this.#stalled ??= {};
        this.#stalled.over ??= new Promise((resolve) => (this.#stalled.end = resolve));
    }
    release() {
        this.#stalled?.end();
        this.#stalled = null;
    }

    cut({ reset = false } = {}) {
        for (const each of this.connections) each.cut(reset);
    }

    async close() {
        this.release();
        this.server.close();
        this.cut();
        if (this.server.listening) await once(this.server, 'close');
    }

    #carry(client) {
        const how = { ...GOOD, ...this.#plan(this.accepted++) };
        const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
        const both = [client, server];
        const one = {
            carried: 0,
            cut: (reset) => {
                // Of a socket that is being shut down, a reset fails in libuv, and Node.js then never lets go of it: the
                // process spins at its exit.
                for (const each of both) reset && !each.writableEnded ? each.resetAndDestroy() : each.destroy();
                this.connections.delete(one);
            },
        };
        this.connections.add(one);
        for (const each of both) each.on('error', () => {});
        this.#pump(client, server, one, { ...how, cutAfter: how.cutAfterSent, stallAfter: Infinity });
        this.#pump(server, client, one, how);
    }

    // Reads no more than it has passed on: a stall is felt by the sender.
    async #pump(from, to, one, how) {
        let passed = 0;
        try {
            if (how.cutAfter === 0) return one.cut(how.reset);
            for await (const piece of from) {
                if (how.delay) await pause(how.delay);
                for (let at = 0; at < piece.length;) {
                    await this.#stalled?.over;
                    const limit = Math.min(how.cutAfter, passed < how.stallAfter ? how.stallAfter : Infinity) - passed;
                    const single = passed >= how.splitFrom && passed < how.splitFrom + how.splitFor;
                    const whole = passed < how.splitFrom ? how.splitFrom - passed : piece.length;
                    const part = piece.subarray(at, at + Math.min(single ? 1 : whole, limit));
                    await new Promise((written) => to.write(part, written));
                    if (single) await new Promise(setImmediate);
                    at += part.length;
                    passed += part.length;
                    if (passed >= how.cutAfter) return one.cut(how.reset);
                    if (passed === how.stallAfter)
                        await pause(Math.min(how.stallFor, 2 ** 31 - 1), null, { ref: false });
                }
            }
            to.end();
        } catch {
            one.cut(false); // either side has gone
        }
    }
}
