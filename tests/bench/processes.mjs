// Starts and ends what the comparison runs. Each process is a child of ours, pinned to a core, and ended by its pid;
// none outlives us.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimit = 30_000;
const endLimit = 15_000;

const living = new Set();
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => process.exit(2));
}

export function output(command, args) {
    try {
        return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch {
        return '';
    }
}

// `cores` as taskset takes them: "0", "0,1"; wherever the scheduler likes if there are none.
export function launch(cores, command, args) {
    const pinned = cores === undefined ? [command, ...args] : ['taskset', '-c', String(cores), command, ...args];
    const child = spawn(pinned[0], pinned.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    living.add(child);
    child.log = '';
    child.stderr.on('data', (text) => (child.log = (child.log + text).slice(-2000)));
    child.ended = new Promise((resolve) => {
        const over = (how) => {
            living.delete(child);
            resolve(how);
        };
        child.once('exit', (code, signal) => over(code ?? signal));
        child.once('error', (error) => {
            child.log += error.message;
            over(error.message);
        });
    });
    return child;
}

export async function end(child) {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), endLimit);
    const how = await child.ended;
    clearTimeout(late);
    return how;
}

// The URL in a server's first line.
export async function announced(child) {
    const late = setTimeout(() => child.kill('SIGKILL'), startLimit);
    let text = '';
    for await (const chunk of child.stdout) {
        text += chunk;
        if (text.includes('\n')) {
            break;
        }
    }
    clearTimeout(late);
    const url = /listening on (http:\/\/[\d.]+:\d+)/.exec(text)?.[1];
    if (!url) {
        await end(child);
        throw new Error(`no "listening on" line but: ${text.trim()} ${child.log.trim()}`);
    }
    return url;
}

export async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    return port;
}

// Until an answer comes. That a port is open is not enough: nginx opens it before it has the worker that we measure.
export async function answers(port) {
    for (const limit = Date.now() + startLimit; Date.now() < limit; await sleep(2)) {
        const answered = await new Promise((resolve) => {
            const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
            socket.once('error', () => {}).once('close', () => resolve(false));
            socket.once('data', () => {
                resolve(true);
                socket.destroy();
            });
        });
        if (answered) {
            return;
        }
    }
    throw new Error(`nothing answers on port ${port}`);
}

// A process and its children, which are the workers where there are any.
export function family(pid) {
    try {
        return [
            pid,
            ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
        ];
    } catch {
        return [pid];
    }
}

function ofFamily(pid, read) {
    return family(pid).reduce((sum, each) => {
        try {
            return sum + read(each);
        } catch {
            return sum; // it is over
        }
    }, 0);
}

export const descriptorsOf = (pid) => ofFamily(pid, (each) => readdirSync(`/proc/${each}/fd`).length);

// Private_Clean + Private_Dirty, in bytes.
export function privateBytesOf(pid) {
    return ofFamily(pid, (each) => {
        const lines = readFileSync(`/proc/${each}/smaps_rollup`, 'utf8').matchAll(
            /^Private_(?:Clean|Dirty): +(\d+) kB$/gm,
        );
        return [...lines].reduce((sum, [, kibibytes]) => sum + 1024 * kibibytes, 0);
    });
}

// Seconds of CPU time used so far.
export function cpuSecondsOf(pid) {
    return ofFamily(pid, (each) => {
        const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1].split(' ');
        return (Number(fields[11]) + Number(fields[12])) / 100; // ticks, USER_HZ of which Linux shows 100 a second
    });
}
