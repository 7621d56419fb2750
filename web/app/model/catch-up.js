// When a page has caught up: the rooms are followed, and for a moment nothing more came. Until then what comes is what
// one missed, however closely one looks.

const QUIET = 200; // ms
const LONGEST = 3000;

/** @param {{onDone: () => void, setTimeout?: Function, clearTimeout?: Function, now?: () => number}} given */
export function createArrival({ onDone, setTimeout, clearTimeout, now = Date.now }) {
    const set = setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    let began;
    let timer;
    let done = false;

    function wait() {
        if (began === undefined || done) return;
        clear(timer);
        timer = set(
            () => {
                done = true;
                onDone();
            },
            Math.max(0, Math.min(QUIET, began + LONGEST - now())),
        );
    }

    return {
        get done() {
            return done;
        },
        /** The rooms are followed. */
        live() {
            began ??= now();
            wait();
        },
        /** Something came. */
        heard: wait,
    };
}
