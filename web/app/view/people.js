// The panel of who is present: beside the conversation on wide screens, over it otherwise.

import { element } from './dom.js';
import { hue, initial } from '../model/display-name.js';
import { presenceCount } from '../model/presence.js';
import { visibleText } from '../model/visible-text.js';
import { openAtButton } from './popover.js';

/**
 * @param {{panel: HTMLElement, count: HTMLButtonElement}} elements  count: the button that opens the panel
 * @param {{onOpen: () => void}} events
 * @returns {{show(present: import('../model/presence.js').PresenceList, facts: {name?: string, isLive: boolean}): void}}
 *   name: the user's; isLive: whether this is known to be so at present
 */
export function mountPeople({ panel, count }, { onOpen }) {
    const list = panel.querySelector('ul');
    const nameless = panel.querySelector('.nameless');
    let shown = '';

    panel.addEventListener('toggle', (event) => {
        if (event.newState === 'open') onOpen();
    });
    openAtButton(panel, count);
    matchMedia('(min-width: 76rem)').addEventListener('change', () => panel.hidePopover?.());

    return {
        show({ names, anonymous }, { name, isLive }) {
            const look = JSON.stringify([names, anonymous, name, isLive]);
            if (look === shown) return;
            shown = look;
            const words = presenceCount({ names, anonymous });
            count.hidden = words === '' || !isLive;
            count.textContent = words;
            count.setAttribute('aria-label', `${words}: who is it?`);
            list.replaceChildren(...names.map((one) => person(one, one === name)));
            nameless.hidden = anonymous === 0;
            nameless.textContent = names.length > 0 ? `and ${anonymous} without a name` : `${anonymous} without a name`;
        },
    };
}

function person(name, isMe) {
    const node = element(
        'li',
        { class: `hue-${hue(name)}` },
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(name)),
        element('bdi', {}, visibleText(name)),
    );
    if (isMe) node.append(element('span', { class: 'me' }, 'you'));
    return node;
}
