// nginx with Nchan, configured as cheaply as it can be.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, end, freePort, launch, output } from './processes.mjs';

const settings =
    'Nchan: access log off, unlimited keep-alive requests, 1,000-message buffers in 1 GiB of shared memory, one ' +
    'worker, no timeouts, no compression; a backlog is read at /subm as multipart, from the oldest message';

// The settings that cost Nchan least: no log, no compression, no limits that the run would meet. A subscriber waits at
// /sub for what is published from then on and at /subs in several channels; at /old it begins with the oldest message,
// and at /subm too, where an answer has all that there are. There are more connections than a process may have files,
// because nginx closes those that are idle, a publisher's, when less than a sixteenth of them is left.
function nginxConfig(folder, port, module, descriptors) {
    return `load_module ${module};
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
worker_processes 1;
worker_rlimit_nofile ${descriptors};
events {
    worker_connections 24000;
    multi_accept on;
}
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    tcp_nodelay on;
    gzip off;
    client_body_buffer_size 128k;
    client_max_body_size 2m;
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
        location ~ ^/old/(.+)$ {
            nchan_subscriber longpoll eventsource websocket;
            nchan_channel_id $1;
            nchan_subscriber_first_message oldest;
        }
        location ~ ^/subm/(.+)$ {
            nchan_subscriber longpoll;
            nchan_longpoll_multipart_response on;
            nchan_channel_id $1;
            nchan_subscriber_first_message oldest;
        }
        location ~ ^/pub/(.+)$ {
            nchan_publisher;
            nchan_channel_id $1;
        }
    }
}
`;
}

async function start(module, cores) {
    const folder = mkdtempSync(join(tmpdir(), 'anteroom-bench-'));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', remove);
    const port = await freePort();
    const descriptors = output('sh', ['-c', 'ulimit -Hn']).trim();
    const config = join(folder, 'nginx.conf');
    writeFileSync(config, nginxConfig(folder, port, module, Number(descriptors) || 20000));
    const began = performance.now();
    const child = launch(cores, 'nginx', ['-p', folder, '-e', join(folder, 'error.log'), '-c', config]);
    const stop = async () => {
        const how = await end(child);
        process.off('exit', remove);
        remove();
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
    return { url: `http://127.0.0.1:${port}`, pid: child.pid, began, stop };
}

// Where Debian and Ubuntu put the module, or nothing.
function findModule() {
    const about = output('sh', ['-c', 'nginx -V 2>&1']);
    const folder = /--modules-path=(\S+)/.exec(about)?.[1] ?? '/usr/lib/nginx/modules';
    const file = join(folder, 'ngx_nchan_module.so');
    return about.includes('nginx version') && existsSync(file) ? file : undefined;
}

// Nchan as a server to compare, or nothing where it is not installed.
export function findNchan() {
    const module = findModule();
    return module && { name: 'nchan', dialect: 'nchan', settings, start: (cores) => start(module, cores) };
}
