// The dialog that searches in a room.

import { formatDateTime } from '../model/date-format.js';
import { search } from '../model/search.js';
import { sentence } from '../model/status-text.js';
import { quoteOf } from '../model/vocabulary.js';
import { visibleText } from '../model/visible-text.js';
import { button, element } from './dom.js';
import { closeByButton } from './popover.js';

const DELAY = 250; // ms after the last change of the words

/**
 * @param {HTMLDialogElement} dialog  has a field, a list and a line of text (.words)
 * @param {{history: Function, onGo(id: string): void}} options
 * @returns {{open(room: string): void}}
 */
export function mountSearchDialog(dialog, { history, onGo }) {
    const field = dialog.querySelector('input');
    const words = dialog.querySelector('.words');
    const list = dialog.querySelector('ol');
    let room;
    let timer;
    let runs = 0;

    async function run() {
        const query = field.value;
        const number = (runs += 1);
        list.replaceChildren();
        words.textContent = query.trim() ? 'Searching…' : '';
        if (!query.trim()) return;
        let text;
        try {
            const { isComplete } = await search({ history, room, query, onFound: add, isCancelled: () => number !== runs });
            text = found(list.childElementCount, isComplete);
        } catch (error) {
            text = sentence(error.message);
        }
        if (number === runs) words.textContent = text;
    }

    function add(messages) {
        list.append(
            ...messages.map(({ id, from = 'anonymous', time, data }) => {
                const who = element('span', { class: 'who' }, element('bdi', { class: 'author' }, visibleText(from)), ' ');
                who.append(element('time', {}, formatDateTime(time)));
                const go = button('', {}, () => {
                    dialog.close();
                    onGo(id);
                });
                go.append(who, element('span', { class: 'text', dir: 'auto' }, quoteOf(data)));
                return element('li', {}, go);
            }),
        );
    }

    closeByButton(dialog);
    field.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(run, DELAY);
    });
    dialog.querySelector('form').addEventListener('submit', (event) => {
        event.preventDefault();
        clearTimeout(timer);
        run();
    });
    dialog.addEventListener('close', () => {
        clearTimeout(timer);
        runs += 1; // cancels what is running
    });
    return {
        open(where) {
            if (where !== room) list.replaceChildren();
            if (where !== room) words.textContent = '';
            room = where;
            dialog.querySelector('h2').textContent = `Search in ${visibleText(room)}`;
            if (!dialog.open) dialog.showModal();
            field.select();
        },
    };
}

function found(count, isComplete) {
    if (count === 0) return 'Nothing found in what the server has kept.';
    const messages = count === 1 ? '1 message' : `${count} messages`;
    return isComplete ? messages : `The newest ${messages}; there may be more.`;
}
