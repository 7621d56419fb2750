import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createArrival } from '../../../../web/app/model/catch-up.js';
import { fakeClock } from '../../fakes.mjs';

function arriving() {
    const clock = fakeClock();
    let times = 0;
    const arrival = createArrival({ ...clock, onDone: () => (times += 1) });
    return { clock, arrival, times: () => times };
}

test('is done when it is live and nothing more comes', async () => {
    const { clock, arrival, times } = arriving();
    arrival.heard();
    await clock.advance(1000);
    assert.equal(arrival.done, false, 'not live yet');
    arrival.live();
    await clock.advance(150);
    arrival.heard();
    await clock.advance(150);
    assert.equal(arrival.done, false);
    await clock.advance(50);
    assert.deepEqual([arrival.done, times()], [true, 1]);
    arrival.heard();
    arrival.live();
    await clock.advance(1000);
    assert.equal(times(), 1);
});

test('is done at some time, however much comes', async () => {
    const { clock, arrival } = arriving();
    arrival.live();
    for (let step = 0; step < 30; step += 1) {
        assert.equal(arrival.done, false);
        await clock.advance(100);
        arrival.heard();
    }
    await clock.advance(0);
    assert.equal(arrival.done, true);
});
