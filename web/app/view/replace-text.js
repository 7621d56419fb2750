// Replaces a range of a text field as if it were typed: undo reverts it, and an `input` event follows.

/**
 * @param {HTMLTextAreaElement|HTMLInputElement} field
 * @param {{from: number, to: number}} range
 * @param {string} text  the caret is after it then
 */
export function replaceText(field, { from, to }, text) {
    field.focus({ preventScroll: true });
    field.setSelectionRange(from, to);
    // Deprecated, but nothing else keeps what undo reverts.
    if (document.execCommand('insertText', false, text)) return;
    field.setRangeText(text, from, to, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Inserts at the caret, in place of what is selected. */
export function insertText(field, text) {
    replaceText(field, { from: field.selectionStart, to: field.selectionEnd }, text);
}
