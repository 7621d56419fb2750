// The panel of rooms: beside the conversation where there is space, over it where there is not.

import { element } from './dom.js';
import { roomFromInput, roomProblem, roomUrl } from './room.js';

/**
 * @param {HTMLElement} panel  a popover with a list, and a form to go to any room
 * @param {{room?: string, onOpen: () => void, go?: (url: string) => void}} page  room: the one that is shown
 * @returns {{show(choices: {room: string, subscribers?: number}[]): void}}
 */
export function mountRoomPanel(panel, { room: current, onOpen, go = (url) => location.assign(url) }) {
    const list = panel.querySelector('ul');
    const form = panel.querySelector('form');
    const field = form.querySelector('input');
    const problem = form.querySelector('.problem');
    let shown = '';

    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const room = roomFromInput(field.value);
        problem.textContent = roomProblem(room);
        if (!problem.textContent) go(roomUrl(room));
    });
    field.addEventListener('input', () => (problem.textContent = ''));
    panel.addEventListener('toggle', (event) => {
        if (event.newState === 'open') onOpen();
    });
    // A panel that was opened over the conversation must not stay there once it has a place of its own.
    matchMedia('(min-width: 52rem)').addEventListener('change', () => panel.hidePopover?.());

    return {
        show(choices) {
            const look = JSON.stringify(choices);
            if (look === shown) return;
            shown = look;
            const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
            list.replaceChildren(...choices.map((choice) => item(choice, current)));
            if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
        },
    };
}

function item({ room, subscribers }, current) {
    const link = element(
        'a',
        { href: roomUrl(room), 'aria-current': room === current ? 'page' : undefined },
        element('bdi', {}, room),
    );
    if (subscribers > 0) {
        const words = `, ${subscribers} here`;
        const count = element(
            'span',
            { class: 'count', 'aria-hidden': 'true', title: `${subscribers} here` },
            String(subscribers),
        );
        link.append(count, element('span', { class: 'unseen' }, words));
    }
    return element('li', {}, link);
}
