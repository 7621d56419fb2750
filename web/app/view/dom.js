// Makes elements. Text goes in as text nodes, so that nothing that people write is ever read as markup.

/**
 * @param {string} tag
 * @param {Record<string, string|number|boolean|undefined>} [attributes]  false and undefined: not there
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

/** A button that does something here. */
export function button(label, attributes, onClick) {
    const node = element('button', { type: 'button', ...attributes }, label);
    node.addEventListener('click', onClick);
    return node;
}
