// The panel to choose an emoji from: for the composer, and as a reaction to a message. Built when it is first opened.

import { element } from './dom.js';
import { nextCell } from './grid-keys.js';

const MARGIN = 8; // px between the panel and what it is for, and the edges of the window

/**
 * @typedef {(emoji: string) => void} OnPick  called after the panel was closed and the focus returned
 *
 * @param {HTMLButtonElement} button  opens the panel, and closes it
 * @param {HTMLElement} panel  an empty popover
 * @param {{onPick: OnPick, recent: () => string[]}} options
 *   onPick: an emoji was chosen after a click on the button; recent: what was chosen last, newest first
 * @returns {{open(anchor: HTMLElement, onPick: OnPick, label?: string): void}}
 *   open: beside another button, to be called when it is clicked; closes the panel if that button has opened it. label: what the
 *   emoji is for, for screen readers
 */
export function mountEmojiPicker(button, panel, { onPick, recent }) {
    const search = element('input', {
        role: 'searchbox',
        'aria-label': 'Search emoji',
        placeholder: 'Search',
        autocomplete: 'off',
        autocapitalize: 'none',
        spellcheck: 'false',
        enterkeyhint: 'done',
    });
    const notice = element('p', { class: 'notice', role: 'status' });
    const found = element('div', { class: 'cells', role: 'group', 'aria-label': 'Found' });
    const grouped = element('div');
    const named = element('p', { class: 'named', 'aria-hidden': 'true' }); // the buttons have their names
    const scroll = element('div', { class: 'scroll' }, notice, found, grouped);
    let emoji; // the module, once it is loaded
    let recentGroup;
    let current; // the cell that Tab leads to
    let anchor; // what the panel is open for
    let picked;
    let pressed; // the anchor, if it was pressed while the panel was open, which closes it before the click comes

    button.setAttribute('aria-haspopup', 'dialog');
    button.setAttribute('aria-expanded', 'false');
    panel.setAttribute('role', 'dialog');
    panel.setAttribute('tabindex', '-1');

    const isOpen = () => panel.matches(':popover-open');

    function open(opener, pick, label = 'Emoji') {
        const isSame = isOpen() ? anchor === opener : pressed === opener;
        pressed = undefined;
        if (isOpen()) close();
        if (isSame) return;
        anchor = opener;
        picked = pick;
        panel.setAttribute('aria-label', label);
        panel.showPopover();
        anchor.setAttribute('aria-expanded', 'true');
        place();
        fill();
    }

    function close() {
        panel.hidePopover();
        if (anchor.isConnected) anchor.focus({ preventScroll: true });
    }

    /** Over the anchor, or below where there is more space; narrow screens have a place of their own (emoji.css). */
    function place() {
        const { left, right, top, bottom } = anchor.getBoundingClientRect();
        const { offsetWidth: width, offsetHeight: height } = panel;
        const { clientWidth, clientHeight } = document.documentElement;
        const clamp = (value, max) => Math.max(MARGIN, Math.min(value, max - MARGIN));
        const isLeft = left + right < clientWidth;
        const x = clamp(isLeft ? left : right - width, clientWidth - width);
        const above = top - MARGIN - height;
        const y = clamp(
            above >= MARGIN || top > clientHeight - bottom ? above : bottom + MARGIN,
            clientHeight - height,
        );
        panel.style.setProperty('--x', `${x}px`);
        panel.style.setProperty('--y', `${y}px`);
    }

    async function fill() {
        if (!emoji) {
            panel.replaceChildren(notice);
            notice.textContent = 'Loading…';
            panel.focus({ preventScroll: true });
            try {
                emoji = await import('../model/emoji.js');
            } catch {
                notice.textContent = 'The emoji could not be loaded. Close this panel and try again.';
                return;
            }
            if (!recentGroup) build();
        }
        search.value = '';
        drawRecent();
        drawFound();
        scroll.scrollTop = 0;
        if (!isOpen()) return;
        // On touch screens the focus in a field would bring up a keyboard.
        (matchMedia('(hover: hover)').matches ? search : panel).focus({ preventScroll: true });
    }

    function build() {
        recentGroup = group('Recently used', []);
        grouped.append(recentGroup.node, ...emoji.groups.map((each) => group(each.name, each.emoji).node));
        scroll.prepend(notice);
        panel.replaceChildren(search, scroll, named);
    }

    function drawRecent() {
        const cells = recent().map((each) => cell({ emoji: each, name: emoji.nameOf(each) }));
        recentGroup.cells.replaceChildren(...cells);
        recentGroup.node.hidden = cells.length === 0;
    }

    function drawFound() {
        const part = search.value.trim();
        const matches = emoji.findEmoji(part);
        found.replaceChildren(...matches.map(cell));
        found.hidden = part === '';
        grouped.hidden = part !== '';
        notice.hidden = part === '';
        notice.textContent = foundText(part, matches.length);
        setCurrent(cells()[0]);
        named.textContent = '';
        scroll.scrollTop = 0;
    }

    const cells = () => [...(grouped.hidden ? found : grouped).querySelectorAll('button:not([hidden] button)')];

    function setCurrent(next) {
        current?.setAttribute('tabindex', '-1');
        current = next;
        current?.setAttribute('tabindex', '0');
    }

    function choose(node) {
        const pick = picked;
        close();
        pick(node.dataset.emoji);
    }

    function searchKey(key) {
        const first = cells()[0];
        if (key === 'Enter' && search.value.trim() && first) choose(first);
        if (key === 'ArrowDown') first?.focus();
        return key === 'Enter' || key === 'ArrowDown';
    }

    function cellKey(key, node) {
        const all = cells();
        const next = nextCell(key, all, node);
        if (next) next.focus();
        else if (key === 'ArrowUp') search.focus();
        return next !== undefined || key.startsWith('Arrow');
    }

    button.addEventListener('click', () => open(button, onPick));
    search.addEventListener('input', drawFound);
    panel.addEventListener('click', ({ target }) => {
        const node = target.closest('[data-emoji]');
        if (node) choose(node);
    });
    panel.addEventListener('keydown', (event) => {
        const { target, key } = event;
        if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
        let isDone = false;
        if (key === 'Escape') {
            close();
            isDone = true;
        } else if (target === search) isDone = searchKey(key);
        else if (target.dataset.emoji && /^[\p{L}\p{N}]$/u.test(key))
            search.focus(); // where the letter goes
        else if (target.dataset.emoji) isDone = cellKey(key, target);
        if (isDone) event.preventDefault();
    });
    for (const type of ['focusin', 'mouseover']) {
        panel.addEventListener(type, ({ target }) => {
            const node = target.closest('[data-emoji]');
            if (node) named.textContent = `${node.dataset.emoji} ${node.getAttribute('aria-label')}`;
            if (node && type === 'focusin') setCurrent(node);
        });
    }
    panel.addEventListener('beforetoggle', ({ newState }) => {
        if (newState === 'closed') anchor.setAttribute('aria-expanded', 'false');
    });
    document.addEventListener(
        'pointerdown',
        ({ target }) => (pressed = isOpen() && anchor.contains(target) ? anchor : undefined),
        true,
    );
    addEventListener('resize', () => isOpen() && place());

    return { open };
}

function foundText(part, count) {
    if (part === '') return '';
    if (count === 0) return 'No emoji has such a name.';
    return count === 1 ? '1 emoji found' : `${count} emoji found`;
}

function group(name, emoji) {
    const cells = element(
        'div',
        { class: 'cells' },
        ...emoji.map(({ emoji, names }) => cell({ emoji, name: names[0] })),
    );
    const node = element('div', { class: 'group', role: 'group', 'aria-label': name }, element('h2', {}, name), cells);
    return { node, cells };
}

function cell({ emoji, name = emoji }) {
    return element(
        'button',
        {
            type: 'button',
            class: 'emoji',
            tabindex: '-1',
            'aria-label': name.replaceAll('_', ' '),
            'data-emoji': emoji,
        },
        emoji,
    );
}
