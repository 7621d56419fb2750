// Turns the runs into one table: medians, ratios of paired rounds, limits kept or broken.

function medianOf(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// A figure of one server over all rounds: its median, or the sum of what must not happen at all.
function valueOf(figure, runs, server) {
    const values = runs.map((row) => row[server]).map((run) => (run && 'mode' in run ? figure.read(run) : NaN));
    const valid = values.filter(Number.isFinite);
    return figure.sum && valid.length ? valid.reduce((sum, value) => sum + value, 0) : medianOf(values);
}

function ratioOf(figure, runs, server) {
    const usable = (run) => run && 'mode' in run;
    return medianOf(
        runs
            .filter((row) => usable(row.anteroom) && usable(row[server]))
            .map((row) => figure.read(row.anteroom) / figure.read(row[server])),
    );
}

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

function ratioCell(ratio, limit) {
    if (!Number.isFinite(ratio)) {
        return limit ? `- (<= ${limit})` : '-';
    }
    return ratio.toFixed(2) + (limit ? ` (<= ${limit})` : '');
}

function rowOf(figure, runs) {
    const digits = figure.digits ?? 2;
    const value = (server) => valueOf(figure, runs, server);
    const own = value('anteroom');
    const comparable = !figure.sum;
    const toLoop = comparable ? ratioOf(figure, runs, 'loop') : NaN;
    const toNchan = comparable ? ratioOf(figure, runs, 'nchan') : NaN;
    const failed = runs.some((row) => row.anteroom?.error);
    const limits = [
        [toLoop, figure.toLoop],
        [toNchan, figure.toNchan],
        [own, figure.most],
    ].filter(([, limit]) => limit !== undefined);
    const broken = limits.some(([measured, limit]) => measured > limit) || (figure.most === 0 && failed);
    const known = limits.every(([measured]) => Number.isFinite(measured));
    return {
        cells: [
            `  ${figure.label}`,
            figure.unit,
            number(value('loop'), digits),
            number(value('nchan'), digits),
            number(own, digits) + (figure.most === undefined ? '' : ` (<= ${figure.most})`),
            ratioCell(toLoop, figure.toLoop),
            ratioCell(toNchan, figure.toNchan),
            limits.length === 0 ? '' : broken ? 'NOT MET' : known ? 'met' : 'not measured',
        ],
        broken,
    };
}

// Prints the table and the notes below it; `kept` is false if a limit is broken.
export function printTable(results, notes) {
    const table = [{ cells: ['', 'unit', 'loop', 'Nchan', 'anteroom', 'to loop', 'to Nchan', 'limit'] }];
    for (const { scenario, runs } of results) {
        const rounds = `${runs.length} round${runs.length === 1 ? '' : 's'}`;
        table.push({ title: `${scenario.name}: ${scenario.title} (${rounds})` });
        table.push(...scenario.figures.map((figure) => rowOf(figure, runs)));
    }
    const rows = table.filter(({ cells }) => cells);
    const widths = rows[0].cells.map((_, column) => Math.max(...rows.map(({ cells }) => cells[column].length)));
    for (const { cells, title } of table) {
        const padded = cells?.map((cell, at) =>
            at < 2 || at === cells.length - 1 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
        );
        process.stdout.write(`${title ?? padded.join('  ').trimEnd()}\n`);
    }
    for (const note of notes) {
        process.stdout.write(`note: ${note}\n`);
    }
    return { kept: !rows.some(({ broken }) => broken) };
}
