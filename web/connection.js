// The state of the connection in words: a label that is always visible, a notice when there is something to do, and
// the few sentences that are worth reading aloud.

const LONG_PAUSE = 5000; // ms

/**
 * @param {import('./anteroom.js').State} state
 * @param {{online: boolean, left: number}} facts  left: ms until the next try, where one is waited for
 * @returns {{tone: 'live'|'busy'|'down', label: string, notice: string, action: string}}
 *   notice, action: '' if there is none
 */
export function describe(state, { online, left }) {
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
            const [label, why] = waitingFor(state, online, when);
            if (!lasts(state)) return { tone: 'busy', label, notice: '', action: '' };
            return { tone: 'down', label, notice: why, action: 'Try now' };
        }
        case 'superseded':
            return { tone: 'down', label: 'Stopped', notice: 'This room was opened elsewhere.', action: 'Use it here' };
        default:
            return { tone: 'down', label: 'Stopped', notice: sentence(state.error.message), action: 'Try again' };
    }
}

function waitingFor({ draining, error }, online, when) {
    if (draining) return [`Server restarting, back ${when}`, 'The server is restarting.'];
    if (!online) return ['Offline', 'You seem to be offline.'];
    return [`Reconnecting ${when}`, sentence(error?.message ?? 'The connection was lost')];
}

/** Worth more than a look at the lamp: it failed more than once, or will take a while. */
function lasts({ attempt, delay }) {
    return attempt > 1 || delay >= LONG_PAUSE;
}

/**
 * What to say aloud, so that a connection that flickers says nothing and one that is lost says so once.
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
        const isLost = (name === 'waiting' && lasts(state)) || name === 'failed' || name === 'superseded';
        if (!isLost || lost) return '';
        lost = true;
        return name === 'waiting'
            ? 'Connection lost. Trying to reconnect.'
            : `Disconnected. ${describe(state, {}).notice}`;
    };
}

/** The server's `detail` as a sentence of its own. */
export function sentence(text) {
    const whole = /[.!?…]$/.test(text) ? text : `${text}.`;
    return whole.charAt(0).toUpperCase() + whole.slice(1);
}

/** A gap in words. */
export function gapText({ reason, missed }) {
    const why = {
        evicted: 'The server no longer keeps them.',
        restarted: 'The server was restarted.',
        deleted: 'The room was emptied.',
    };
    const known = missed > 0;
    const what = known ? `${missed} ${missed === 1 ? 'message' : 'messages'} missed` : 'Messages may have been missed';
    return {
        what,
        why: known && missed === 1 && reason === 'evicted' ? 'The server no longer keeps it.' : (why[reason] ?? ''),
    };
}
