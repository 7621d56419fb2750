// One message in the list. Created once; what can change of it (status, head, time) is updated in place, so that a screen
// reader announces it once.

import { sentence } from '../model/status-text.js';
import { button, element } from './dom.js';
import { blocks } from '../model/message-format.js';
import { formatTime, formatDateTime } from '../model/date-format.js';
import { hue, initial } from '../model/display-name.js';

const LONG_TEXT = 3000; // characters
const LONG_LINES = 40;

/**
 * @param {import('../model/timeline.js').MessageEntry} entry
 * @param {{onRetry: (key: string) => void, onDiscard: (key: string) => void, onTakeBack: (key: string) => void,
 *   onUnfold: () => void}} events
 * @returns {{node: HTMLElement, update: (row: import('../model/rows.js').Row) => void}}
 */
export function createMessage(entry, { onRetry, onDiscard, onTakeBack, onUnfold }) {
    const author = element('bdi', { class: 'author' }, entry.from ?? 'anonymous');
    const time = element('time');
    const foot = element('p', { class: 'foot', hidden: true, 'aria-live': 'off' }); // status.js announces failures
    const node = element(
        'li',
        { class: `message hue-${hue(entry.from)}${entry.from === undefined ? ' nameless' : ''}` },
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(entry.from)),
        element('span', { class: 'who' }, author, ' ', time),
        body(entry.data, onUnfold),
        foot,
    );

    let shown = '';
    return {
        node,
        update({ entry: { status, time: at, problem, key }, head }) {
            const look = [status, at, problem, head].join('\n');
            if (look === shown) return;
            shown = look;
            node.classList.toggle('head', head);
            node.dataset.status = status;
            time.dateTime = new Date(at).toISOString();
            time.title = formatDateTime(at);
            if (time.textContent !== formatTime(at)) time.textContent = formatTime(at);
            foot.hidden = status === 'settled' || status === 'sent';
            foot.replaceChildren(
                ...footParts(status, problem, {
                    onRetry: () => onRetry(key),
                    onDiscard: () => onDiscard(key),
                    onTakeBack: () => onTakeBack(key),
                }),
            );
        },
    };
}

function footParts(status, problem, { onRetry, onDiscard, onTakeBack }) {
    const why = problem ? sentence(problem) : '';
    switch (status) {
        case 'sending':
            return [element('span', { class: 'sending', 'aria-hidden': 'true' }, 'Sending…')];
        case 'waiting':
            return [
                element('span', { class: 'waiting' }, `Waiting to be sent. ${why} `),
                button('Take back', { class: 'take-back' }, onTakeBack),
            ];
        case 'failed':
            return [
                element('span', { class: 'problem' }, `Not sent. ${why} `),
                button('Send again', { class: 'again' }, onRetry),
                button('Discard', { class: 'discard' }, onDiscard),
            ];
        default:
            return [];
    }
}

function body(data, onUnfold) {
    const parts = blocks(data);
    const node = element('div', { class: 'body', dir: 'auto' }, ...parts.map(blockNode));
    const text = parts.map((block) =>
        block.kind === 'code' ? block.text : block.parts.map((part) => part.text).join(''),
    );
    const whole = text.join('\n');
    if (whole.length <= LONG_TEXT && whole.split('\n').length <= LONG_LINES) return node;

    node.classList.add('folded');
    const unfold = button('Show the whole message', { class: 'unfold', 'aria-expanded': 'false' }, () => {
        onUnfold();
        node.classList.remove('folded');
        unfold.remove();
        node.tabIndex = -1;
        node.focus({ preventScroll: true });
    });
    return element('div', { class: 'long' }, node, unfold);
}

function blockNode(block) {
    if (block.kind === 'text') return element('p', {}, ...block.parts.map(partNode));
    const code = element('pre', { tabindex: '0', role: 'group', 'aria-label': block.label || 'code' });
    code.append(element('code', {}, block.text));
    return element('div', { class: 'code', 'data-label': block.label || undefined }, code);
}

function partNode({ text, href, code }) {
    if (code) return element('code', {}, text);
    if (!href) return document.createTextNode(text);
    return element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text);
}
