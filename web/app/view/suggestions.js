// The list over the composer while an emoji's or somebody's name is being written. The focus stays in the field; what is
// active in the list is said by aria-activedescendant.

import { applied, namesMatching, suggestionAt } from '../model/suggestions.js';
import { hue, initial } from '../model/display-name.js';
import { element } from './dom.js';
import { replaceText } from './replace-text.js';

const MAX_OPTIONS = 8;

/**
 * @param {HTMLTextAreaElement} field
 * @param {HTMLElement} list  empty and hidden, with an id
 * @param {{namesHere: () => string[], loadEmoji: () => Promise<typeof import('../model/emoji.js')>}} sources
 *   namesHere: who can be mentioned; loadEmoji: called when it is first needed, and again if that failed
 */
export function mountSuggestions(field, list, { namesHere, loadEmoji }) {
    let emoji; // the module, once it is loaded
    let loading;
    let found; // what the list is for, while it is open
    let options = []; // {node, replacement}
    let active = 0;
    let dismissed = ''; // closed by Escape: stays closed until something else is written
    let shown = '';

    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', list.id);
    list.setAttribute('role', 'listbox');

    function update() {
        const { selectionStart: caret, selectionEnd, value } = field;
        const hasCaret = document.activeElement === field && caret === selectionEnd;
        const next = hasCaret ? suggestionAt(value, caret) : undefined;
        const place = next ? `${next.kind} ${next.from}` : '';
        if (place !== dismissed) dismissed = '';
        const choices = next && !dismissed ? choicesFor(next) : [];
        if (choices.length === 0) return close();
        found = next;
        return open(choices);
    }

    function choicesFor({ kind, part }) {
        if (kind === 'emoji') {
            if (!emoji) load();
            return emoji?.findEmoji(part, MAX_OPTIONS) ?? [];
        }
        const names = namesMatching(part, namesHere());
        const isComplete = names.length === 1 && names[0] === part;
        return isComplete ? [] : names.slice(0, MAX_OPTIONS).map((name) => ({ name }));
    }

    function load() {
        loading ??= loadEmoji().then(
            (module) => {
                emoji = module;
                update();
            },
            () => (loading = undefined),
        );
    }

    function open(choices) {
        const look = JSON.stringify(choices);
        if (look === shown) return;
        shown = look;
        options = choices.map((choice, index) => option(choice, `${list.id}-${index}`));
        list.setAttribute('aria-label', found.kind === 'emoji' ? 'Emoji' : 'People');
        list.replaceChildren(...options.map(({ node }) => node));
        list.hidden = false;
        // What does not fit is left out: more of the name finds it.
        while (options.length > 1 && list.scrollHeight > list.clientHeight) options.pop().node.remove();
        activate(0);
    }

    function close() {
        if (list.hidden) return;
        found = undefined;
        shown = '';
        options = [];
        list.hidden = true;
        list.replaceChildren();
        field.removeAttribute('aria-activedescendant');
    }

    function activate(index) {
        active = index;
        options.forEach(({ node }, at) => node.setAttribute('aria-selected', String(at === index)));
        field.setAttribute('aria-activedescendant', options[index].node.id);
    }

    function step(by) {
        activate((active + by + options.length) % options.length);
    }

    function accept() {
        const { from, to } = found;
        const { text, caret } = applied(field.value, { from, to }, options[active].replacement);
        const after = field.value.length - to;
        close();
        replaceText(field, { from, to }, text.slice(from, text.length - after));
        field.setSelectionRange(caret, caret);
    }

    function dismiss() {
        dismissed = `${found.kind} ${found.from}`;
        close();
    }

    field.addEventListener('input', update);
    field.addEventListener('blur', close);
    document.addEventListener('selectionchange', () => {
        if (!list.hidden) update();
    });
    // Before the composer's own listener, which sends on Enter.
    field.addEventListener(
        'keydown',
        (event) => {
            const composing = event.isComposing || event.keyCode === 229;
            const modified = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
            if (list.hidden || composing || modified) return;
            const act = {
                ArrowDown: () => step(1),
                ArrowUp: () => step(-1),
                Enter: accept,
                Tab: accept,
                Escape: dismiss,
            }[event.key];
            if (!act) return;
            update(); // the caret may have moved just now
            if (list.hidden) return;
            event.preventDefault();
            event.stopImmediatePropagation();
            act();
        },
        true,
    );
    list.addEventListener('mousedown', (event) => event.preventDefault()); // keeps the focus in the field
    list.addEventListener('mousemove', ({ target }) => {
        const index = options.findIndex(({ node }) => node.contains(target));
        if (index >= 0 && index !== active) activate(index);
    });
    list.addEventListener('click', ({ target }) => {
        const index = options.findIndex(({ node }) => node.contains(target));
        if (index < 0) return;
        active = index;
        accept();
    });
}

function option({ emoji, name }, id) {
    const node = element('li', { id, role: 'option' });
    if (emoji) {
        node.append(
            element('span', { class: 'emoji', 'aria-hidden': 'true' }, emoji),
            element('span', { class: 'shortcode' }, name),
        );
        return { node, replacement: emoji };
    }
    node.classList.add(`hue-${hue(name)}`);
    node.append(element('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(name)), element('bdi', {}, name));
    return { node, replacement: `@${name}` };
}
