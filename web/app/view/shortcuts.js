// Keyboard shortcuts, and the list of them.

import { element } from './dom.js';

const LIST = [
    ['Enter', 'Send'],
    ['Shift Enter', 'New line'],
    ['↑ in an empty field', 'To the newest message, then ↑ and ↓'],
    ['Alt ↑, Alt ↓', 'The room before, the next room'],
    ['Ctrl K', 'Switch room'],
    ['Ctrl Shift F', 'Search in this room'],
    ['Ctrl /', 'This list'],
    ['Esc', 'Close what is open; no reply'],
];

/**
 * @param {HTMLDialogElement} dialog  has a <dl> for the list
 * @param {{onStep(step: number): void, onSwitch(): void, onSearch(): void}} events
 * @returns {{show(): void}}
 */
export function mountShortcuts(dialog, { onStep, onSwitch, onSearch }) {
    const show = () => dialog.open || dialog.showModal();
    dialog
        .querySelector('dl')
        .append(
            ...LIST.map(([keys, what]) =>
                element('div', {}, element('dt', {}, element('kbd', {}, keys)), element('dd', {}, what)),
            ),
        );

    function actionOf({ key, altKey, shiftKey, ctrlKey, metaKey }) {
        const command = (ctrlKey || metaKey) && !altKey;
        if (altKey && !ctrlKey && !metaKey && !shiftKey && key === 'ArrowUp') return () => onStep(-1);
        if (altKey && !ctrlKey && !metaKey && !shiftKey && key === 'ArrowDown') return () => onStep(1);
        if (command && !shiftKey && key.toLowerCase() === 'k') return onSwitch;
        if (command && shiftKey && key.toLowerCase() === 'f') return onSearch;
        if (command && key === '/') return show;
        return undefined;
    }

    addEventListener('keydown', (event) => {
        const action = actionOf(event);
        if (!action || document.querySelector('dialog[open]')) return;
        event.preventDefault();
        action();
    });
    return { show };
}
