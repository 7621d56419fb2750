// The list of messages: rows to nodes, and a scroll position that stays where the reader is: at the bottom while they
// are at the bottom, on the message that they read otherwise.

import { gapText } from '../model/status-text.js';
import { element } from './dom.js';
import { createMessage } from './message.js';
import { dayName, moment } from '../model/date-format.js';
import { noteParts } from '../model/presence.js';

const NEAR = 48; // px from the bottom that still count as at the bottom
const MARGIN = 40; // px above the line of what is new

/**
 * @param {{log: HTMLElement, list: HTMLElement, jump: HTMLButtonElement}} place  log scrolls, list is in it
 * @param {{onAgain: (key: string) => void, onDiscard: (key: string) => void}} events
 * @returns {{show(rows: import('../model/rows.js').Row[], quiet?: boolean): void, follow(): void, reveal(): void, clear(): void,
 *   readonly following: boolean}}
 *   show: quiet if nothing of it is to be read aloud. follow: goes to the newest and stays there. reveal: goes to the
 *   line above what is new, where that is out of sight. clear: before the rows of another room
 */
export function mountMessageList({ log, list, jump }, { onAgain, onDiscard }) {
    const views = new Map(); // key -> {node, update}
    let shown = []; // the rows, as they were shown last
    let following = true;
    let waiting = 0; // messages that came below what is being read
    let size = '';

    const events = { onAgain, onDiscard, onUnfold: () => (following = false) };
    const distance = () => log.scrollHeight - log.clientHeight - log.scrollTop;
    const measure = () => `${log.clientHeight} ${log.scrollHeight}`;

    function drawJump() {
        jump.hidden = following;
        const count = waiting === 1 ? '1 new message' : `${waiting} new messages`;
        jump.textContent = waiting > 0 ? count : 'Latest messages';
        jump.classList.toggle('fresh', waiting > 0);
    }

    function follow() {
        following = true;
        waiting = 0;
        log.scrollTop = log.scrollHeight;
        drawJump();
    }

    log.addEventListener('scroll', () => {
        // A scroll that comes with a change of size is the browser's doing and says nothing about the reader.
        const sameSize = measure() === size;
        size = measure();
        const near = distance() < NEAR;
        if (near) waiting = 0;
        if (near || sameSize) following = near;
        drawJump();
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

    /** The first message in sight that stays, and where it is. */
    function anchorOf(keys) {
        const edge = log.getBoundingClientRect().top;
        const stays = ({ kind, key }) => kind === 'message' && keys.has(key);
        const row = shown.find((each) => stays(each) && views.get(each.key).node.getBoundingClientRect().bottom > edge);
        if (!row) return undefined;
        const { node } = views.get(row.key);
        return { node, top: node.getBoundingClientRect().top };
    }

    function show(rows, quiet = false) {
        log.setAttribute('aria-live', quiet ? 'off' : 'polite');
        const known = new Set(shown.map((row) => row.key));
        const keys = new Set(rows.map((row) => row.key));
        const anchor = following ? undefined : anchorOf(keys);
        for (const [key, { node }] of views) {
            if (keys.has(key)) continue;
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
        // Nothing grew: leave it to the reader, who may have just begun to scroll.
        if (following && measure() !== size) log.scrollTop = log.scrollHeight;
        else if (anchor) log.scrollTop += anchor.node.getBoundingClientRect().top - anchor.top;
        size = measure();
        if (!following && !quiet) waiting += rows.filter((row) => row.kind === 'message' && !known.has(row.key)).length;
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

    function clear() {
        views.clear();
        list.replaceChildren();
        shown = [];
        following = true;
        waiting = 0;
        size = '';
    }

    return {
        show,
        follow,
        reveal,
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
        const node = element('span', { title: moment(row.time) });
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

/** The line above what came while nobody looked. */
function createLine() {
    const words = element('span');
    return {
        node: element('li', { class: 'divider new' }, words),
        update: ({ missed }) => (words.textContent = `${missed} new while you were away`),
    };
}

/** Who joined and left. Not worth hearing: it would drown what people say. */
function createNote() {
    const node = element('li', { class: 'note', 'aria-live': 'off' });
    let shown = 0;
    return {
        node,
        update({ entry: { events } }) {
            if (events.length === shown) return;
            shown = events.length;
            node.replaceChildren(
                ...noteParts(events).map(({ text, name }) => (name ? element('bdi', {}, text) : text)),
            );
        },
    };
}
