// Mixed load at a moderate rate for a long time, all at once: does the server's memory grow?
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from './generator.mjs';
import { withServer } from './measures.mjs';
import { cpuSecondsOf, privateBytesOf } from './processes.mjs';

const loads = [
    { transport: 'poll', mode: 'open', rooms: 100, subs: 5, rate: 300 },
    { transport: 'batch', mode: 'open', rooms: 20, subs: 5, rate: 200, burst: 40, pipeline: 8 },
    { transport: 'sse', mode: 'open', rooms: 2, subs: 200, rate: 10 },
    { transport: 'websocket', mode: 'open', rooms: 50, subs: 5, rate: 200, size: 1024 },
];
const coming = { transport: 'poll', mode: 'storm', subs: 10, seconds: 0.5 };
const pause = 10_000;

// Rooms soon hold all that they may, so that what grows after the second minute is no history.
const flags = ['--threads', '1', '--history-messages', '100'];

// The server's memory and CPU, every so often, until `over` says so.
async function watch(pid, every, over) {
    const samples = [];
    const start = performance.now();
    for (let before = cpuSecondsOf(pid), last = start; !over();) {
        await sleep(every);
        const now = performance.now();
        const cpu = cpuSecondsOf(pid);
        samples.push({
            t: (now - start) / 1000,
            rss: privateBytesOf(pid),
            cpu: (cpu - before) / ((now - last) / 1000),
        });
        [before, last] = [cpu, now];
    }
    return samples;
}

export function soaking(context, scenario, server) {
    const seconds = 60 * context.soakMinutes;
    return withServer(
        context,
        server,
        async (running) => {
            // Not measured by each: they would wait for a server at rest.
            const put = (load) =>
                generate(context, server, running, { seconds, stall: 30, ...load }, { measured: false });
            let over = false;
            const timeline = watch(running.pid, Math.min(5000, 20 * seconds), () => over);
            const steady = Promise.all(loads.map(put)).finally(() => (over = true));
            const ended = steady.catch(() => {});
            const storms = [];
            try {
                while (!over) {
                    storms.push(await put(coming));
                    await Promise.race([sleep(Math.min(pause, 100 * seconds)), ended]);
                }
            } finally {
                over = true;
            }
            return summed([...(await steady), ...storms], await timeline, seconds);
        },
        { flags },
    );
}

// One run of them all. Memory is compared with that after two minutes, or half of the time if that is less;
// what the generators' leaving costs comes after.
function summed(runs, timeline, seconds) {
    const sum = (name) => runs.reduce((all, run) => all + run[name], 0);
    const settled = timeline.find(({ t }) => t >= Math.min(120, seconds / 2)) ?? timeline[0];
    const counts = ['lost', 'repeated', 'reordered', 'reported_missed', 'connections'];
    const last = timeline.findLast(({ t }) => t <= seconds) ?? timeline.at(-1);
    return {
        mode: 'soak',
        transport: 'all',
        sound: runs.every(({ sound }) => sound),
        error: runs.map(({ error }) => error).find(Boolean) ?? '',
        ...Object.fromEntries(counts.map((name) => [name, sum(name)])),
        deliveries: sum('delivered_in_all'),
        messages: sum('published_in_all'),
        seconds,
        bytes_settled: settled.rss,
        private_bytes: last.rss,
        timeline,
    };
}
