// A plain SSE server in Node: `GET /room/NAME` opens a stream, `POST /room/NAME` writes the body to all that are open.
// No ids, no history: a reference for what a delivery costs in Node, not for what anteroom does.
import { createServer } from 'node:http';
import { listen, readBody, refuse } from './serve.mjs';

const rooms = new Map();

function open(name, response) {
    const room = rooms.get(name) ?? new Set();
    rooms.set(name, room.add(response));
    response.on('close', () => {
        room.delete(response);
        if (room.size === 0 && rooms.get(name) === room) {
            rooms.delete(name);
        }
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
}

function publish(name, body, response) {
    const event = Buffer.from(`data: ${body.toString().replaceAll('\n', '\ndata: ')}\n\n`);
    for (const each of rooms.get(name) ?? []) {
        each.write(event);
    }
    response.writeHead(200, { 'Content-Length': 2 }).end('ok');
}

const server = createServer((request, response) => {
    const name = /^\/room\/([^/?]+)$/.exec(request.url)?.[1];
    if (name && request.method === 'GET') {
        open(name, response);
    } else if (name && request.method === 'POST') {
        readBody(request, (body) => publish(name, body, response));
    } else {
        refuse(response);
    }
});
listen(server, 'sse');
