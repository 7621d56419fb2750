// A quiet client in a thread of its own: asks, and measures the CPU time that the server takes until it has the answer.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { port, pid } = workerData;
const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** ms of CPU that the process has used, all of its threads; precise, unlike what /proc/PID/stat has. */
const used = () => Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;

const socket = connect({ port, host: '127.0.0.1', noDelay: true });
let answers = 0;
let longest = 0;
let before = 0;
let stopped = false;

function ask() {
    before = used();
    socket.write(REQUEST);
}
socket.on('connect', ask);
socket.on('data', () => {
    longest = Math.max(longest, used() - before);
    if (++answers === 1) {
        longest = 0;
        parentPort.postMessage('ready');
    }
    if (stopped) parentPort.postMessage({ answers, longest });
    else setTimeout(ask, 1);
});
parentPort.on('message', () => (stopped = true));
