// Keeps what the page consists of, so that it opens without a network: it says then that it is offline, and what is written
// waits in its outbox. Calls of the server are none of its business.
//
// The page itself is requested anew each time, and served from here where there is no answer. What it loads is found by what it
// names and imports, also what it imports only at times.

const { scope } = self.registration;
const CACHE = `anteroom ${scope}`; // others may be behind other paths of the same site
// The page is the same for all rooms, but for the addresses in it, which are relative to its own.
const SHELLS = { lobby: scope, room: `${scope}room/lobby` };
const ICONS = [`${scope}assets/icon-unread.svg`]; // a module names it
const PATIENCE = 5000; // ms for a server, before a page that is kept is served instead

const isShell = (url) => url.href.startsWith(scope) && !url.search && /^(room\/[^/]+)?$/.test(url.href.slice(scope.length).split('#')[0]);
const shellOf = (url) => (url.href.split('#')[0] === scope ? SHELLS.lobby : SHELLS.room);
const isAsset = (url) => url.href.startsWith(`${scope}assets/`);
const isPacked = (address) => address.startsWith(`${scope}assets/packed/`); // never changes
const isPage = (html) => html.includes(' data-root="'); // not what a proxy says in its place

const IN_PAGE = /"((?:\.\.?\/)+assets\/[^"]+)"/g;
const IN_MODULE = /\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;
const named = (text, pattern, base) => [...text.matchAll(pattern)].map(([, path]) => new URL(path, base).href);

/** The addresses of all that a page loads. `load` gets an asset's response. */
async function assetsOf(html, base, load) {
    const found = new Set(ICONS);
    let next = [...new Set([...ICONS, ...named(html, IN_PAGE, base)])];
    while (next.length > 0) {
        const texts = await Promise.all(next.map(async (address) => [address, await (await load(address)).text()]));
        for (const address of next) found.add(address);
        const modules = texts.filter(([address]) => address.endsWith('.js'));
        const imports = modules.flatMap(([address, text]) => named(text, IN_MODULE, address));
        next = [...new Set(imports)].filter((address) => !found.has(address));
    }
    return [...found];
}

/** Keeps the present version of the page, and of the one before what tabs that still show it may need. */
const keepPage = () => navigator.locks.request(CACHE, keepPresent); // a new worker begins while the old one is still at it

async function keepPresent() {
    const cache = await caches.open(CACHE);
    const needed = new Set(Object.values(SHELLS));
    let isNew = false;

    const keep = async (address) => {
        const kept = isPacked(address) ? await cache.match(address) : undefined;
        if (kept) return kept;
        await cache.add(address);
        return cache.match(address);
    };
    const onlyKept = async (address) => (await cache.match(address)) ?? new Response();

    for (const address of Object.values(SHELLS)) {
        const before = await (await cache.match(address))?.text();
        for (const asset of await assetsOf(before ?? '', address, onlyKept)) needed.add(asset);
        const response = await fetch(address, { headers: { Accept: 'text/html' } });
        const html = await response.clone().text();
        if (!response.ok || !isPage(html)) throw new Error('not the page');
        for (const asset of await assetsOf(html, address, keep)) needed.add(asset);
        await cache.put(address, response);
        isNew ||= html !== before;
    }
    if (!isNew) return;
    for (const request of await cache.keys()) if (!needed.has(request.url)) await cache.delete(request);
}

async function update(kept, response) {
    const html = await response.text();
    if (isPage(html) && html !== (await kept?.text())) await keepPage();
}

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE));

async function fetchShell(event) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(shellOf(new URL(event.request.url)));
    try {
        const response = await Promise.race([fetch(event.request), ...(kept ? [late()] : [])]);
        if (kept && (!response || response.status >= 500)) return kept; // a proxy's, or the server's while it drains
        if (response.ok) event.waitUntil(update(kept?.clone(), response.clone()).catch(() => {})); // the next time then
        return response;
    } catch (error) {
        if (kept) return kept;
        throw error;
    }
}

async function fetchAsset(request) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request);
    if (kept && isPacked(request.url)) return kept;
    try {
        const response = await fetch(request);
        if (kept && response.status >= 500) return kept;
        if (response.ok) await cache.put(request, response.clone());
        return response;
    } catch (error) {
        if (kept) return kept;
        throw error;
    }
}

self.addEventListener('install', (event) => event.waitUntil(keepPage().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET') return;
    if (request.mode === 'navigate' && isShell(url)) event.respondWith(fetchShell(event));
    else if (isAsset(url)) event.respondWith(fetchAsset(request));
});
