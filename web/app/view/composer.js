// The composer: grows with the text, sends on Enter, shows when a message is too long.

import { sizeNotice } from '../model/outbox.js';

/**
 * @param {HTMLFormElement} form  with a textarea, a submit button and an element for the notice (.size)
 * @param {{onSend: (text: string) => boolean, onInput: (text: string) => void, onUp: () => void, onEscape: () => void}} events
 *   onSend: returns false to keep the text; onInput: the user has changed it; onUp: the arrow key in an empty field
 * @returns {{focus(): void, replyTo(author?: string, words?: string): void, text: string}}
 *   replyTo: shows what the text will answer, or nothing
 */
export function mountComposer(form, { onSend, onInput, onUp, onEscape }) {
    const field = form.querySelector('textarea');
    const submit = form.querySelector('[type=submit]');
    const notice = form.querySelector('.size');
    const replying = form.querySelector('#replying');
    const touch = matchMedia('(pointer: coarse) and (hover: none)');
    const hasFieldSizing = globalThis.CSS?.supports?.('field-sizing', 'content');

    function draw() {
        const size = sizeNotice(field.value);
        if (notice.textContent !== size.text) notice.textContent = size.text;
        notice.classList.toggle('too-large', size.tooLarge);
        field.setAttribute('aria-invalid', String(size.tooLarge));
        submit.disabled = size.tooLarge || field.value.trim() === '';
        if (hasFieldSizing) return;
        field.style.height = 'auto';
        field.style.height = `${field.scrollHeight + 2}px`;
    }

    field.addEventListener('input', () => {
        draw();
        onInput(field.value);
    });
    field.addEventListener('keydown', (event) => {
        // 229: in some browsers the Enter that ends a composition has no isComposing.
        const composing = event.isComposing || event.keyCode === 229;
        if (event.defaultPrevented || composing) return;
        if (event.key === 'Escape') onEscape();
        if (event.key === 'ArrowUp' && field.value === '' && !event.altKey) {
            event.preventDefault();
            onUp();
        }
        if (event.key !== 'Enter' || event.shiftKey || touch.matches) return;
        event.preventDefault();
        form.requestSubmit();
    });
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const text = field.value.trimEnd();
        if (text === '' || sizeNotice(text).tooLarge || !onSend(text)) return;
        field.value = '';
        draw();
        onInput('');
        field.focus();
    });
    replying.querySelector('button').addEventListener('click', () => {
        onEscape();
        field.focus();
    });
    draw();
    return {
        focus: () => field.focus(),
        replyTo(author, words = '') {
            replying.hidden = author === undefined;
            replying.querySelector('.author').textContent = author ?? '';
            replying.querySelector('.words').textContent = words;
        },
        get text() {
            return field.value;
        },
        set text(text) {
            field.value = text;
            draw();
        },
    };
}
