// Commands as somebody types them: each in a shell and a process group of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

export const PATIENCE = 60_000; // ms: the first build of a Go program is among what is waited for

export class Terminal {
    constructor(text, { cwd, env }) {
        this.text = text;
        this.output = ''; // and errors
        this.results = ''; // without errors
        // What ends by Ctrl-D has to have a standard input that does not end.
        this.child = spawn('bash', ['-e', '-o', 'pipefail', '-c', text], {
            cwd,
            env,
            detached: true,
            stdio: ['pipe', 'pipe', 'pipe'],
        });
        this.child.stdin.on('error', () => {}); // a program that ends without reading
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.setEncoding('utf8').on('data', (data) => (this.output += data));
        }
        this.child.stdout.on('data', (data) => (this.results += data));
        this.closed = once(this.child, 'close').then(([code, signal]) => (this.ended = signal ?? code));
        this.killIt = () => this.signal('SIGKILL');
        process.once('exit', this.killIt);
        this.closed.then(() => process.removeListener('exit', this.killIt));
    }

    signal(name) {
        try {
            process.kill(-this.child.pid, name);
        } catch {
            // nobody is left
        }
    }

    get isOver() {
        return this.ended !== undefined;
    }

    /** Waits for its end; resolves to its exit code. */
    async end() {
        this.child.stdin.end();
        await until(() => this.isOver, 'its end', this);
        return this.ended;
    }

    /** Ends it as Ctrl-C or a service manager does; resolves to how it ended. */
    async stop(signal) {
        this.signal(signal);
        await until(() => this.isOver, `its end by ${signal}`, this);
        return this.ended;
    }
}

/** Waits until something is true. */
export async function until(question, what, terminal) {
    const end = Date.now() + PATIENCE;
    for (;;) {
        const answer = await question();
        if (answer) return answer;
        if (Date.now() > end) {
            throw new Error(
                `waited ${PATIENCE / 1000} s for ${what}${terminal?.output === undefined ? '' : `; there is:\n${terminal.output}`}`,
            );
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
    }
}
