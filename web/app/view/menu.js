// The menu of the header: what is used seldom, notifications, and colours.

import { openAtButton } from './popover.js';

const BLOCKED = 'The browser does not let this site show notifications.';

/**
 * @param {{panel: HTMLFormElement, button: HTMLButtonElement}} elements
 * @param {object} options
 *   actions: {search, switch, shortcuts}
 *   settings: as of createNotifySettings()
 *   notifier: as of mountNotifier()
 *   room(): the room that is shown
 *   theme(), setTheme(theme)
 */
export function mountMenu({ panel, button }, { actions, settings, notifier, room, theme, setTheme }) {
    const { notify, sound, theme: themes } = panel.elements;
    const problem = panel.querySelector('.problem');

    function draw() {
        notify.checked = notifier.permission === 'granted' && settings.wantsAll(room());
        notify.disabled = room() === undefined;
        sound.checked = settings.hasSound;
        problem.textContent = notifier.permission === 'denied' ? BLOCKED : '';
        for (const radio of themes) radio.checked = radio.value === theme();
    }

    openAtButton(panel, button);
    panel.addEventListener('beforetoggle', draw);
    panel.addEventListener('submit', (event) => event.preventDefault());
    panel.addEventListener('click', ({ target }) => {
        const action = actions[target.closest('[data-do]')?.dataset.do];
        if (!action) return;
        panel.hidePopover();
        action();
    });
    panel.addEventListener('change', async ({ target }) => {
        if (target === notify) {
            const wanted = notify.checked;
            const asked = room(); // another one may be shown when the user has answered
            if (wanted && notifier.permission === 'default') await notifier.request();
            settings.setWantsAll(asked, wanted && notifier.permission === 'granted');
        } else if (target === sound) settings.hasSound = sound.checked;
        else setTheme(target.value);
        draw();
    });
}
