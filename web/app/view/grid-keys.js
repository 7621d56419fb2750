// Moves through a grid with the arrow keys, Home and End. How wide the rows are is read from the document.

/**
 * @param {string} key
 * @param {HTMLElement[]} cells  all of the grid, in order
 * @param {HTMLElement} from  one of them
 * @returns {HTMLElement | undefined} the cell that the key leads to; undefined if there is none
 */
export function nextCell(key, cells, from) {
    const index = cells.indexOf(from);
    switch (key) {
        case 'ArrowRight':
            return cells[index + 1];
        case 'ArrowLeft':
            return cells[index - 1];
        case 'ArrowDown':
            return inNextRow(cells, index, 1);
        case 'ArrowUp':
            return inNextRow(cells, index, -1);
        case 'Home':
            return endOfRow(cells, index, -1);
        case 'End':
            return endOfRow(cells, index, 1);
        default:
            return undefined;
    }
}

const topOf = (cell) => cell.getBoundingClientRect().top;
const leftOf = (cell) => cell.getBoundingClientRect().left;

/** The cell nearest to the same column, in the row after (step 1) or before (-1). */
function inNextRow(cells, index, step) {
    const left = leftOf(cells[index]);
    const first = endOfRow(cells, index, step, true);
    if (!first) return undefined;
    let best = first;
    for (let at = cells.indexOf(first); cells[at] && topOf(cells[at]) === topOf(first); at += step) {
        if (Math.abs(leftOf(cells[at]) - left) < Math.abs(leftOf(best) - left)) best = cells[at];
    }
    return best;
}

/** The last (step 1) or first (-1) cell of the row; `beyond`: the one after it. */
function endOfRow(cells, index, step, beyond = false) {
    const top = topOf(cells[index]);
    let at = index;
    while (cells[at + step] && topOf(cells[at + step]) === top) at += step;
    return beyond ? cells[at + step] : cells[at];
}
