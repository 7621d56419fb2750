// A WebSocket in bytes, for saying what no proper client says.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

import { Arrivals } from './waiting.mjs';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A frame as a client sends it. `length` and `lengthBytes` lie about the payload's length, or write it too long. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, masked = true, length, lengthBytes } = {}) {
    const data = Buffer.from(payload);
    const said = length ?? data.length;
    const bytes = lengthBytes ?? (said < 126 ? 0 : said < 65536 ? 2 : 8);
    const head = Buffer.alloc(2 + bytes);
    head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
    head[1] = (masked ? 0x80 : 0) | (bytes === 0 ? said : bytes === 2 ? 126 : 127);
    if (bytes === 2) head.writeUInt16BE(said, 2);
    if (bytes === 8) head.writeBigUInt64BE(BigInt(said), 2);
    if (!masked) return Buffer.concat([head, data]);
    const mask = randomBytes(4);
    return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i & 3])]);
}

export function closeFrame(code, reason = '') {
    const number = Buffer.alloc(2);
    number.writeUInt16BE(code);
    return frame(CLOSE, Buffer.concat([number, Buffer.from(reason)]));
}

/** Shakes hands at `url`, and sends `early` in the same breath; resolves to `{ head, frames, send, socket }`, where `frames` are the server's as they arrive. */
export async function openRaw(url, fields = {}, early = '') {
    const { hostname, port, pathname, search } = new URL(url);
    const socket = connect({ host: hostname, port, noDelay: true });
    socket.on('error', () => {});
    await once(socket, 'connect');
    const key = randomBytes(16).toString('base64');
    const all = {
        Host: `${hostname}:${port}`,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': 13,
        'Sec-WebSocket-Key': key,
        ...fields,
    };
    const lines = Object.entries(all)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
    socket.write(Buffer.concat([Buffer.from(request), Buffer.from(early)]));

    const frames = new Arrivals();
    const over = once(socket, 'close');
    let rest = Buffer.alloc(0);
    let head;
    const shaken = new Promise((resolve, reject) => {
        socket.on('data', (data) => {
            rest = Buffer.concat([rest, data]);
            if (head === undefined) {
                const end = rest.indexOf('\r\n\r\n');
                if (end < 0) return;
                head = rest.subarray(0, end).toString();
                rest = rest.subarray(end + 4);
                resolve();
            }
            for (let one; head.startsWith('HTTP/1.1 101') && (one = take());) frames.push(one);
        });
        over.then(
            () => (reject(new Error('closed before the handshake')), frames.end(new Error('the socket is closed'))),
        );
    });
    function take() {
        if (rest.length < 2) return null;
        const short = rest[1] & 0x7f;
        const at = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
        if (rest.length < at) return null;
        const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
        if (rest.length < at + length) return null;
        const payload = rest.subarray(at, at + length);
        const one = { fin: rest[0] >> 7, rsv: (rest[0] >> 4) & 7, opcode: rest[0] & 15, masked: rest[1] >> 7, payload };
        rest = rest.subarray(at + length);
        if (one.opcode === CLOSE && length >= 2)
            Object.assign(one, { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() });
        return one;
    }
    await shaken;
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    return {
        head,
        accepted: head.startsWith('HTTP/1.1 101') && head.includes(accept),
        frames,
        over,
        socket,
        rest: () => rest.toString(),
        send: (...all) => socket.write(Buffer.concat(all)),
    };
}
