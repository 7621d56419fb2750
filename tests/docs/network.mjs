// A network of their own for the blocks of a document, so that the ports that it names are free, whatever else runs here.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const INSIDE = 'ANTEROOM_DOCS_NETWORK';

/**
 * Runs this program again in a network namespace, where it may; returns its exit code, or undefined inside of it and
 * where there is none.
 */
export function enterOwnNetwork() {
    if (process.env[INSIDE]) return undefined;
    const flags = process.getuid() === 0 ? ['--net'] : ['--net', '--map-root-user'];
    const command = ['unshare', ...flags, 'sh', '-c', 'ip link set lo up && exec "$0" "$@"'];
    const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
    const run = (program, args, options) =>
        spawnSync(command[0], [...command.slice(1), program, ...args], {
            ...options,
            env: { ...process.env, PATH, [INSIDE]: '1' },
        });
    if (process.env[INSIDE] === undefined && run('true', [], { stdio: 'ignore' }).status === 0) {
        const { status } = run(process.execPath, process.argv.slice(1), { stdio: 'inherit' });
        return status ?? 1;
    }
    process.env[INSIDE] = '';
    return undefined;
}

export const isOwnNetwork = () => Boolean(process.env[INSIDE]);

export async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

function answersAt(host, port) {
    return new Promise((resolve) => {
        const socket = connect(port, host);
        const say = (yes) => {
            socket.destroy();
            resolve(yes);
        };
        socket.once('connect', () => say(true)).once('error', () => say(false));
    });
}

export const isServing = async (port) => (await answersAt('127.0.0.1', port)) || (await answersAt('::1', port));
