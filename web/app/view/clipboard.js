// Copies text.

/**
 * @param {string} text
 * @param {() => void} onDone
 */
export async function copyText(text, onDone) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        prompt('Copy it from here:', text); // the browser allows no more
        return;
    }
    onDone();
}
