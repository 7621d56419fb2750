// The panel of rooms: the joined ones with their unread counts, and others in use. Beside the conversation where there is
// space, over it otherwise.

import { button, element } from './dom.js';
import { roomFromInput, roomProblem } from '../model/room.js';
import { countText } from '../model/unread.js';
import { visibleText } from '../model/visible-text.js';

/**
 * @typedef {{room: string, unread?: number, subscribers?: number}} Choice
 * @param {HTMLElement} panel  a popover with two lists, and a form to go to any room
 * @param {{roomUrl: (room: string) => string, onOpen: () => void, onGo: (room: string) => void,
 *   onLeave: (room: string) => void, onFilter: (part: string) => void}} options  onFilter: a part of a name was written
 * @returns {{show(choices: {current?: string, joined: Choice[], others: Choice[]}): void}}
 */
export function mountRoomPanel(panel, { roomUrl, onOpen, onGo, onLeave, onFilter }) {
    const joinedList = panel.querySelector('#joined');
    const others = panel.querySelector('#others');
    const othersList = others.querySelector('ul');
    const form = panel.querySelector('form');
    const field = form.querySelector('input');
    const problem = form.querySelector('.problem');
    let shown = '';

    const close = () => panel.matches(':popover-open') && panel.hidePopover();
    const go = (room) => {
        close();
        onGo(room);
    };

    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const room = roomFromInput(field.value);
        problem.textContent = roomProblem(room);
        if (problem.textContent) return;
        field.value = '';
        onFilter('');
        go(room);
    });
    field.addEventListener('input', () => {
        problem.textContent = '';
        onFilter(roomFromInput(field.value));
    });
    panel.addEventListener('click', (event) => {
        const link = event.target.closest('a[data-room]');
        const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
        if (!link || elsewhere) return;
        event.preventDefault();
        go(link.dataset.room);
    });
    panel.addEventListener('toggle', (event) => {
        if (event.newState === 'open') onOpen();
    });
    // A panel that was opened over the conversation must not stay open once it is shown beside it.
    matchMedia('(min-width: 52rem)').addEventListener('change', close);

    function replace(list, items) {
        const focused = list.contains(document.activeElement) ? document.activeElement : undefined;
        const { room, leave } = focused?.dataset ?? {};
        list.replaceChildren(...items);
        if (!focused) return;
        const same = (node) => (room !== undefined ? node.dataset.room === room : node.dataset.leave === leave);
        ([...list.querySelectorAll('a, button')].find(same) ?? list.querySelector('a'))?.focus();
    }

    return {
        show({ current, joined, others: elsewhere }) {
            const look = JSON.stringify([current, joined, elsewhere]);
            if (look === shown) return;
            shown = look;
            replace(
                joinedList,
                joined.map((choice) => {
                    const leave = { class: 'leave', 'data-leave': choice.room, 'aria-label': `Leave ${visibleText(choice.room)}` };
                    const cross = button('', { ...leave, title: 'Leave this room' }, () => onLeave(choice.room));
                    return element('li', {}, link(choice, current, roomUrl), cross);
                }),
            );
            others.hidden = elsewhere.length === 0;
            replace(
                othersList,
                elsewhere.map((choice) => element('li', {}, link(choice, current, roomUrl))),
            );
        },
    };
}

function link({ room, unread = 0, subscribers = 0 }, current, roomUrl) {
    const node = element(
        'a',
        { href: roomUrl(room), 'data-room': room, 'aria-current': room === current ? 'page' : undefined },
        element('bdi', {}, visibleText(room)),
    );
    if (unread > 0) {
        node.classList.add('unread');
        node.append(counter('badge', countText(unread), `${unread} unread`));
    } else if (subscribers > 0) node.append(counter('count', String(subscribers), `${subscribers} here`));
    return node;
}

/** A number to see, and its meaning for screen readers. */
function counter(kind, number, words) {
    const node = element('span', {});
    const seen = element('span', { class: kind, 'aria-hidden': 'true', title: words }, number);
    node.append(seen, element('span', { class: 'unseen' }, `, ${words}`));
    return node;
}
