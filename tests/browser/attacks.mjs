// What a page can do to a server of another site without asking it first. Each function runs in the page, with the URL
// of a room, and ends when the server has answered (a fetch also by failing: the page may not read the answer). What it
// leaves behind if it succeeds is the message `owned`, or that `ghost` came.

import { tracesIn } from './server.mjs';

/** Requests that say which origin made them. */
export const WITH_ORIGIN = {
    'fetch of text': (room) => fetch(`${room}/publish`, { method: 'POST', mode: 'no-cors', body: 'owned' }),
    'fetch of a form': (room) =>
        fetch(`${room}/publish`, { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ message: 'owned' }) }),
    'fetch of what has no type': (room) =>
        fetch(`${room}/publish`, { method: 'POST', mode: 'no-cors', body: new Blob(['owned']), keepalive: true }),
    'fetch with credentials': (room) =>
        fetch(`${room}/publish`, { method: 'POST', mode: 'no-cors', credentials: 'include', body: 'owned' }),
    'fetch with CORS': (room) => fetch(`${room}/publish`, { method: 'POST', body: 'owned' }),
    form: (room) => submit(room, 'application/x-www-form-urlencoded'),
    'form of text': (room) => submit(room, 'text/plain'),
    EventSource: (room) =>
        new Promise((resolve) => {
            const source = new EventSource(`${room}/subscribe?as=ghost`);
            source.onopen = source.onerror = () => {
                source.close();
                resolve();
            };
        }),
    WebSocket: (room) =>
        new Promise((resolve) => {
            const socket = new WebSocket(`${room}/subscribe`.replace('http', 'ws'));
            socket.onopen = () => socket.send('{"data":"owned"}');
            socket.onmessage = () => socket.close();
            socket.onclose = resolve;
        }),
    'WebSocket with a name': (room) =>
        new Promise((resolve) => {
            const socket = new WebSocket(`${room}/subscribe?as=ghost`.replace('http', 'ws'));
            socket.onopen = () => socket.close();
            socket.onclose = resolve;
        }),
};

/** Requests that do not: of these the browser says whether they cross sites. */
export const WITHOUT_ORIGIN = {
    'fetch with a name': (room) => fetch(`${room}/subscribe?as=ghost&wait=0`, { mode: 'no-cors' }),
    image: (room) => embed('img', { src: `${room}/subscribe?as=ghost&wait=0` }),
    script: (room) => embed('script', { src: `${room}/subscribe?as=ghost&wait=0` }),
    'style sheet': (room) => embed('link', { rel: 'stylesheet', href: `${room}/subscribe?as=ghost&wait=0` }),
    // A frame that gets no content says nothing of it, so there has to be some.
    frame: async (room) => {
        await submit(room, 'text/plain');
        await embed('iframe', { src: `${room}/subscribe?as=ghost&after=0` });
    },
    'image without a referrer': (room) =>
        embed('img', { referrerPolicy: 'no-referrer', src: `${room}/subscribe?as=ghost&wait=0` }),
};

/** What the functions above call in the page. */
const HELPERS = `
    function embed(tag, attributes) {
        return new Promise((resolve) => {
            const element = Object.assign(document.createElement(tag), attributes);
            element.onload = element.onerror = resolve;
            document.body.append(element);
        });
    }
    async function submit(room, enctype) {
        const answer = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'answer' }));
        const form = Object.assign(document.createElement('form'),
            { action: room + '/publish', method: 'post', enctype, target: 'answer' });
        form.append(Object.assign(document.createElement('input'), { name: 'message', value: 'owned' }));
        document.body.append(form);
        const answered = new Promise((resolve) => (answer.onload = resolve));
        form.submit();
        await answered;
        answer.remove();
        form.remove();
    }`;

let count = 0;
/** Runs an attack in a page or a frame, on a room of its own; resolves to what it has left there. */
export async function attack(server, where, what) {
    const room = `attacked-${++count}`;
    const asked = JSON.stringify(`${server.url}/room/${room}`);
    await where.evaluate(`(() => { ${HELPERS}; return (${what})(${asked}).then(() => {}, () => {}); })()`);
    return tracesIn(server, room);
}
