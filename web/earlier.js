// What is above the first message: a way to older ones, or why there are none.

import { numberOf } from './timeline.js';

/**
 * @param {HTMLElement} place  with a button and a line of words
 * @param {{onMore: () => void}} events
 */
export function mountEarlier(place, { onMore }) {
    const button = place.querySelector('button');
    const words = place.querySelector('.words');
    const facts = { isOpen: false, isBusy: false, more: false, problem: '' };
    button.addEventListener('click', () => facts.isBusy || onMore());

    return {
        /** @param {Partial<typeof facts>} changes  isOpen: the history was read */
        set(changes) {
            Object.assign(facts, changes);
        },
        /** @param {{oldest?: object, isFull: boolean}} shown */
        show({ oldest, isFull }) {
            place.hidden = !facts.isOpen;
            place.classList.toggle('empty', !oldest);
            const canMore = facts.more && oldest !== undefined && !isFull;
            button.hidden = !canMore;
            button.setAttribute('aria-busy', String(facts.isBusy));
            words.textContent = facts.problem || sentence({ canMore, isFull, oldest });
        },
    };
}

function sentence({ canMore, isFull, oldest }) {
    if (!oldest) return 'Nobody has said anything here yet. Be the first.';
    if (canMore) return '';
    if (isFull) return 'This page shows no older messages than these.';
    return numberOf(oldest.id) === 1 ? 'This is where the conversation begins.' : 'Older messages are no longer kept.';
}
