// Connections that say what an attack has them say.

import { once } from 'node:events';
import { connect } from 'node:net';

/** Opens `count` connections, some at a time; `each` gets a socket and its number. Resolves to the sockets. */
export async function open(port, count, each = () => {}) {
    const sockets = [];
    while (sockets.length < count) {
        const some = Array.from({ length: Math.min(200, count - sockets.length) }, () =>
            connect({ port, host: '127.0.0.1', noDelay: true }),
        );
        await Promise.all(
            some.map(async (socket) => {
                socket.on('error', () => {});
                await once(socket, 'connect');
            }),
        );
        for (const socket of some) {
            each(socket, sockets.length);
            sockets.push(socket);
        }
    }
    return sockets;
}

/** Reads what comes, and forgets it. */
export const ignore = (socket) => socket.on('data', () => {});

export const get = (target, fields = '') => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`;

/** body: text, or a Buffer. @returns {Buffer} */
export const post = (target, body, fields = '') =>
    Buffer.concat([
        Buffer.from(
            `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${fields}\r\n`,
        ),
        Buffer.from(body),
    ]);

/** Sends requests one after the other, some at a time, each batch when the last has been answered. */
export async function pipeline(port, requests, atATime = 50) {
    const [socket] = await open(port, 1);
    let answers = 0;
    let wake = () => {};
    let tail = ''; // of what has come: an answer's beginning may come in two pieces
    socket.on('data', (data) => {
        const text = tail + data.toString('latin1');
        answers += text.split('HTTP/1.1 ').length - 1;
        tail = text.slice(-8);
        wake();
    });
    let closed = false;
    socket.on('close', () => {
        closed = true;
        wake();
    });
    for (let sent = 0; sent < requests.length && !closed; sent += atATime) {
        const some = requests.slice(sent, sent + atATime);
        socket.write(Buffer.concat(some.map((request) => Buffer.from(request))));
        while (answers < sent + some.length && !closed) await new Promise((resolve) => (wake = resolve));
    }
    socket.destroy();
    return answers;
}
