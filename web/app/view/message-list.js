// The list of messages: renders rows, and keeps the scroll position: at the bottom while the user is there, else on the message
// that is being read.

import { gapText } from '../model/status-text.js';
import { element } from './dom.js';
import { createMessage } from './message.js';
import { dayName, formatDateTime } from '../model/date-format.js';
import { presenceNoteParts } from '../model/presence.js';
import { visibleText } from '../model/visible-text.js';

const NEAR = 48; // px from the bottom that still count as at the bottom
const MARGIN = 40; // px above the line of new messages

/**
 * @param {{log: HTMLElement, list: HTMLElement, jump: HTMLButtonElement}} elements  log scrolls, list is in it
 * @param {Omit<import('./message.js').MessageEvents, 'onUnfold'>} given
 * @returns {{show(rows: import('../model/rows.js').Row[], how?: {quiet?: boolean, anew?: boolean}): void, follow(): void, reveal(): void,
 *   go(id: string): boolean, focusNewest(): void, clear(): void, readonly following: boolean}}
 *   show: quiet if screen readers are not to announce it, anew if rows that are shown are made again. follow: scrolls to the newest and stays there. reveal: scrolls to the
 *   line above new messages, if that is out of view. go: scrolls to a message; false if it is not shown. clear: before the
 *   rows of another room
 */
export function mountMessageList({ log, list, jump }, given) {
    const views = new Map(); // key -> {node, update}
    let shown = []; // the rows of the last show()
    let following = true;
    let unseen = 0; // messages added below the view
    let size = '';

    const events = { ...given, onUnfold: () => (following = false) };
    const distance = () => log.scrollHeight - log.clientHeight - log.scrollTop;
    const measure = () => `${log.clientHeight} ${log.scrollHeight}`;

    function drawJump() {
        jump.hidden = following;
        const count = unseen === 1 ? '1 new message' : `${unseen} new messages`;
        jump.textContent = unseen > 0 ? count : 'Latest messages';
        jump.classList.toggle('fresh', unseen > 0);
    }

    function follow() {
        following = true;
        unseen = 0;
        log.scrollTop = log.scrollHeight;
        drawJump();
    }

    log.addEventListener('scroll', () => {
        // A scroll together with a change of size is made by the browser, not by the user.
        const sameSize = measure() === size;
        size = measure();
        const near = distance() < NEAR;
        if (near) unseen = 0;
        if (near || sameSize) following = near;
        drawJump();
        makeVisibleReachable();
    });
    jump.addEventListener('click', () => {
        follow();
        log.focus({ preventScroll: true });
    });
    const resized = new ResizeObserver(() => {
        if (following) log.scrollTop = log.scrollHeight;
        size = measure();
    });
    resized.observe(log);
    resized.observe(list);

    // The buttons of all messages are one stop of the Tab key: the newest, and from there with the arrow keys.
    const buttons = () => [...list.querySelectorAll('.more:not([hidden])')];

    function makeReachable(one) {
        for (const other of list.querySelectorAll('.more[tabindex="0"]')) if (other !== one) other.tabIndex = -1;
        if (one) one.tabIndex = 0;
    }

    /** While the user reads further up, the newest that is in view. */
    function makeVisibleReachable() {
        if (list.contains(document.activeElement)) return;
        const edge = log.getBoundingClientRect().bottom;
        makeReachable(buttons().findLast((one) => following || one.getBoundingClientRect().bottom <= edge));
    }

    list.addEventListener('focusin', ({ target }) => target.matches('.more') && makeReachable(target));
    list.addEventListener('keydown', (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || event.altKey || !event.target.matches('.more')) return;
        const all = buttons();
        const next = all[all.indexOf(event.target) + step];
        event.preventDefault();
        next?.focus();
        next?.scrollIntoView({ block: 'nearest' });
    });

    /** The first visible message that stays, and its position. */
    function anchorOf(keys) {
        const edge = log.getBoundingClientRect().top;
        const stays = ({ kind, key }) => kind === 'message' && keys.has(key);
        const row = shown.find((each) => stays(each) && views.get(each.key).node.getBoundingClientRect().bottom > edge);
        return row && { key: row.key, top: topOf(row.key) };
    }

    const topOf = (key) => views.get(key).node.getBoundingClientRect().top;

    function show(rows, { quiet = false, anew = false } = {}) {
        log.setAttribute('aria-live', quiet ? 'off' : 'polite');
        const known = new Set(shown.map((row) => row.key));
        const keys = new Set(rows.map((row) => row.key));
        const anchor = following ? undefined : anchorOf(keys);
        for (const [key, { node }] of views) {
            if (keys.has(key) && !anew) continue;
            node.remove();
            views.delete(key);
        }
        let next = list.firstChild;
        for (const row of rows) {
            if (!views.has(row.key)) views.set(row.key, createRow(row, events));
            const { node, update } = views.get(row.key);
            update(row);
            if (node === next) next = next.nextSibling;
            else list.insertBefore(node, next);
        }
        shown = rows;
        // Nothing grew: leave the position alone, the user may have just begun to scroll.
        if (following && measure() !== size) log.scrollTop = log.scrollHeight;
        else if (anchor) log.scrollTop += topOf(anchor.key) - anchor.top;
        size = measure();
        makeVisibleReachable();
        if (!following && !quiet) unseen += rows.filter((row) => row.kind === 'message' && !known.has(row.key)).length;
        drawJump();
    }

    function reveal() {
        const line = list.querySelector('.divider.new');
        if (!line) return;
        const above = line.getBoundingClientRect().top - log.getBoundingClientRect().top;
        if (above >= 0) return;
        following = false;
        log.scrollTop += above - MARGIN;
        drawJump();
    }

    function go(id) {
        const row = shown.find(({ entry }) => entry?.id === id);
        if (!row) return false;
        const { node } = views.get(row.key);
        following = false;
        node.scrollIntoView({ block: 'center' });
        list.querySelector('.found')?.classList.remove('found');
        void node.offsetWidth; // begins the animation anew
        node.classList.add('found');
        node.tabIndex = -1;
        node.focus({ preventScroll: true });
        drawJump();
        return true;
    }

    function clear() {
        views.clear();
        list.replaceChildren();
        shown = [];
        following = true;
        unseen = 0;
        size = '';
    }

    return {
        show,
        follow,
        reveal,
        go,
        focusNewest: () => buttons().at(-1)?.focus(),
        clear,
        get following() {
            return following;
        },
    };
}

