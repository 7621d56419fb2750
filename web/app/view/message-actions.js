// What can be done with a message: reply, react, copy. One panel for all messages, which opens at the message's button.

import { button } from './dom.js';
import { placeAt } from './popover.js';

export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

/**
 * @param {HTMLElement} panel  a popover with buttons, named by data-do, and a place for reactions (.quick)
 * @param {{onReply(entry): void, onReact(entry, emoji: string): void, onPick(entry, anchor: HTMLElement): void,
 *   onCopyText(entry): void, onCopyLink(entry): void}} events  onPick: another reaction is to be chosen
 * @returns {{open(anchor: HTMLElement, entry: import('../model/timeline.js').MessageEntry): void}}
 */
export function mountMessageActions(panel, { onReply, onReact, onPick, onCopyText, onCopyLink }) {
    let entry;
    let opener;
    const acts = { reply: () => onReply(entry), text: () => onCopyText(entry), link: () => onCopyLink(entry) };

    function close() {
        panel.hidePopover();
        opener?.focus({ preventScroll: true });
    }

    panel.querySelector('.quick').append(
        ...QUICK.map((emoji) =>
            button(emoji, { 'aria-label': `React with ${emoji}` }, () => {
                close();
                onReact(entry, emoji);
            }),
        ),
        button('+', { class: 'pick', 'aria-label': 'React with another emoji' }, () => {
            close();
            onPick(entry, opener);
        }),
    );
    panel.addEventListener('click', ({ target }) => {
        const act = acts[target.closest('[data-do]')?.dataset.do];
        if (!act) return;
        close();
        act();
    });
    panel.addEventListener('keydown', (event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const all = [...panel.querySelectorAll('button')];
        all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
    });

    return {
        open(anchor, message) {
            entry = message;
            opener = anchor;
            panel.showPopover();
            placeAt(panel, anchor);
            panel.querySelector('button').focus({ preventScroll: true });
        },
    };
}
