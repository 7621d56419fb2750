// nginx and HAProxy in front of a server, each as a plain process with a folder of its own.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { adapted, documented } from './documentation.mjs';
import { answersAt, freePort, ready, start, temporaryFolder } from './processes.mjs';

// What Debian's nginx.conf has, with everything gzipped that can be: the worst for a stream.
const nginxConfig = (folder, content) => `
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
${content}
}
`;

const plainNginx = ({ port, upstream }) => `
    server {
        listen 127.0.0.1:${port};
        location / {
            proxy_pass http://${upstream};
        }
    }
`;

const documentedNginx = ({ port, upstream, certificate }) =>
    adapted(documented('nginx'), {
        'listen 443 ssl;': `listen 127.0.0.1:${port}${certificate ? ' ssl' : ''};`,
        'ssl_certificate /etc/ssl/chat.example.pem;': certificate ? `ssl_certificate ${certificate.certificate};` : '',
        'ssl_certificate_key /etc/ssl/chat.example.key;': certificate ? `ssl_certificate_key ${certificate.key};` : '',
        '127.0.0.1:8080': upstream,
    });

/** The same with the lines for a server behind a path. */
function nginxBehindPath(options) {
    const [location, pass] = documented('nginx, behind a path').trim().split('\n');
    const whole = documentedNginx(options);
    const upstream = adapted(pass, { '127.0.0.1:8080': options.upstream });
    return adapted(whole, { 'location / {': location, [`proxy_pass http://${options.upstream};`]: upstream });
}

const haproxyConfig = (content) => `
global
    maxconn 1000
${content}
`;

const plainHaproxy = ({ port, upstream }) => `
defaults
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
frontend front
    bind 127.0.0.1:${port}
    default_backend rooms
backend rooms
    server anteroom ${upstream}
`;

const documentedHaproxy = ({ port, upstream, certificate }) =>
    adapted(documented('HAProxy'), {
        ':443 ssl crt /etc/ssl/chat.example.pem': `127.0.0.1:${port}${certificate ? ` ssl crt ${certificate.both}` : ''}`,
        '127.0.0.1:8080': upstream,
    });

/** The same with the lines for a server behind a path. */
function haproxyBehindPath(options) {
    const [frontend, backend] = documented('HAProxy, behind a path').split('    backend anteroom\n');
    const whole = documentedHaproxy(options);
    return adapted(whole, {
        '        default_backend anteroom\n': frontend,
        '    backend anteroom\n': `    backend anteroom\n${backend}`,
    });
}

const KINDS = {
    direct: null,
    'nginx, nothing configured': { program: 'nginx', content: plainNginx },
    'nginx, as documented': { program: 'nginx', content: documentedNginx },
    'HAProxy, nothing configured': { program: 'haproxy', content: plainHaproxy },
    'HAProxy, as documented': { program: 'haproxy', content: documentedHaproxy },
};
export const PROXIES = Object.keys(KINDS);
const BEHIND_PATH = {
    'nginx, behind a path': { program: 'nginx', content: nginxBehindPath },
    'HAProxy, behind a path': { program: 'haproxy', content: haproxyBehindPath },
};
export const DOCUMENTED_PATHS = Object.keys(BEHIND_PATH);
export const DOCUMENTED = PROXIES.filter((name) => name.endsWith(', as documented'));

/**
 * Starts the proxy of a kind before the server; resolves to `{ url, port, stop }`. With a `certificate` it speaks TLS,
 * if it is one that is documented; `socket`: the path of the Unix socket at which it finds the server.
 */
export async function startProxy(name, server, { certificate, socket } = {}) {
    const kind = KINDS[name] ?? BEHIND_PATH[name];
    if (!kind) return { name, url: server.url, stop: async () => {} };
    const folder = temporaryFolder();
    const port = await freePort();
    const config = join(folder.path, 'proxy.conf');
    let running;
    if (kind.program === 'nginx') {
        for (const each of ['body', 'proxy']) mkdirSync(join(folder.path, each));
        const upstream = socket ? `unix:${socket}:` : `127.0.0.1:${server.port}`;
        writeFileSync(config, nginxConfig(folder.path, kind.content({ port, upstream, certificate })));
        running = start(process.env.NGINX ?? 'nginx', [
            '-p',
            folder.path,
            '-e',
            join(folder.path, 'error.log'),
            '-c',
            config,
        ]);
    } else {
        const upstream = socket ? `unix@${socket}` : `127.0.0.1:${server.port}`;
        writeFileSync(config, haproxyConfig(kind.content({ port, upstream, certificate })));
        running = start(process.env.HAPROXY ?? 'haproxy', ['-f', config]);
    }
    await ready(running, name, () => answersAt(port));
    return {
        name,
        url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
        port,
        running,
        async stop() {
            await running.stop();
            folder.remove();
        },
    };
}