function createRow(row, events) {
    if (row.kind === 'message') return createMessage(row.entry, events);
    if (row.kind === 'new') return createLine();
    if (row.kind === 'note') return createNote();
    if (row.kind === 'day') {
        const node = element('span', { title: formatDateTime(row.time) });
        return {
            node: element('li', { class: 'divider day' }, node),
            update: () => (node.textContent = dayName(row.time, Date.now())),
        };
    }
    const what = element('strong');
    const why = element('span');
    return {
        node: element('li', { class: 'gap' }, what, ' ', why),
        update({ entry }) {
            const text = gapText(entry);
            what.textContent = text.what;
            why.textContent = text.why;
        },
    };
}

/** The line above the messages that came while the user was away. */
function createLine() {
    const words = element('span');
    return {
        node: element('li', { class: 'divider new' }, words),
        update: ({ missed }) => (words.textContent = `${missed} new while you were away`),
    };
}

/** A note of joins and leaves. Not announced by screen readers: they would drown the messages. */
function createNote() {
    const node = element('li', { class: 'note', 'aria-live': 'off' });
    let shown = 0;
    return {
        node,
        update({ entry: { events } }) {
            if (events.length === shown) return;
            shown = events.length;
            node.replaceChildren(
                ...presenceNoteParts(events).map(({ text, name }) => (name ? element('bdi', {}, visibleText(text)) : text)),
            );
        },
    };
}
