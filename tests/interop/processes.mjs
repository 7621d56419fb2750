// Runs programs for a test, and ends them by their process, with everything that a test has left behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until, within } from './waiting.mjs';

const PATIENCE = 15_000; // ms for a start and for an end

export function start(command, args, options = {}) {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const ended = once(child, 'exit').catch((error) => [error]);
    const running = {
        child,
        ended,
        out: '',
        complaints: '',
        isOver: () => child.exitCode !== null || child.signalCode !== null,
        /** Ends it; resolves to its exit code, or to the name of the signal that killed it. */
        async stop(signal = 'SIGTERM') {
            if (!running.isOver()) child.kill(signal);
            const [code, killer] = await within(PATIENCE, `the end of ${command}`, ended);
            return code ?? killer;
        },
    };
    child.stdout.on('data', (data) => (running.out += data));
    child.stderr.on('data', (data) => (running.complaints += data));
    const killIt = () => child.kill('SIGKILL');
    process.once('exit', killIt);
    ended.then(() => process.removeListener('exit', killIt));
    return running;
}

/** Waits until `ready()` is true, but not for a process that is over. */
export function ready(running, what, question) {
    return until(PATIENCE, what, () => {
        if (running.isOver()) throw new Error(`${what}: it ended: ${running.out}${running.complaints}`);
        return question();
    });
}

export async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

export function answersAt(port) {
    return new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        const say = (yes) => {
            socket.destroy();
            resolve(yes);
        };
        socket.once('connect', () => say(true)).once('error', () => say(false));
    });
}

export function temporaryFolder() {
    const path = mkdtempSync(join(tmpdir(), 'anteroom-interop-'));
    return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
