// Above the first message: a button for older ones, or why there are none.

import { numberOf } from '../../client/cursor.js';

const NEAR = 400; // px from the top at which older messages are loaded

/**
 * @param {{container: HTMLElement, log: HTMLElement}} elements  container: has a button and a line of text; log: scrolls
 * @param {{onMore: () => void}} events
 */
export function mountHistoryButton({ container, log }, { onMore }) {
    const button = container.querySelector('button');
    const words = container.querySelector('.words');
    let history = {};
    let atTop = false; // scrolled there by the user: a list is shown first at its end

    function more() {
        if (!button.hidden && !history.isLoading) onMore();
    }

    button.addEventListener('click', more);
    log.addEventListener('scroll', () => {
        const near = log.scrollTop < NEAR && log.scrollHeight - log.clientHeight - log.scrollTop > NEAR;
        if (near && !atTop && !history.problem) more();
        atTop = near;
    });

    return {
        /**
         * @param {import('../model/conversation.js').Conversation['history']} now
         * @param {{oldest?: object, isEmpty: boolean, isFull: boolean, hasStart: boolean}} shown  oldest: message that is shown;
         *   hasStart: it is known before what older ones are loaded
         */
        show(now, { oldest, isEmpty, isFull, hasStart }) {
            history = { ...now };
            if (!now.isLoading) atTop = false; // still at the top: the next scroll loads more
            container.hidden = !now.isLoaded && !now.problem;
            container.classList.toggle('empty', isEmpty);
            const canMore = (now.more && hasStart && !isFull) || now.problem !== '';
            if (!canMore && document.activeElement === button) log.focus({ preventScroll: true });
            button.hidden = !canMore;
            button.setAttribute('aria-busy', String(now.isLoading));
            words.textContent = now.problem || sentence({ canMore, isEmpty, isFull, oldest });
        },
    };
}

function sentence({ canMore, isEmpty, isFull, oldest }) {
    if (isEmpty) return 'Nobody has said anything here yet. Be the first.';
    if (canMore || !oldest) return '';
    if (isFull) return 'This page shows no older messages than these.';
    return numberOf(oldest.id) === 1 ? 'This is where the conversation begins.' : 'Older messages are no longer kept.';
}
