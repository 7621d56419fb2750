// Registers the service worker, with which the page opens without a network as well, and can be installed: once the page is
// there, since the worker loads all of it again.

let isRegistered = false;

/** @param {URL} root  where the server is */
export function keepPage(root) {
    if (isRegistered) return;
    isRegistered = true;
    const worker = new URL('assets/service-worker.js', root);
    navigator.serviceWorker?.register(worker, { scope: root.pathname }).catch(() => {}); // forbidden, or no HTTPS
}
