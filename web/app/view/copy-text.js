// Copies a text to the clipboard: also on plain HTTP and in a frame of another site, where a page has no `navigator.clipboard`.

import { element } from './dom.js';

/** To be called when the user has clicked. @returns {Promise<boolean>} whether it was copied */
export async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copySelected(text);
    }
}

function copySelected(text) {
    const before = document.activeElement;
    const field = element('textarea', { class: 'unseen', readonly: true });
    field.value = text;
    document.body.append(field);
    field.focus({ preventScroll: true });
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    before?.focus({ preventScroll: true });
    return isCopied;
}
