// nginx and HAProxy in front of a server, each as a plain process with a folder of its own.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { answersAt, freePort, ready, start, temporaryFolder } from './processes.mjs';

// What Debian's nginx.conf has, with everything gzipped that can be: the worst for a stream.
const nginxConfig = (folder, port, target, location) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log notice;
events { worker_connections 768; }
http {
    sendfile on;
    tcp_nopush on;
    access_log off;
    default_type application/octet-stream;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    gzip on;
    gzip_min_length 1;
    gzip_types text/plain text/event-stream application/json application/x-ndjson application/problem+json;
    map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
    server {
        listen 127.0.0.1:${port};
        location / {
            proxy_pass http://127.0.0.1:${target};
${location}
        }
    }
}
`;

// What docs tell people to write.
export const DOCUMENTED_LOCATION = `
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_read_timeout 130s;
            proxy_buffer_size 16k;
            proxy_buffers 8 16k;
`;

// In `defaults`: in the backend alone, HAProxy before 2.9 overlooks abortonclose.
export const DOCUMENTED_DEFAULTS = `
    option abortonclose
    timeout server 130s
    timeout tunnel 1h
`;

const haproxyConfig = (port, target, defaults) => `
global
    maxconn 1000
defaults
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
${defaults}
frontend front
    bind 127.0.0.1:${port}
    default_backend rooms
backend rooms
    server anteroom 127.0.0.1:${target}
`;

const KINDS = {
    direct: null,
    'nginx, nothing configured': { program: 'nginx', location: '' },
    'nginx, as documented': { program: 'nginx', location: DOCUMENTED_LOCATION },
    'HAProxy, nothing configured': { program: 'haproxy', defaults: '' },
    'HAProxy, as documented': { program: 'haproxy', defaults: DOCUMENTED_DEFAULTS },
};
export const PROXIES = Object.keys(KINDS);

/** Starts the proxy of a kind before the server; resolves to `{ url, stop }`. */
export async function startProxy(name, server) {
    const kind = KINDS[name];
    if (!kind) return { name, url: server.url, stop: async () => {} };
    const folder = temporaryFolder();
    const port = await freePort();
    const config = join(folder.path, 'proxy.conf');
    let running;
    if (kind.program === 'nginx') {
        for (const each of ['body', 'proxy']) mkdirSync(join(folder.path, each));
        writeFileSync(config, nginxConfig(folder.path, port, server.port, kind.location));
        running = start(process.env.NGINX ?? 'nginx', [
            '-p',
            folder.path,
            '-e',
            join(folder.path, 'error.log'),
            '-c',
            config,
        ]);
    } else {
        writeFileSync(config, haproxyConfig(port, server.port, kind.defaults));
        running = start(process.env.HAPROXY ?? 'haproxy', ['-f', config]);
    }
    await ready(running, name, () => answersAt(port));
    return {
        name,
        url: `http://127.0.0.1:${port}`,
        port,
        running,
        async stop() {
            await running.stop();
            folder.remove();
        },
    };
}
