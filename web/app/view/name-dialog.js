// Asks for the name under which one speaks.

import { nameFromInput, nameProblem } from '../model/display-name.js';

/**
 * @param {HTMLDialogElement} dialog  with a form that has an input, and a place for what is wrong (.problem)
 * @param {{onName: (name: string) => void, onClosed: () => void}} events  onName before onClosed
 * @returns {{ask(name?: string): void}}
 */
export function mountNameDialog(dialog, { onName, onClosed }) {
    const form = dialog.querySelector('form');
    const field = form.querySelector('input');
    const problem = form.querySelector('.problem');

    const tell = (text) => {
        problem.textContent = text;
        field.setAttribute('aria-invalid', String(text !== ''));
    };
    field.addEventListener('input', () => tell(''));
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const name = nameFromInput(field.value);
        tell(nameProblem(name));
        if (problem.textContent) return;
        onName(name);
        dialog.close();
    });
    dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', onClosed);

    return {
        ask(name = '') {
            field.value = name;
            tell('');
            if (!dialog.open) dialog.showModal();
            field.select();
        },
    };
}
