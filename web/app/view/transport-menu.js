// The menu of the status light: the choice of the transport, which one is in use, and which tab holds the connection.

import { transportSummary } from '../model/status-text.js';

/**
 * @param {HTMLFormElement} form  a popover with a radio button for each transport and a line of text
 * @param {{chosen: string, onChoose: (transport: string) => void}} options
 * @returns {{show(state: import('../../client/anteroom.js').State): void, choose(transport: string): void}}
 */
export function mountTransportMenu(form, { chosen, onChoose }) {
    const words = form.querySelector('.in-use');
    const radios = [...form.elements.transport];
    let state = { state: 'connecting', attempt: 0 };

    function draw() {
        for (const radio of radios) radio.checked = radio.value === chosen;
        const text = transportSummary(state, chosen);
        if (words.textContent !== text) words.textContent = text;
    }

    form.addEventListener('change', ({ target }) => {
        chosen = target.value;
        draw();
        onChoose(chosen);
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('toggle', (event) => {
        if (event.newState === 'open') radios.find((radio) => radio.checked)?.focus();
    });
    draw();

    return {
        show(next) {
            state = next;
            draw();
        },
        /** Another tab of this browser has chosen. */
        choose(transport) {
            chosen = transport;
            draw();
        },
    };
}
