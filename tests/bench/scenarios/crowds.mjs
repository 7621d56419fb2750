// Those that only wait: memory.
import { memory } from '../figures.mjs';

const basic = ['loop', 'nchan', 'anteroom'];

// One round: memory does not vary as time does.
const idle = (name, title, subs, servers, figures, more) => ({
    name,
    title,
    args: { mode: 'idle', rooms: 1, subs, ...more },
    share: 0,
    descriptors: subs + 100,
    servers,
    figures,
});
const limit = 1320;

export const crowds = [
    idle('idle-1000', '1,000 waiting', 1000, basic, memory()),
    idle('idle-5000', '5,000 waiting', 5000, basic, memory()),
    idle(
        'memory',
        '15,000 waiting, few headers',
        15000,
        ['loop', 'nchan', 'tutorial', 'anteroom'],
        memory(limit, { head: 'memory a waiting poll' }),
    ),
    idle('memory-browser', "15,000 waiting, a browser's headers", 15000, basic, memory(limit), { headers: 'browser' }),
    idle('idle-19000', '19,000 waiting', 19000, basic, memory()),
    idle('memory-sse', '15,000 waiting on SSE', 15000, ['loop', 'nchan', 'sse', 'anteroom'], memory(1600), {
        transport: 'sse',
    }),
    idle(
        'memory-websocket',
        '15,000 waiting on WebSockets',
        15000,
        ['loop', 'nchan', 'ws', 'beast', 'beast+deflate', 'anteroom'],
        memory(4500),
        { transport: 'websocket' },
    ),
];
