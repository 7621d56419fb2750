// One message in the list. Created once; what can change of it (status, head, time) is updated in place, so that a screen
// reader announces it once.

import { sentence } from '../model/status-text.js';
import { button, element } from './dom.js';
import { blocks, plainText } from '../model/message-format.js';
import { formatTime, formatDateTime } from '../model/date-format.js';
import { hue, initial } from '../model/display-name.js';
import { isFor } from '../model/notify-settings.js';
import { visibleText } from '../model/visible-text.js';
import { meaningOf } from '../model/vocabulary.js';

const LONG_TEXT = 3000; // characters
const LONG_LINES = 40;

/**
 * @typedef {object} MessageEvents
 *   name(): the user's own
 *   onRetry(key), onDiscard(key), onTakeBack(key): of a message written here
 *   onActions(entry, anchor): what can be done with it is asked for
 *   onReact(entry, emoji): one of its reactions was pressed
 *   onGo(id): the message that it answers is asked for
 *   onUnfold()
 *
 * @param {import('../model/timeline.js').MessageEntry} entry
 * @param {MessageEvents} events
 * @returns {{node: HTMLElement, update: (row: import('../model/rows.js').Row) => void}}
 */
export function createMessage(entry, events) {
    const { name, onActions } = events;
    const author = element('bdi', { class: 'author' }, visibleText(entry.from ?? 'anonymous'));
    const time = element('time');
    const foot = element('p', { class: 'foot', hidden: true, 'aria-live': 'off' }); // status.js announces failures
    const reactions = element('div', { class: 'reactions', hidden: true, 'aria-live': 'off' });
    const more = button('⋯', { class: 'more', tabindex: '-1', hidden: true, 'aria-haspopup': 'dialog' }, () =>
        onActions(entry, more),
    );
    more.setAttribute('aria-label', `What to do with the message by ${visibleText(entry.from ?? 'anonymous')}`);
    const node = element(
        'li',
        { class: `message hue-${hue(entry.from)}${entry.from === undefined ? ' nameless' : ''}` },
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(entry.from)),
        element('span', { class: 'who' }, author, ' ', time),
        ...quote(entry.data, events),
        body(entry.data, events),
        reactions,
        foot,
        more,
    );
    if (isFor(entry, name()) && entry.from !== name()) node.classList.add('for-me');

    /** The focus stays on the one that was pressed. */
    function showReactions(given) {
        const pressed = reactions.contains(document.activeElement) ? document.activeElement.dataset.emoji : undefined;
        reactions.hidden = given.length === 0;
        reactions.replaceChildren(...given.map((one) => reaction(one, entry, events)));
        if (pressed === undefined) return;
        const same = [...reactions.children].find(({ dataset }) => dataset.emoji === pressed);
        (same ?? more).focus({ preventScroll: true });
    }

    let shown = '';
    return {
        node,
        update({ entry: { status, started, time: at, problem, key, id }, head, reactions: given = [] }) {
            const look = [
                status,
                started,
                at,
                problem,
                head,
                id,
                ...given.map(({ emoji, names }) => emoji + names),
            ].join('\n');
            if (look === shown) return;
            shown = look;
            node.classList.toggle('head', head);
            node.dataset.status = status;
            if (id) node.dataset.id = id;
            more.hidden = id === undefined;
            time.dateTime = new Date(at).toISOString();
            time.title = formatDateTime(at);
            if (time.textContent !== formatTime(at)) time.textContent = formatTime(at);
            foot.hidden = status === 'settled' || status === 'sent';
            foot.replaceChildren(...footParts({ status, started, problem }, key, events));
            showReactions(given);
        },
    };
}

/** One emoji of those that a message was given. */
function reaction({ emoji, names }, entry, { name, onReact }) {
    const isMine = name() !== undefined && names.includes(name());
    const who = names.map((one) => visibleText(one) || 'anonymous').join(', ');
    return button(
        `${emoji} ${names.length}`,
        {
            'aria-pressed': String(isMine),
            'aria-label': `${emoji} ${names.length} by ${who}`,
            title: who,
            'data-emoji': emoji,
        },
        () => onReact(entry, emoji),
    );
}

/** What a reply answers; nothing for other messages. */
function quote(data, { onGo }) {
    const meaning = meaningOf(data);
    if (meaning.kind !== 'reply') return [];
    const { to, quote: quoted } = meaning;
    const link = element(
        'a',
        { class: 'quote', href: `#${to}` },
        element('bdi', { class: 'quoted' }, visibleText(quoted.from ?? 'anonymous')),
        ' ',
        element('span', { dir: 'auto' }, quoted.text),
    );
    link.addEventListener('click', (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onGo(to);
    });
    return [link];
}

/** started: it may have been published. */
function footParts({ status, started, problem }, key, { onRetry, onDiscard, onTakeBack }) {
    const why = problem ? sentence(problem) : '';
    switch (status) {
        case 'sending':
            return [element('span', { class: 'sending', 'aria-hidden': 'true' }, 'Sending…')];
        case 'waiting':
            return [
                element('span', { class: 'waiting' }, `${started ? 'No answer yet.' : 'Waiting to be sent.'} ${why} `),
                button(started ? 'Stop trying' : 'Take back', { class: 'take-back' }, () => onTakeBack(key)),
            ];
        case 'failed':
            return [
                element('span', { class: 'problem' }, `${started ? 'No answer.' : 'Not sent.'} ${why} `),
                button('Send again', { class: 'again' }, () => onRetry(key)),
                button('Discard', { class: 'discard' }, () => onDiscard(key)),
            ];
        default:
            return [];
    }
}

function body(data, { name, onUnfold }) {
    const meaning = meaningOf(data);
    const parts = blocks(meaning.kind === 'reply' ? meaning.text : data, name());
    const node = element('div', { class: 'body', dir: 'auto' }, ...parts.map(blockNode));
    const whole = plainText(parts);
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
    switch (block.kind) {
        case 'text':
            return element('p', {}, ...block.parts.map(partNode));
        case 'list': {
            const items = block.items.map((parts) => element('li', {}, ...parts.map(partNode)));
            return block.start === undefined
                ? element('ul', {}, ...items)
                : element('ol', { start: block.start }, ...items);
        }
        case 'quote':
            return element('blockquote', {}, ...block.blocks.map(blockNode));
        default: {
            const code = element('pre', { tabindex: '0', role: 'group', 'aria-label': block.label || 'code' });
            code.append(element('code', {}, block.text));
            return element('div', { class: 'code', 'data-label': block.label || undefined }, code);
        }
    }
}

function partNode({ text, href, code, strong, em, strike, mention }) {
    let node = document.createTextNode(text);
    if (code) node = element('code', {}, node);
    if (href)
        node = element(
            'a',
            { href, target: '_blank', rel: 'noopener noreferrer', title: text === href ? undefined : href },
            node,
        );
    if (mention) node = element('span', { class: mention === 'me' ? 'mention me' : 'mention' }, node);
    if (em) node = element('em', {}, node);
    if (strong) node = element('strong', {}, node);
    return strike ? element('s', {}, node) : node;
}
