// A plain broadcast server on Node's `ws`: `/room/NAME` upgraded joins, `POST /room/NAME` sends the body to all who
// have. No compression, and a frame's bytes as they came: the cheapest that `ws` can do without reaching into it.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen, readBody, refuse } from './serve.mjs';

const rooms = new Map();
const nameIn = (request) => /^\/room\/([^/?]+)$/.exec(request.url)?.[1];

function join(name, socket) {
    const room = rooms.get(name) ?? new Set();
    rooms.set(name, room.add(socket));
    socket.on('close', () => {
        room.delete(socket);
        if (room.size === 0 && rooms.get(name) === room) {
            rooms.delete(name);
        }
    });
    socket.on('error', () => {});
}

function publish(name, body, response) {
    for (const each of rooms.get(name) ?? []) {
        each.send(body, { binary: false });
    }
    response.writeHead(200, { 'Content-Length': 2 }).end('ok');
}

const server = createServer((request, response) => {
    const name = nameIn(request);
    if (name && request.method === 'POST') {
        readBody(request, (body) => publish(name, body, response));
    } else {
        refuse(response);
    }
});
const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
server.on('upgrade', (request, socket, head) => {
    const name = nameIn(request);
    if (name) {
        upgrades.handleUpgrade(request, socket, head, (opened) => join(name, opened));
    } else {
        socket.destroy();
    }
});
listen(server, 'websocket');
