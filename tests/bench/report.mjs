// The page with plots: the template of `anteroom bench --report` and the figures of a comparison in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { columnOf, columns } from './servers.mjs';
import { medianOf } from './table.mjs';

export function machine() {
    return {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        kernel: `${type()} ${release()}`,
        memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    };
}

// Of all rounds, the run whose first figure is the middle one: plots of a run that happened, not of a mean of some.
function typical(figure, runs) {
    const sound = runs.filter((run) => run && 'mode' in run && (!run.base || 'mode' in run.base));
    const middle = medianOf(sound.map(figure.read));
    const distance = (run) => Math.abs(figure.read(run) - middle) || 0;
    return sound.sort((a, b) => distance(a) - distance(b))[0];
}

function plotted({ scenario, runs }) {
    return scenario.plotless
        ? []
        : scenario.servers.flatMap((server) => {
              const run = typical(
                  scenario.figures[0],
                  runs.map((row) => row[columnOf(server)]),
              );
              return run ? [{ ...run, base: undefined, server, scenario: scenario.name, title: scenario.title }] : [];
          });
}

// A tile for each figure that has a heading: what it is of Nchan's, or its own value.
function tilesOf({ groups }) {
    const digits = (value) => Number(value.toPrecision(3)).toLocaleString('en');
    const tile = ({ figure, values, ratios, verdict }) => {
        const { head: label } = figure;
        const unit = figure.unit === '1000/s' ? 'thousand/s' : figure.unit;
        const ours = `${digits(values.anteroom)} ${unit}`;
        if (figure.toNchan === undefined && figure.leastToNchan === undefined) {
            const beside = Number.isFinite(values.nchan)
                ? `${columns.nchan} ${digits(values.nchan)} ${unit}`
                : undefined;
            return { label, value: digits(values.anteroom), unit, note: beside, verdict };
        }
        const note = Number.isFinite(values.nchan) ? `${ours} beside ${digits(values.nchan)}` : ours;
        return Number.isFinite(ratios.nchan)
            ? { label, value: `${ratios.nchan.toFixed(2)} ×`, unit: columns.nchan, note, verdict }
            : { label, value: digits(values.anteroom), unit, verdict };
    };
    const rows = groups.flatMap((group) => group.rows);
    return rows.filter(({ figure, values }) => figure.head && Number.isFinite(values.anteroom)).map(tile);
}

export function writeReport(template, file, { results, table, notes, command }) {
    const document = {
        title: 'anteroom beside its peers',
        when: new Date().toISOString(),
        machine: machine(),
        command,
        tiles: tilesOf(table),
        table: {
            columns: table.columns,
            groups: table.groups.map(({ name, title, rows }) => ({
                title: `${name}: ${title}`,
                rows: rows.map(({ cells, verdict }) => ({ cells, verdict })),
            })),
        },
        notes,
        runs: results.flatMap(plotted),
    };
    // No text in it can end the script element that it is in.
    const data = JSON.stringify(document).replaceAll('<', '\\u003c');
    writeFileSync(
        file,
        readFileSync(template, 'utf8').replace('id="data">{}<', () => `id="data">${data}<`),
    );
}
