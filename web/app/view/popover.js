// Places popovers beside what opens them.

const GAP = 4; // px
const MARGIN = 8; // px to the edges of the window

/** Below the anchor, or above it where there is no space; within the window. */
export function placeAt(panel, anchor) {
    panel.style.inset = 'auto';
    const at = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const below = at.bottom + GAP;
    const fits = below + height <= innerHeight - MARGIN;
    const top = fits ? below : Math.max(MARGIN, at.top - GAP - height);
    const left = Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN));
    panel.style.top = `${Math.min(top, Math.max(MARGIN, innerHeight - height - MARGIN))}px`;
    panel.style.left = `${left}px`;
}

/** Opens a panel at its button whenever the button opens it. */
export function openAtButton(panel, button) {
    panel.addEventListener('toggle', (event) => {
        if (event.newState === 'open') placeAt(panel, button);
    });
}

/** A dialog's button to close it. Escape closes it in any case. */
export function closeByButton(dialog) {
    dialog.querySelector('[data-cancel]')?.addEventListener('click', () => dialog.close());
}
