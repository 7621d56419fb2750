// The status light in the header, the notice below it, and the live region for screen readers.

import { createAnnouncer, describeState, transportName } from '../model/status-text.js';

const SHOWN_FOR = 4000; // ms

/**
 * @param {{light: HTMLElement, notice: HTMLElement, liveRegion: HTMLElement}} elements
 * @param {{onAction: () => void}} events  the notice's button: retry now, or start again
 * @returns {{show(state: import('../../client/anteroom.js').State): void,
 *   announce(text: string, how?: {isShown?: boolean}): void}}  announce: for screen readers; isShown: for everybody, a moment
 */
export function mountStatus({ light, notice, liveRegion }, { onAction }) {
    const words = notice.querySelector('.words');
    const action = notice.querySelector('button');
    const announcementOf = createAnnouncer();
    let state = { state: 'connecting', attempt: 0 };
    let retryAt = 0;
    let ticking;
    let hiding;

    function draw() {
        const {
            tone,
            label,
            notice: text,
            action: verb,
        } = describeState(state, {
            online: navigator.onLine,
            left: retryAt - performance.now(),
        });
        light.dataset.tone = tone;
        light.dataset.state = state.state;
        light.querySelector('.words').textContent = label;
        light.querySelector('.by').textContent = state.state === 'live' ? transportName(state.transport) : '';
        notice.hidden = text === '';
        words.textContent = text;
        action.hidden = verb === '';
        action.textContent = verb;
    }

    function announce(text, { isShown = false } = {}) {
        if (!text) return;
        clearTimeout(hiding);
        liveRegion.classList.toggle('unseen', !isShown);
        liveRegion.classList.toggle('toast', isShown);
        liveRegion.textContent = text;
        if (isShown) hiding = setTimeout(() => (liveRegion.className = 'unseen'), SHOWN_FOR);
    }

    action.addEventListener('click', onAction);
    addEventListener('online', draw);
    addEventListener('offline', draw);
    draw();
    return {
        announce,
        show(next) {
            state = next;
            clearInterval(ticking);
            if (next.state === 'waiting') {
                retryAt = performance.now() + next.delay;
                ticking = setInterval(draw, 1000);
            }
            draw();
            announce(announcementOf(next));
        },
    };
}
