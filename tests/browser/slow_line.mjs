// A slow line between a browser and the server: each direction of it carries so many bytes a second for all connections
// together, and what it carries arrives half a round trip later. A connection needs one round trip before its first byte, and
// has TCP's slow start: ten packets at first, and then twice as many with each round trip.
//
// Chromium's own emulation (Network.emulateNetworkConditions) delays requests only: connections are made at once, WebSockets
// and what a service worker asks for are not slowed at all, and nothing counts what the browser asks for by itself.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const PACKET = 1460; // bytes
const FIRST_WINDOW = 10 * PACKET;

/** One direction, which all connections share. */
class Link {
    #freeAt = 0; // when what was given to it has left

    constructor(bytesPerMs) {
        this.bytesPerMs = bytesPerMs;
    }

    /** Resolves when so many bytes have been sent. */
    async send(bytes) {
        this.#freeAt = Math.max(this.#freeAt, performance.now()) + bytes / this.bytesPerMs;
        await pause(Math.max(0, this.#freeAt - performance.now()));
    }
}

/**
 * @param {{port: number}} server
 * @param {{roundTrip: number, kbits: number}} how  ms, and kbit/s in each direction
 */
export async function startSlowLine(server, { roundTrip, kbits }) {
    const links = { up: new Link(kbits / 8), down: new Link(kbits / 8) };
    const sockets = new Set();
    const line = {
        requests: [], // {time, target}: when it left the browser
        arrivals: [], // {time, bytes}: when they reached it
        last: 0, // when any passed
        /** What has happened until a time, in ms since 1970. */
        until: (time) => ({
            requests: line.requests.filter((one) => one.time <= time).map(({ target }) => target),
            bytes: line.arrivals.filter((one) => one.time <= time).reduce((sum, { bytes }) => sum + bytes, 0),
        }),
        /** Waits until nothing has passed for a second. */
        async idle() {
            while (Date.now() - line.last < 1000) await pause(100);
        },
        forget() {
            line.requests = [];
            line.arrivals = [];
        },
        async stop() {
            const closed = once(gate, 'close');
            gate.close();
            for (const socket of sockets) socket.destroy();
            await closed;
        },
    };

    async function carry(from, to, link, established, onArrival) {
        let window = FIRST_WINDOW;
        let unacknowledged = 0;
        let acknowledged = () => {};
        let last = Promise.resolve();
        for await (const piece of from) {
            await pause(Math.max(0, established - performance.now()));
            for (let at = 0; at < piece.length; at += PACKET) {
                const packet = piece.subarray(at, at + PACKET);
                while (unacknowledged + packet.length > window) await new Promise((go) => (acknowledged = go));
                unacknowledged += packet.length;
                await link.send(packet.length);
                pause(roundTrip).then(() => {
                    unacknowledged -= packet.length;
                    window += packet.length;
                    acknowledged();
                });
                last = pause(roundTrip / 2).then(() => {
                    onArrival(packet.length);
                    if (!to.destroyed) to.write(packet);
                });
            }
        }
        await last;
        to.end();
    }

    const gate = createServer({ noDelay: true }, (browser) => {
        const far = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
        const established = performance.now() + roundTrip;
        for (const socket of [browser, far]) {
            sockets.add(socket);
            socket.on('error', () => {}); // the other end tells
            socket.on('close', () => sockets.delete(socket));
        }
        browser.on('data', (piece) => {
            const time = (line.last = Date.now());
            for (const [, target] of piece.toString('latin1').matchAll(/^[A-Z]+ (\S+) HTTP\/1\.1\r$/gm))
                line.requests.push({ time, target });
        });
        const arrived = (bytes) => line.arrivals.push({ time: (line.last = Date.now()), bytes });
        const cut = () => [browser, far].forEach((socket) => socket.destroy());
        carry(browser, far, links.up, established, () => {}).catch(cut);
        carry(far, browser, links.down, 0, arrived).catch(cut);
    });
    await once(gate.listen(0, '127.0.0.1'), 'listening');
    line.port = gate.address().port;
    line.url = `http://127.0.0.1:${line.port}`;
    return line;
}
