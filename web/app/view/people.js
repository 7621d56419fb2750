// The list of who is here: beside the conversation where there is much space, over it elsewhere.

import { element } from './dom.js';
import { hue, initial } from '../model/display-name.js';
import { howMany } from '../model/presence.js';

/**
 * @param {{panel: HTMLElement, here: HTMLButtonElement}} place  here: the button that opens the panel
 * @param {{onOpen: () => void}} events
 * @returns {{show(present: import('../model/presence.js').Present, name?: string): void}}
 */
export function mountPeople({ panel, here }, { onOpen }) {
    const list = panel.querySelector('ul');
    const nameless = panel.querySelector('.nameless');
    let shown = '';

    panel.addEventListener('toggle', (event) => {
        if (event.newState === 'open') onOpen();
    });
    matchMedia('(min-width: 76rem)').addEventListener('change', () => panel.hidePopover?.());

    return {
        show({ names, nameless: others }, name) {
            const look = JSON.stringify([names, others, name]);
            if (look === shown) return;
            shown = look;
            const words = howMany({ names, nameless: others });
            here.hidden = words === '';
            here.textContent = words;
            here.setAttribute('aria-label', `${words}: who is it?`);
            list.replaceChildren(...names.map((one) => person(one, one === name)));
            nameless.hidden = others === 0;
            nameless.textContent = names.length > 0 ? `and ${others} without a name` : `${others} without a name`;
        },
    };
}

function person(name, isMe) {
    const node = element(
        'li',
        { class: `hue-${hue(name)}` },
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(name)),
        element('bdi', {}, name),
    );
    if (isMe) node.append(element('span', { class: 'me' }, 'you'));
    return node;
}
