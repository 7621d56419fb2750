// The dialog that switches rooms: joined ones and others in use by a part of their name, or any name.

import { roomFromInput, roomProblem } from '../model/room.js';
import { visibleText } from '../model/visible-text.js';
import { element } from './dom.js';
import { closeByButton } from './popover.js';

/**
 * @param {HTMLDialogElement} dialog  has a field, a listbox and an element for problems (.problem)
 * @param {{rooms(part: string): string[], onGo(room: string): void}} options  rooms: those to offer, the best first
 * @returns {{open(): void}}
 */
export function mountRoomSwitcher(dialog, { rooms, onGo }) {
    const field = dialog.querySelector('input');
    const list = dialog.querySelector('[role=listbox]');
    const problem = dialog.querySelector('.problem');
    let offered = [];
    let chosen = 0;

    function draw() {
        problem.textContent = '';
        const part = roomFromInput(field.value);
        offered = rooms(part);
        if (part && !offered.includes(part) && !roomProblem(part)) offered.push(part);
        chosen = Math.min(chosen, Math.max(0, offered.length - 1));
        list.replaceChildren(
            ...offered.map((room, index) =>
                element(
                    'li',
                    { id: `switch-${index}`, role: 'option', 'aria-selected': String(index === chosen), 'data-index': index },
                    element('bdi', {}, visibleText(room)),
                ),
            ),
        );
        if (offered.length > 0) field.setAttribute('aria-activedescendant', `switch-${chosen}`);
        else field.removeAttribute('aria-activedescendant');
        list.children[chosen]?.scrollIntoView({ block: 'nearest' });
    }

    function go() {
        const room = offered[chosen] ?? roomFromInput(field.value);
        problem.textContent = roomProblem(room);
        if (problem.textContent) return;
        dialog.close();
        onGo(room);
    }

    closeByButton(dialog);
    field.addEventListener('input', () => {
        chosen = 0;
        draw();
    });
    field.addEventListener('keydown', (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || offered.length === 0) return;
        event.preventDefault();
        chosen = (chosen + step + offered.length) % offered.length;
        draw();
    });
    list.addEventListener('click', ({ target }) => {
        const option = target.closest('[data-index]');
        if (!option) return;
        chosen = Number(option.dataset.index);
        go();
    });
    dialog.querySelector('form').addEventListener('submit', (event) => {
        event.preventDefault();
        go();
    });
    return {
        open() {
            field.value = '';
            chosen = 0;
            if (!dialog.open) dialog.showModal();
            draw();
            field.focus();
        },
    };
}
