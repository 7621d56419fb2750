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

const names = { loop: 'loop', nchan: 'Nchan', beast: 'Beast', 'beast+deflate': 'Beast, deflate', anteroom: 'anteroom' };
const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

function ratioCell(ratio, limit) {
    if (!Number.isFinite(ratio)) {
        return limit ? `- (<= ${limit})` : '-';
    }
    return ratio.toFixed(2) + (limit ? ` (<= ${limit})` : '');
}

function rowOf(figure, runs, servers, rivals) {
    const digits = figure.digits ?? 2;
    const value = (server) => valueOf(figure, runs, server);
    const own = value('anteroom');
    const comparable = !figure.sum && !figure.alone;
    const ratios = new Map(rivals.map((rival) => [rival, comparable ? ratioOf(figure, runs, rival) : NaN]));
    const limitTo = { loop: figure.toLoop, nchan: figure.toNchan };
    const failed = runs.some((row) => row.anteroom?.error);
    const limits = [
        ...rivals.map((rival) => [ratios.get(rival), limitTo[rival]]),
        [own, figure.most],
    ].filter(([, limit]) => limit !== undefined);
    const broken = limits.some(([measured, limit]) => measured > limit) || (figure.most === 0 && failed);
    const known = limits.every(([measured]) => Number.isFinite(measured));
    return {
        cells: [
            `  ${figure.label}`,
            figure.unit,
            ...servers.filter((server) => server !== 'anteroom').map((server) => number(value(server), digits)),
            number(own, digits) + (figure.most === undefined ? '' : ` (<= ${figure.most})`),
            ...rivals.map((rival) => ratioCell(ratios.get(rival), limitTo[rival])),
            limits.length === 0 ? '' : broken ? 'NOT MET' : known ? 'met' : 'not measured',
        ],
        broken,
    };
}

// Prints the table and the notes below it; `kept` is false if a limit is broken.
export function printTable(results, notes) {
    // Beast's columns are there only where it takes part.
    const servers = Object.keys(names).filter(
        (name) => !name.startsWith('beast') || results.some(({ scenario }) => scenario.servers.includes(name)),
    );
    const rivals = servers.filter((name) => name !== 'anteroom' && name !== 'beast+deflate');
    const heads = [...servers.map((name) => names[name]), ...rivals.map((name) => `to ${names[name]}`)];
    const table = [{ cells: ['', 'unit', ...heads, 'limit'] }];
    for (const { scenario, runs } of results) {
        const rounds = `${runs.length} round${runs.length === 1 ? '' : 's'}`;
        table.push({ title: `${scenario.name}: ${scenario.title} (${rounds})` });
        table.push(...scenario.figures.map((figure) => rowOf(figure, runs, servers, rivals)));
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
