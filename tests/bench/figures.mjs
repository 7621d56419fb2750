// What is read from a run. `toLoop`, `toNchan`, `toBefore`: the most that anteroom's figure may be of theirs, as a ratio;
// `leastToNchan`: the least; `most`: of anteroom's own figure. `sum`: of all rounds, for what must not happen at all.
// `alone`: no ratio to others. `head`: a tile of the report, under this name.

// Zero says that nothing came while it was measured: no figure at all.
const figure = (label, unit, read, digits) => (more) => ({
    label,
    unit,
    read: (run) => read(run) || NaN,
    digits,
    ...more,
});

export const cpu = figure('server CPU a delivery', 'us', (run) => run.cpu_us_a_delivery);
export const cpuOfPublish = figure('server CPU a publish', 'us', (run) => run.cpu_us_a_message);
export const cpuOfConnection = figure('server CPU a connection', 'us', (run) => run.cpu_us_a_connection);
export const deliveries = figure('deliveries', '1000/s', (run) => run.deliveries_a_second / 1000);
export const publishes = figure('publishes', '1000/s', (run) => run.messages_a_second / 1000);
export const connections = figure('connections', '1000/s', (run) => run.connections_a_second / 1000);
export const median = figure('latency p50', 'ms', (run) => run.p50_us / 1000, 3);
export const tail = figure('latency p99', 'ms', (run) => run.p99_us / 1000);
export const lastTail = figure('to the last one, p99', 'ms', (run) => run.last.p99_us / 1000);

export const faults = {
    label: 'lost + repeated + reordered',
    unit: 'messages',
    read: (run) => run.lost + run.repeated + run.reordered,
    digits: 0,
    sum: true,
    most: 0,
};
export const reportedMissed = {
    label: 'missed, reported as gaps',
    unit: 'messages',
    read: (run) => run.reported_missed,
    digits: 0,
    sum: true,
};

// A waiting subscriber's memory, before any message and after one.
export function memory(most, more) {
    const each = { unit: 'B', digits: 0, most };
    return [
        { label: 'a waiting subscriber', read: (run) => run.bytes_a_waiter, ...each, ...more },
        { label: 'the same after a message', read: (run) => run.bytes_a_waiter_served, ...each },
        faults,
    ];
}

// Figures of a run over those of the run without what is asked about.
export function times(label, read, more) {
    return { label, unit: 'times', read: (run) => read(run) / read(run.base), alone: true, ...more };
}

export function without(what, figure) {
    return { ...figure, label: `${figure.label}, ${what}`, read: (run) => figure.read(run.base) };
}
