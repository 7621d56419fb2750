// The ways to measure a load on a server. Each returns a run as the generator prints it, or with more fields; each starts
// a server of its own, so that none inherits another's memory.
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from './generator.mjs';
import { answers, cpuSecondsOf, descriptorsOf } from './processes.mjs';

export async function withServer(context, server, use, { cores = context.serverCore, flags } = {}) {
    const running = await server.start(cores, flags);
    try {
        return await use(running);
    } finally {
        await running.stop();
    }
}

// The load alone.
export function plainly(context, scenario, server) {
    return withServer(context, server, (running) => generate(context, server, running, scenario.args));
}

// The load, and before it the one that `scenario.base` is, on a server of its own.
export async function overBase(context, scenario, server) {
    const base = await withServer(context, server, (running) => generate(context, server, running, scenario.base));
    return { ...(await plainly(context, scenario, server)), base };
}

// On two threads and both cores, and before that on one.
export async function overOneShard(context, scenario, server) {
    const base = await plainly(context, scenario, server);
    const both = { cores: `${context.serverCore},${context.loadCore}`, flags: ['--threads', '2'] };
    const run = await withServer(context, server, (running) => generate(context, server, running, scenario.args), both);
    return { ...run, base };
}

// A quiet room, measured by a generator of its own, while another one publishes to a crowd in another room until the
// quiet one is done. The quiet one's generator has priority on the core that both share, since it is the server that is
// measured.
export function besideCrowd(context, scenario, server) {
    return withServer(context, server, async (running) => {
        const leave = new AbortController();
        let gone = '';
        const crowd = generate(
            context,
            server,
            running,
            { ...scenario.base, seconds: 3600, stall: 60 },
            { signal: leave.signal },
        ).then(
            ({ error }) => (gone = error || 'it ended'),
            ({ message }) => (gone = message),
        );
        try {
            await allHere(running, scenario.base.subs, () => gone);
            const quiet = { ...scenario.args, seconds: Math.max(2, 8 * context.seconds), stall: 30 };
            const run = await generate(context, server, running, quiet, { measured: false, first: true });
            return gone ? { ...run, error: `the crowd was gone early: ${gone}` } : run;
        } finally {
            leave.abort();
            await crowd;
        }
    });
}

async function allHere(running, count, gone) {
    const limit = Date.now() + 60_000;
    const until = async (there, what) => {
        for (; !there(); await sleep(50)) {
            if (gone() || Date.now() > limit) {
                throw new Error(`the crowd is not there: ${gone() || what()}`);
            }
        }
    };
    await until(
        () => descriptorsOf(running.pid) >= count,
        () => `${descriptorsOf(running.pid)} descriptors, not ${count}`,
    );
    // Waiting subscribers use no CPU: once the server does, the crowd is being published to.
    const before = cpuSecondsOf(running.pid);
    await until(
        () => cpuSecondsOf(running.pid) - before > 0.5,
        () => 'nothing is published to it',
    );
}

// From the start of the process to the first bytes of an answer, in milliseconds, wherever the scheduler puts it.
export async function starting(context, scenario, server) {
    const running = await server.start();
    try {
        await answers(Number(new URL(running.url).port));
        return { mode: 'start', start_ms: performance.now() - running.began };
    } finally {
        await running.stop();
    }
}
