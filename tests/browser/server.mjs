// Runs the real server: its executable is named by ANTEROOM_SERVER.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const PATIENCE = 15_000; // ms for a start and for an end

/** Starts a server; resolves when it listens. `port` 0: a free one. */
export async function startServer({ port = 0, flags = [] } = {}) {
    const executable = process.env.ANTEROOM_SERVER;
    if (!executable) throw new Error('set ANTEROOM_SERVER to the path of the anteroom executable');
    const child = spawn(executable, ['--listen', `127.0.0.1:${port}`, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    let complaints = '';
    child.stderr.on('data', (data) => (complaints += data));

    const line = await within(
        PATIENCE,
        'the server’s first line',
        Promise.race([
            once(createInterface({ input: child.stdout }), 'line').then(([first]) => first),
            ended.then(([code]) => Promise.reject(new Error(`the server ended with ${code}: ${complaints}`))),
        ]),
    );
    const url = /listening on (http:\/\/\S+)\/$/.exec(line)?.[1];
    if (!url) throw new Error(`the server’s first line is: ${line}`);

    return {
        url,
        port: Number(new URL(url).port),
        /** Waits until its log has a line. */
        logged: (line) => until(() => line.test(complaints), true, `${line} in the server’s log`),
        /** Ends it; resolves to its exit code, or to the name of the signal that killed it. */
        async stop(signal = 'SIGTERM') {
            if (child.exitCode === null && child.signalCode === null) child.kill(signal);
            const [code, killer] = await within(PATIENCE, 'the end of the server', ended);
            if (code !== 0 && killer !== signal) process.stderr.write(complaints);
            return code ?? killer;
        },
    };
}

/** A network between a browser and the server that can be cut: then all connections end, and none is made. */
export async function startNetwork(server) {
    const sockets = new Set();
    const gate = createServer((near) => {
        const far = connect(server.port, '127.0.0.1');
        for (const [socket, other] of [
            [near, far],
            [far, near],
        ]) {
            sockets.add(socket);
            socket.pipe(other);
            socket.on('error', () => {}); // the other end tells
            socket.on('close', () => {
                sockets.delete(socket);
                other.destroy();
            });
        }
    });
    const listen = (port) => once(gate.listen(port, '127.0.0.1'), 'listening');
    await listen(0);
    const { port } = gate.address();
    return {
        url: `http://127.0.0.1:${port}`,
        async cut() {
            const closed = once(gate, 'close');
            gate.close();
            for (const socket of sockets) socket.destroy();
            await closed;
        },
        mend: () => listen(port),
    };
}

/** Publishes as any HTTP client does. A string is text, anything else JSON; without `as` it has no name. */
export async function publish(server, room, data, as) {
    const text = typeof data === 'string';
    const query = as === undefined ? '' : `?as=${encodeURIComponent(as)}`;
    const answer = await fetch(`${server.url}/room/${encodeURIComponent(room)}/publish${query}`, {
        method: 'POST',
        headers: { 'Content-Type': text ? 'text/plain; charset=utf-8' : 'application/json' },
        body: text ? data : JSON.stringify(data),
    });
    if (answer.status !== 201) throw new Error(`publish: ${answer.status} ${await answer.text()}`);
    return answer.json();
}

/** Publishes many messages, next to each other: `line 1`, `line 2`, …, or what `data` makes of their numbers. */
export async function publishMany(server, room, count, data = (number) => `line ${number}`, as = 'Bo') {
    const lines = Array.from({ length: count }, (_, index) => JSON.stringify(data(index + 1)));
    const answer = await fetch(`${server.url}/room/${encodeURIComponent(room)}/publish?as=${encodeURIComponent(as)}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
        body: lines.join('\n'),
    });
    if (answer.status !== 201) throw new Error(`publish: ${answer.status} ${await answer.text()}`);
}

/** What the room holds now. */
export async function heldBy(server, room) {
    const answer = await fetch(`${server.url}/room/${encodeURIComponent(room)}/messages?limit=1000`);
    return (await answer.json()).messages;
}

/** Everything that has ever happened in a room. */
export async function tracesIn(server, room) {
    const answer = await fetch(`${server.url}/room/${encodeURIComponent(room)}/presence`);
    const { present, subscribers } = await answer.json();
    return {
        messages: (await heldBy(server, room)).map(({ data }) => data),
        came: (await heldBy(server, `${room}:presence`)).map(({ data }) => `${data.as}: ${data.event}`),
        present: present.map(({ as }) => as),
        subscribers,
    };
}
export const NOTHING = { messages: [], came: [], present: [], subscribers: 0 };

async function within(ms, what, promise) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** How many polls and streams wait in the room now. */
export async function subscribersOf(server, room) {
    const answer = await fetch(`${server.url}/room/${encodeURIComponent(room)}`, {
        headers: { Accept: 'application/json' },
    });
    return answer.status === 404 ? 0 : (await answer.json()).subscribers;
}

/** Asks again and again until the answer is the one that is wanted. */
export async function until(question, wanted, what) {
    const end = Date.now() + PATIENCE;
    for (;;) {
        const answer = await question();
        if (answer === wanted) return;
        if (Date.now() > end) throw new Error(`${what}: ${answer}, not ${wanted}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/**
 * Waits until the page's poll hangs that is there to stay: in its first moments a page asks for rooms one after the other,
 * and last for the joins and leaves beside them.
 */
export function hanging(server, room) {
    return until(() => subscribersOf(server, `${room}:presence`), 1, `polls in ${room}:presence`);
}
