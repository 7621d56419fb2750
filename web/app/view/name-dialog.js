// The dialog that asks for the user's name.

import { nameFromInput, nameProblem } from '../model/display-name.js';

/**
 * @param {HTMLDialogElement} dialog  with a form that has an input, and an element for problems (.problem)
 * @param {{onName: (name: string) => void, onClosed: () => void}} events  onName before onClosed
 * @returns {{ask(name?: string): void}}
 */
export function mountNameDialog(dialog, { onName, onClosed }) {
    const form = dialog.querySelector('form');
    const field = form.querySelector('input');
    const problem = form.querySelector('.problem');

    const showProblem = (text) => {
        problem.textContent = text;
        field.setAttribute('aria-invalid', String(text !== ''));
    };
    field.addEventListener('input', () => showProblem(''));
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const name = nameFromInput(field.value);
        showProblem(nameProblem(name));
        if (problem.textContent) return;
        onName(name);
        dialog.close();
    });
    dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', onClosed);

    return {
        ask(name = '') {
            field.value = name;
            showProblem('');
            if (!dialog.open) dialog.showModal();
            field.select();
        },
    };
}
