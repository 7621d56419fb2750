// nginx with the server behind a path of its site, as a plain process with a folder of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE = 15_000; // ms for a start

const config = (folder, port, server, path) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log notice;
events { worker_connections 100; }
http {
    access_log off;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join(' ')}
    map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
    server {
        listen 127.0.0.1:${port};
        location ${path} {
            proxy_pass http://127.0.0.1:${server.port}/;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
        }
    }
}
`;

async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

function answersAt(port) {
    return new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        const say = (yes) => {
            socket.destroy();
            resolve(yes);
        };
        socket.once('connect', () => say(true)).once('error', () => say(false));
    });
}

/** @param {string} path  with slashes at both ends. Resolves to the place of the server: `url`, without the last slash */
export async function startNginx(server, path) {
    const folder = await mkdtemp(join(tmpdir(), 'anteroom-nginx-'));
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    await writeFile(file, config(folder, port, server, path));
    const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', file];
    const child = spawn(process.env.NGINX ?? 'nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'exit');
    let complaints = '';
    child.stderr.on('data', (data) => (complaints += data));
    const end = Date.now() + PATIENCE;
    while (!(await answersAt(port))) {
        if (child.exitCode !== null || Date.now() > end) throw new Error(`nginx did not start: ${complaints}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return {
        origin: `http://127.0.0.1:${port}`,
        url: `http://127.0.0.1:${port}${path.replace(/\/$/, '')}`,
        async stop() {
            child.kill('SIGQUIT');
            await ended;
            await rm(folder, { recursive: true });
        },
    };
}
