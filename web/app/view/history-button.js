// What is above the first message: a way to older ones, or why there are none.

import { numberOf } from '../../client/cursor.js';

const NEAR = 400; // px from the top: older ones come before one gets there

/**
 * @param {{place: HTMLElement, log: HTMLElement}} given  place: with a button and a line of words; log: what scrolls
 * @param {{onMore: () => void}} events
 */
export function mountEarlier({ place, log }, { onMore }) {
    const button = place.querySelector('button');
    const words = place.querySelector('.words');
    let facts = {};
    let atTop = false; // scrolled there, by a person: a list that opens is at its end

    function more() {
        if (!button.hidden && !facts.isBusy) onMore();
    }

    button.addEventListener('click', more);
    log.addEventListener('scroll', () => {
        const near = log.scrollTop < NEAR && log.scrollHeight - log.clientHeight - log.scrollTop > NEAR;
        if (near && !atTop && !facts.problem) more();
        atTop = near;
    });

    return {
        /**
         * @param {import('../model/conversation.js').Conversation['earlier']} now
         * @param {{oldest?: object, isEmpty: boolean, isFull: boolean}} shown
         */
        show(now, { oldest, isEmpty, isFull }) {
            facts = { ...now };
            if (!now.isBusy) atTop = false; // still there: the next scroll asks again
            place.hidden = !now.isOpen && !now.problem;
            place.classList.toggle('empty', isEmpty);
            const canMore = (now.more && oldest !== undefined && !isFull) || now.problem !== '';
            if (!canMore && document.activeElement === button) log.focus({ preventScroll: true });
            button.hidden = !canMore;
            button.setAttribute('aria-busy', String(now.isBusy));
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
