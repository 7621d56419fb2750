// The lamp in the header, the notice under it, and the voice for screen readers.

import { createAnnouncer, describe, transportName } from '../model/status-text.js';

/**
 * @param {{lamp: HTMLElement, notice: HTMLElement, voice: HTMLElement}} place
 * @param {{onAction: () => void}} events  the notice's button: try now, or start again
 * @returns {{show(state: import('../../client/anteroom.js').State): void, say(text: string): void}}
 */
export function mountStatus({ lamp, notice, voice }, { onAction }) {
    const words = notice.querySelector('.words');
    const action = notice.querySelector('button');
    const announce = createAnnouncer();
    let state = { state: 'connecting', attempt: 0 };
    let retryAt = 0;
    let ticking;

    function draw() {
        const {
            tone,
            label,
            notice: text,
            action: verb,
        } = describe(state, {
            online: navigator.onLine,
            left: retryAt - performance.now(),
        });
        lamp.dataset.tone = tone;
        lamp.dataset.state = state.state;
        lamp.querySelector('.words').textContent = label;
        lamp.querySelector('.by').textContent = state.state === 'live' ? transportName(state.transport) : '';
        notice.hidden = text === '';
        words.textContent = text;
        action.hidden = verb === '';
        action.textContent = verb;
    }

    function say(text) {
        if (text) voice.textContent = text;
    }

    action.addEventListener('click', onAction);
    addEventListener('online', draw);
    addEventListener('offline', draw);
    draw();
    return {
        say,
        show(next) {
            state = next;
            clearInterval(ticking);
            if (next.state === 'waiting') {
                retryAt = performance.now() + next.delay;
                ticking = setInterval(draw, 1000);
            }
            draw();
            say(announce(next));
        },
    };
}
