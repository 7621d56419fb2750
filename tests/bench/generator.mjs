// Runs the load generator, `anteroom bench`, on a server that runs.
import { setPriority } from 'node:os';
import { launch } from './processes.mjs';

// The result as the generator prints it; rejected if it has none. `context` is what compare.mjs was asked for, `load`
// the generator's flags. `measured`: the server's CPU and memory too. `first`: with priority on the generator's core.
// `signal`: ends it early, without a result.
export async function generate(context, server, running, load, { measured = true, first = false, signal } = {}) {
    const flags = {
        target: running.url,
        dialect: server.dialect,
        ...(measured ? { pid: running.pid } : {}),
        'warm-up': server.warmUp ?? Math.min(0.4, context.seconds),
        seconds: context.seconds,
        stall: 15, // a busy machine takes its time with 15,000 connections
        ...load,
    };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = launch(context.loadCore, context.generator, ['bench', '--json', ...args]);
    if (first) {
        prioritize(child.pid);
    }
    signal?.addEventListener('abort', () => child.kill());
    let out = '';
    child.stdout.on('data', (text) => (out += text));
    const closed = new Promise((resolve) => child.stdout.once('close', resolve));
    const how = await child.ended;
    await closed;
    if (!out) {
        throw new Error(child.log.trim() || `the generator ended with ${how}`);
    }
    return JSON.parse(out);
}

// Needs root.
export function prioritize(pid) {
    try {
        setPriority(pid, -15);
    } catch {
        // not permitted: it runs with normal priority
    }
}
