// The line below the composer that says who is typing.

import { typingParts } from '../model/typing.js';
import { visibleText } from '../model/visible-text.js';
import { element } from './dom.js';

/** @param {HTMLElement} line */
export function mountTypingLine(line) {
    return {
        show(names) {
            line.replaceChildren(
                ...typingParts(names).map(({ text, name }) => (name ? element('bdi', {}, visibleText(text)) : text)),
            );
        },
    };
}
