// Starts and ends the servers that are compared: the yardstick, nginx with Nchan, anteroom. Each is a child of ours,
// pinned to one core, on a free port of the loopback, and ended by its pid.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimit = 10_000;
const endLimit = 15_000;

function output(command, args) {
    try {
        return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch {
        return '';
    }
}

function launch(core, command, args) {
    const child = spawn('taskset', ['-c', String(core), command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.log = '';
    child.stderr.on('data', (text) => (child.log = (child.log + text).slice(-2000)));
    child.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
    child.once('error', () => {});
    return child;
}

async function end(child) {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), endLimit);
    const how = await child.ended;
    clearTimeout(late);
    return how;
}

// The URL in a server's first line.
async function announced(child) {
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

// A server that prints where it listens.
function printer(name, dialect, command, args) {
    return {
        name,
        dialect,
        async start(core) {
            const child = launch(core, command, args);
            const url = await announced(child);
            return { url, pid: child.pid, stop: () => end(child) };
        },
    };
}

async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    return port;
}

// Until an answer comes. That a port is open is not enough: nginx opens it before it has the worker that we measure.
async function answers(port) {
    for (const limit = Date.now() + startLimit; Date.now() < limit; await sleep(20)) {
        const answered = await new Promise((resolve) => {
            const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
            socket.once('data', () => resolve(true)).once('error', () => {});
            socket.once('close', () => resolve(false));
        });
        if (answered) {
            return;
        }
    }
    throw new Error(`nothing answers on port ${port}`);
}

// The settings that cost Nchan least: no log, no compression, no limits that the run would meet.
function nginxConfig(folder, port, module, descriptors) {
    return `load_module ${module};
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
worker_processes 1;
worker_rlimit_nofile ${descriptors};
events {
    worker_connections 20000;
    multi_accept on;
}
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    tcp_nodelay on;
    gzip off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    nchan_shared_memory_size 1024M;
    nchan_message_buffer_length 1000;
    nchan_message_timeout 1h;
    nchan_subscriber_timeout 0;
    nchan_max_channel_id_length 8192;
    large_client_header_buffers 8 16k;
    server {
        listen 127.0.0.1:${port} reuseport backlog=65535;
        location ~ ^/sub/(.+)$ {
            nchan_subscriber longpoll eventsource websocket;
            nchan_channel_id $1;
            nchan_subscriber_first_message newest;
        }
        location ~ ^/subs/(.+)$ {
            nchan_subscriber longpoll eventsource websocket;
            nchan_channel_id $1;
            nchan_channel_id_split_delimiter ",";
            nchan_subscriber_first_message newest;
        }
        location ~ ^/pub/(.+)$ {
            nchan_publisher;
            nchan_channel_id $1;
        }
    }
}
`;
}

function nchan(module) {
    return {
        name: 'nchan',
        dialect: 'nchan',
        async start(core) {
            const folder = mkdtempSync(join(tmpdir(), 'anteroom-bench-'));
            const port = await freePort();
            const descriptors = output('sh', ['-c', 'ulimit -Hn']).trim();
            const config = join(folder, 'nginx.conf');
            writeFileSync(config, nginxConfig(folder, port, module, Number(descriptors) || 20000));
            const child = launch(core, 'nginx', ['-p', folder, '-e', join(folder, 'error.log'), '-c', config]);
            const stop = async () => {
                const how = await end(child);
                rmSync(folder, { recursive: true, force: true });
                return how;
            };
            try {
                await Promise.race([
                    answers(port),
                    child.ended.then((how) => Promise.reject(new Error(`nginx ended (${how}): ${child.log.trim()}`))),
                ]);
            } catch (error) {
                await stop();
                throw error;
            }
            return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop };
        },
    };
}

// Where Debian and Ubuntu put the module, or nothing.
function nchanModule() {
    const about = output('sh', ['-c', 'nginx -V 2>&1']);
    const folder = /--modules-path=(\S+)/.exec(about)?.[1] ?? '/usr/lib/nginx/modules';
    const file = join(folder, 'ngx_nchan_module.so');
    return about && existsSync(file) ? file : undefined;
}

// The servers that can be run here, and why the others cannot.
export function findServers({ loop, beast, anteroom }) {
    const servers = [
        printer('loop', 'anteroom', loop, []),
        printer('beast', 'anteroom', beast, []),
        printer('beast+deflate', 'anteroom', beast, ['--deflate']),
    ];
    const absent = [];
    const module = nchanModule();
    if (module) {
        servers.push(nchan(module));
    } else {
        absent.push('Nchan is not measured: it is not installed (apt-get install nginx libnginx-mod-nchan)');
    }
    if (existsSync(anteroom)) {
        servers.push(printer('anteroom', 'anteroom', anteroom, ['--listen', '127.0.0.1:0', '--threads', '1']));
    } else {
        absent.push(`anteroom is not measured: no ${anteroom} (build it, or give --anteroom PATH)`);
    }
    return { servers, absent };
}
