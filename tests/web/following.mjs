// A subscription on a fake platform, by long polls unless another transport is asked for.

import { subscribe } from '../../web/client/anteroom.js';
import { fakeClock, fakeNetwork, settled } from './fakes.mjs';

const ALMOST_ONE = 1 - 2 ** -32;

/** Starts one; `log` holds what the callbacks were told, in order. */
export async function following(options = {}) {
    const clock = fakeClock();
    const network = fakeNetwork();
    const log = [];
    const note =
        (kind) =>
        (...values) =>
            void log.push([kind, ...values]);
    const handle = subscribe({
        room: 'lobby',
        fetch: network.fetch,
        random: () => ALMOST_ONE,
        transport: 'poll',
        ...clock,
        onState: note('state'),
        onHistory: note('history'),
        onMessages: note('messages'),
        onGap: note('gap'),
        ...options,
    });
    await settled();
    const states = () => log.filter(([kind]) => kind === 'state').map(([, { state }]) => state);
    const lastState = () => log.filter(([kind]) => kind === 'state').at(-1)[1];
    return { clock, network, log, handle, states, lastState };
}

export const empty = (next) => ({ messages: [], next });

/** Starts one and answers its first question, so that it hangs. */
export async function live(options) {
    const all = await following({ after: 'e-1', ...options });
    await all.network.last.answer(empty('e-1'));
    return all;
}

/** What is in a state beside the state. */
export const POLLING = { transport: 'poll', leads: true };
