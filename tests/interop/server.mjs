// The real server (its executable is named by ANTEROOM_SERVER), and what tests ask it beside what they test.

import { ready, start } from './processes.mjs';
import { until } from './waiting.mjs';

/** Starts a server; resolves when it listens. `port` 0: a free one. */
export async function startServer(flags = [], port = 0) {
    const executable = process.env.ANTEROOM_SERVER;
    if (!executable) throw new Error('set ANTEROOM_SERVER to the path of the anteroom executable');
    const running = start(executable, ['--listen', `127.0.0.1:${port}`, ...flags]);
    const url = await ready(running, 'the server', () => /listening on (http:\/\/\S+)\/\n/.exec(running.out)?.[1]);
    return { url, port: Number(new URL(url).port), pid: running.child.pid, flags, running, stop: running.stop };
}

const path = (room, call) => `/room/${encodeURIComponent(room)}${call}`;

export async function publish(origin, room, data, { as, key, signal } = {}) {
    const text = typeof data === 'string';
    const answer = await fetch(origin + path(room, '/publish') + (as ? `?as=${encodeURIComponent(as)}` : ''), {
        method: 'POST',
        headers: {
            'Content-Type': text ? 'text/plain; charset=utf-8' : 'application/json',
            ...(key && { 'Idempotency-Key': key }),
        },
        body: text ? data : JSON.stringify(data),
        signal,
    });
    if (!answer.ok) throw new Error(`publish: ${answer.status} ${await answer.text()}`);
    return answer.json();
}

/** Publishes in one go; all or none. */
export async function publishBatch(origin, room, list) {
    const answer = await fetch(origin + path(room, '/publish'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
        body: list.map((each) => JSON.stringify(each) + '\n').join(''),
    });
    if (!answer.ok) throw new Error(`publish: ${answer.status} ${await answer.text()}`);
    return answer.json();
}

export async function factsOf(origin, room) {
    const answer = await fetch(origin + path(room, ''), { headers: { Accept: 'application/json' } });
    return answer.json();
}

/** Waits until as many polls and streams hang in the room. */
export function waitingIn(origin, room, count, ms = 5000) {
    return until(
        ms,
        `${count} subscribers in ${room}`,
        async () => (await factsOf(origin, room)).subscribers === count,
    );
}
