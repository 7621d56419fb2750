// The servers that are compared: the yardsticks, nginx with Nchan, what one would write in Node, and anteroom. Each
// gets a free port of the loopback.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findNchan } from './nchan.mjs';
import { announced, end, launch } from './processes.mjs';

// The columns of the table; the references in Node share one, because no two of them serve the same load.
export const columns = {
    loop: 'loop',
    nchan: 'Nchan',
    node: 'Node',
    beast: 'Beast',
    'beast+deflate': 'Beast, deflate',
    before: 'before',
    anteroom: 'anteroom',
};
const inNode = ['tutorial', 'sse', 'ws'];
export const columnOf = (server) => (inNode.includes(server) ? 'node' : server);

// A server that prints where it listens. `began`: when it was started, in milliseconds; `flags`: unless a load has
// others; `wrapper`: a command that runs it, such as valgrind and its flags.
function printer(name, dialect, settings, command, args, flags = []) {
    return {
        name,
        dialect,
        settings: `${columns[columnOf(name)]}: ${settings}`,
        async start(cores, others = flags, wrapper = []) {
            const began = performance.now();
            const [program, ...all] = [...wrapper, command, ...args, ...others];
            const child = launch(cores, program, all);
            const url = await announced(child);
            return { url, pid: child.pid, began, stop: () => end(child) };
        },
    };
}

const loops = (file) => [
    printer(
        'loop',
        'anteroom',
        "a bare epoll loop that parses next to nothing and keeps a room's last message",
        file,
        [],
    ),
];
const beasts = (file) => [
    printer('beast', 'anteroom', 'a broadcast server on boost::beast::websocket::stream, one thread', file, []),
    printer('beast+deflate', 'anteroom', 'permessage-deflate compiled in, nothing compressed', file, ['--deflate']),
];
// Node compiles what runs often, and needs its time for that.
const nodes = (folder) =>
    [
        printer('tutorial', 'tutorial', 'polls by the server of tutorials, no timeouts, no history', 'node', [
            join(folder, 'tutorial.mjs'),
        ]),
        printer('sse', 'raw', 'SSE by plain http, no ids, no history', 'node', [join(folder, 'sse.mjs')]),
        printer('ws', 'raw', 'WebSockets by ws, no compression, no history', 'node', [join(folder, 'websocket.mjs')]),
    ].map((server) => ({ ...server, settings: `${server.settings}, two seconds to warm up`, warmUp: 2 }));
const anteroomAs = (name, settings) => (file) => [
    printer(name, 'anteroom', settings, file, ['--listen', '127.0.0.1:0'], ['--threads', '1']),
];
const own = anteroomAs('anteroom', 'one thread, all else as it comes');

// The server in one executable, of anteroom or the yardstick, called `name`; `kind` is that of the comparison's column.
export function serverIn(file, name) {
    const [server] = basename(file) === 'anteroom_loop' ? loops(file) : own(file);
    return { ...server, kind: server.name, name };
}

// The servers that can run on this machine, and why the others cannot.
export function findServers({ tools, peers, anteroom, before }) {
    const absent = [];
    const ifThere = (file, make, how, argument = file) => {
        if (existsSync(file)) {
            return make(argument);
        }
        absent.push(`not measured: there is no ${file} (${how})`);
        return [];
    };
    const built = 'tests/bench/compare builds it';
    if (before) {
        const servers = [anteroomAs('before', `${before}, one thread`)(before), ifThere(anteroom, own, built)];
        return { servers: servers.flat(), absent };
    }
    const nchan = findNchan();
    if (!nchan) {
        absent.push('Nchan is not measured: it is not installed (apt-get install nginx libnginx-mod-nchan)');
    }
    const servers = [
        ifThere(join(tools, 'anteroom_loop'), loops, built),
        nchan ?? [],
        ifThere(join(peers, 'node_modules/ws'), nodes, 'tests/bench/compare installs it', peers),
        ifThere(join(tools, 'anteroom_beast_websocket'), beasts, built),
        ifThere(anteroom, own, built),
    ];
    return { servers: servers.flat(), absent };
}
