// The state of the connection as text: a label that is always visible, a notice when the user can do something, and
// the few sentences for screen readers.

const LONG_PAUSE = 5000; // ms

const TRANSPORTS = { sse: 'SSE', websocket: 'WebSocket', poll: 'Long poll' };

/** The value in storage, if it is a transport; else `auto`. */
export function storedTransport(value) {
    return Object.hasOwn(TRANSPORTS, value) ? value : 'auto';
}

/** A transport's name to show; '' if there is none yet. */
export const transportName = (transport) => TRANSPORTS[transport] ?? '';

/** The transport in use, in sentences. `chosen`: the preferred one. */
export function transportSummary({ state, transport, leads }, chosen) {
    const name = transportName(transport);
    if (!name || state === 'failed' || state === 'superseded') return 'Not connected.';
    const fellBack = chosen !== 'auto' && chosen !== transport;
    const why = fellBack ? ` ${transportName(chosen)} does not get through at the moment.` : '';
    if (state !== 'live') return `Trying ${name}.${why}`;
    const holder = leads ? 'This tab holds the connection' : 'Another tab holds the connection';
    return `${name} is in use.${why} ${holder} for all tabs of this browser.`;
}

/**
 * @param {import('../../client/anteroom.js').State} state
 * @param {{online: boolean, left: number}} facts  left: ms until the next attempt, in the state `waiting`
 * @returns {{tone: 'live'|'busy'|'down', label: string, notice: string, action: string}}
 *   notice, action: '' if there is none
 */
export function describeState(state, { online, left }) {
    switch (state.state) {
        case 'live':
            return { tone: 'live', label: 'Live', notice: '', action: '' };
        case 'connecting':
            if (state.attempt === 0) return { tone: 'busy', label: 'Connecting…', notice: '', action: '' };
            return {
                tone: 'busy',
                label: 'Reconnecting…',
                notice: state.attempt > 1 ? 'Trying again…' : '',
                action: '',
            };
        case 'waiting': {
            const when = `in ${Math.max(1, Math.ceil(left / 1000))} s`;
            const [label, why] = waitingText(state, online, when);
            if (!isLongOutage(state)) return { tone: 'busy', label, notice: '', action: '' };
            return { tone: 'down', label, notice: why, action: 'Try now' };
        }
        case 'superseded':
            return { tone: 'down', label: 'Stopped', notice: 'This room was opened elsewhere.', action: 'Use it here' };
        default:
            return { tone: 'down', label: 'Stopped', notice: sentence(state.error.message), action: 'Try again' };
    }
}

function waitingText({ draining, error }, online, when) {
    if (draining) return [`Server restarting, back ${when}`, 'The server is restarting.'];
    if (!online) return ['Offline', 'You seem to be offline.'];
    return [`Reconnecting ${when}`, sentence(error?.message ?? 'The connection was lost')];
}

/** Worth a notice: more than one attempt failed, or the pause is long. */
function isLongOutage({ attempt, delay }) {
    return attempt > 1 || delay >= LONG_PAUSE;
}

/**
 * Announcements for screen readers: none for a connection that flickers, one for a connection that is lost.
 * @returns a function from each new state to a sentence or ''
 */
export function createAnnouncer() {
    let lost = false;
    return (state) => {
        const { state: name } = state;
        if (name === 'live' && lost) {
            lost = false;
            return 'Connected again.';
        }
        const isLost = (name === 'waiting' && isLongOutage(state)) || name === 'failed' || name === 'superseded';
        if (!isLost || lost) return '';
        lost = true;
        return name === 'waiting'
            ? 'Connection lost. Trying to reconnect.'
            : `Disconnected. ${describeState(state, {}).notice}`;
    };
}

/** The server's `detail` as a sentence. */
export function sentence(text) {
    const whole = /[.!?…]$/.test(text) ? text : `${text}.`;
    return whole.charAt(0).toUpperCase() + whole.slice(1);
}

/** A gap as text. */
export function gapText({ reason, missed }) {
    if (reason === 'deleted' && missed === 0) return { what: 'The room was emptied.', why: '' };
    const known = missed > 0;
    const one = known && missed === 1;
    const why = {
        evicted: one ? 'The server no longer keeps it.' : 'The server no longer keeps them.',
        restarted: 'The server was restarted.',
        deleted: 'The room was emptied.',
    };
    const count = one ? '1 message is gone.' : `${missed} messages are gone.`;
    return { what: known ? count : 'Messages may be gone.', why: why[reason] ?? '' };
}
