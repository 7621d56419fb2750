// Keeps what the page consists of, so that it opens without a network: it says then that it is offline, and what is written
// waits in its outbox. Calls of the server are none of its business.

const CACHE = 'anteroom';
const { scope } = self.registration;
// The page is the same for all rooms, but for the addresses in it, which are relative to its own.
const SHELLS = { lobby: scope, room: `${scope}room/lobby` };

const isShell = (url) => url.href.startsWith(scope) && !url.search && /^(room\/[^/]+)?$/.test(url.href.slice(scope.length).split('#')[0]);
const shellOf = (url) => (url.href.split('#')[0] === scope ? SHELLS.lobby : SHELLS.room);
const isAsset = (url) => url.href.startsWith(`${scope}assets/`);
const isPacked = (url) => url.href.startsWith(`${scope}assets/packed/`);

/** The addresses of what a page consists of. */
function assetsOf(html, base) {
    return [...html.matchAll(/"((?:\.\.?\/)+assets\/[^"]+)"/g)].map(([, path]) => new URL(path, base).href);
}

/** Keeps a page with what it consists of, and nothing that only an older one needed. */
async function keepShell(address, response) {
    const cache = await caches.open(CACHE);
    const wanted = assetsOf(await response.clone().text(), address);
    const kept = await cache.keys();
    const missing = wanted.filter((url) => !kept.some((request) => request.url === url));
    await cache.addAll(missing);
    await cache.put(address, response);
    const old = kept.filter(({ url }) => isPacked(new URL(url)) && /\/app-[^/]+$/.test(url) && !wanted.includes(url));
    await Promise.all(old.map((request) => cache.delete(request)));
}

async function fetchShell(event) {
    const address = shellOf(new URL(event.request.url));
    try {
        const response = await fetch(event.request);
        if (response.ok) event.waitUntil(keepShell(address, response.clone()).catch(() => {}));
        return response;
    } catch (error) {
        const kept = await caches.match(address);
        if (kept) return kept;
        throw error;
    }
}

async function fetchAsset(request) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request);
    if (kept && isPacked(new URL(request.url))) return kept;
    try {
        const response = await fetch(request);
        if (response.ok) await cache.put(request, response.clone());
        return response;
    } catch (error) {
        if (kept) return kept;
        throw error;
    }
}

async function install() {
    const shells = Object.values(SHELLS).map(async (address) => {
        const response = await fetch(address, { headers: { Accept: 'text/html' } });
        if (response.ok) await keepShell(address, response);
    });
    await Promise.all(shells);
    await self.skipWaiting();
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET') return;
    if (request.mode === 'navigate' && isShell(url)) event.respondWith(fetchShell(event));
    else if (isAsset(url)) event.respondWith(fetchAsset(request));
});
