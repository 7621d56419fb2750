// Creates elements. Text becomes text nodes, so that no message is ever parsed as markup.

/**
 * @param {string} tag
 * @param {Record<string, string|number|boolean|undefined>} [attributes]  false and undefined: omitted
 * @param {...(Node|string)} children
 */
export function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children);
    return node;
}

/** A button with a click handler. */
export function button(label, attributes, onClick) {
    const node = element('button', { type: 'button', ...attributes }, label);
    node.addEventListener('click', onClick);
    return node;
}
