// Turns the runs into a table: medians, ratios of paired rounds, limits kept or broken.
import { columnOf, columns } from './servers.mjs';

export function medianOf(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const usable = (run) => run && 'mode' in run;
// Of a run that broke off, only what must not happen counts.
const read = (figure, run) =>
    usable(run) && (!run.base || usable(run.base)) && (figure.sum || !run.error) ? figure.read(run) : NaN;

// A figure of one column over all rounds: its median, or the sum of what must not happen at all.
function valueOf(figure, runs, column) {
    const valid = runs.map((row) => read(figure, row[column])).filter(Number.isFinite);
    return figure.sum && valid.length ? valid.reduce((sum, value) => sum + value, 0) : medianOf(valid);
}

const ratioOf = (figure, runs, column) =>
    medianOf(runs.map((row) => read(figure, row.anteroom) / read(figure, row[column])));

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '-');
const bound = (limit) => (limit ? ` (${limit.least ? '>=' : '<='} ${limit.to})` : '');
const keeps = (value, { to, least }) => (least ? value >= to : value <= to);

// The limits that a figure has: on its ratio to a column, or on its own value (of column `anteroom`).
function limitsOf(figure) {
    const all = [
        ['before', figure.toBefore],
        ['loop', figure.toLoop],
        ['nchan', figure.toNchan],
        ['nchan', figure.leastToNchan, true],
        ['anteroom', figure.most],
    ];
    return all.filter(([, to]) => to !== undefined).map(([column, to, least = false]) => ({ column, to, least }));
}

function rowOf(figure, runs, servers, rivals) {
    const values = Object.fromEntries(servers.map((column) => [column, valueOf(figure, runs, column)]));
    const comparable = !figure.sum && !figure.alone;
    const ratios = Object.fromEntries(
        rivals.map((column) => [column, comparable ? ratioOf(figure, runs, column) : NaN]),
    );
    const limits = limitsOf(figure).filter(({ column }) => servers.includes(column));
    const limitOf = (column) => limits.find((each) => each.column === column);
    const measured = ({ column }) => (column === 'anteroom' ? values.anteroom : ratios[column]);
    const failed = runs.some(({ anteroom }) => anteroom?.error);
    const broken =
        limits.some((limit) => Number.isFinite(measured(limit)) && !keeps(measured(limit), limit)) ||
        (figure.most === 0 && failed);
    const known = limits.every((limit) => Number.isFinite(measured(limit)));
    const digits = figure.digits ?? 2;
    return {
        figure,
        values,
        ratios,
        cells: [
            figure.label,
            figure.unit,
            ...servers.map(
                (column) => number(values[column], digits) + (column === 'anteroom' ? bound(limitOf(column)) : ''),
            ),
            ...rivals.map((column) => number(ratios[column], 2) + bound(limitOf(column))),
        ],
        verdict: limits.length === 0 ? '' : broken ? 'NOT MET' : known ? 'met' : 'not measured',
    };
}

// The table of `results`: [{ scenario, runs: [{ COLUMN: run, … } a round] }]. It has the columns of those who took
// part; `kept` is false if a limit is broken.
export function tableOf(results) {
    const there = new Set(results.flatMap(({ scenario }) => scenario.servers.map(columnOf)));
    const servers = Object.keys(columns).filter((column) => there.has(column));
    const rivals = servers.filter((column) => column !== 'anteroom' && column !== 'beast+deflate');
    const groups = results.map(({ scenario, runs }) => ({
        name: scenario.name,
        title: scenario.title,
        rounds: runs.length,
        rows: scenario.figures.map((figure) => rowOf(figure, runs, servers, rivals)),
    }));
    const heads = [...servers.map((column) => columns[column]), ...rivals.map((column) => `to ${columns[column]}`)];
    const kept = groups.every(({ rows }) => rows.every(({ verdict }) => verdict !== 'NOT MET'));
    return { columns: ['', 'unit', ...heads], groups, kept };
}

const inRounds = ({ rounds }) => `${rounds} round${rounds === 1 ? '' : 's'}`;

// Rows of cells, or of a title alone, with the columns in line: the first `lefts` and the last to the left.
export function aligned(all, lefts) {
    const rows = all.filter(({ cells }) => cells);
    const widths = rows[0].cells.map((_, column) => Math.max(...rows.map(({ cells }) => cells[column].length)));
    const left = (column) => column < lefts || column === widths.length - 1;
    const pad = (cell, column) => (left(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
    return all.map(({ cells, title }) => title ?? cells.map(pad).join('  ').trimEnd()).join('\n');
}

// For a terminal: columns in line, a load's figures under its name.
export function asText({ columns: heads, groups }) {
    const lines = groups.flatMap((group) => [
        { title: `${group.name}: ${group.title} (${inRounds(group)})` },
        ...group.rows.map(({ cells, verdict }) => ({ cells: [`  ${cells[0]}`, ...cells.slice(1), verdict] })),
    ]);
    return aligned([{ cells: [...heads, 'limit'] }, ...lines], 2);
}

// For the documentation: a load's name on its first row.
export function asMarkdown({ columns: heads, groups }) {
    const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    const blank = (cell) => (cell === '-' ? '' : cell);
    return [
        line(['load', 'figure', ...heads.slice(1), 'limit']),
        line([...Array(3).fill('---'), ...heads.slice(2).map(() => '--:'), '---']),
        ...groups.flatMap((group) =>
            group.rows.map(({ cells, verdict }, index) =>
                line([index === 0 ? `${group.title} (${inRounds(group)})` : '', ...cells.map(blank), verdict]),
            ),
        ),
    ].join('\n');
}
