// The long poll as tutorials teach it: `GET /subscribe` leaves its response in an array, `POST /publish` ends all that
// are there with the message. Nothing is kept, so that whatever is published between two polls of somebody is lost to
// them.
import { createServer } from 'node:http';
import { listen, readBody, refuse } from './serve.mjs';

let waiting = [];

function publish(message, response) {
    const notified = waiting;
    waiting = [];
    const head = {
        'Content-Type': 'text/plain;charset=utf-8',
        'Cache-Control': 'no-store',
        'Content-Length': message.length,
    };
    for (const each of notified) {
        each.writeHead(200, head).end(message);
    }
    response.writeHead(200, { 'Content-Length': 2 }).end('ok');
}

const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/subscribe') {
        waiting.push(response);
        // Also comes after every answer, when there is nothing to take out of the array.
        response.on('close', () => {
            if (!response.writableEnded) {
                waiting.splice(waiting.indexOf(response), 1);
            }
        });
    } else if (request.method === 'POST' && request.url === '/publish') {
        // Polls that have arrived but are not read yet come first: over the loopback a publisher is so near that it
        // would often overtake them.
        readBody(request, (body) => setImmediate(publish, body, response));
    } else {
        refuse(response);
    }
});
listen(server, 'tutorial');
