// What the peers share: how they listen, and how they read a published body.

// Listens on a free port of the loopback, or on the one that `--port=N` names, and says where. Nothing times out: what
// is measured waits for as long as it likes.
export function listen(server, what) {
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.headersTimeout = 0;
    const port = Number(/^--port=(\d+)$/.exec(process.argv.find((arg) => arg.startsWith('--port=')))?.[1] ?? 0);
    server.listen({ host: '127.0.0.1', port, backlog: 65535 }, () => {
        process.stdout.write(`${what} listening on http://127.0.0.1:${server.address().port}\n`);
    });
    process.once('SIGTERM', () => process.exit(0));
}

// Calls `then` with the body of a request, as bytes.
export function readBody(request, then) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => then(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
}

export function refuse(response) {
    response.writeHead(404, { 'Content-Length': 0 }).end();
}
