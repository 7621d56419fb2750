// Whether the page has caught up: the rooms are followed, and for a moment no more messages came. Those that come until then
// were missed, and count as unread even if the page is visible.

const QUIET = 500; // ms without a message
const MAX_DURATION = 3000; // ms

/**
 * @param {{onDone: () => void, setTimeout?: Function, clearTimeout?: Function, now?: () => number}} options
 *   onDone: called once
 */
export function createCatchUp({ onDone, setTimeout, clearTimeout, now = () => performance.now() }) {
    const set = setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    const clear = clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    let start; // when the rooms were followed first
    let timer;
    let done = false;

    function restartTimer() {
        if (start === undefined || done) return;
        clear(timer);
        timer = set(
            () => {
                done = true;
                onDone();
            },
            Math.max(0, Math.min(QUIET, start + MAX_DURATION - now())),
        );
    }

    return {
        get done() {
            return done;
        },
        /** The rooms are followed. */
        connected() {
            start ??= now();
            restartTimer();
        },
        /** Something came. */
        received: restartTimer,
    };
}
