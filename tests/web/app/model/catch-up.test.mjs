import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createCatchUp } from '../../../../web/app/model/catch-up.js';
import { fakeClock } from '../../fakes.mjs';

function arriving() {
    const clock = fakeClock();
    let times = 0;
    const catchUp = createCatchUp({ ...clock, onDone: () => (times += 1) });
    return { clock, catchUp, times: () => times };
}

test('is done when it is live and nothing more comes', async () => {
    const { clock, catchUp, times } = arriving();
    catchUp.received();
    await clock.advance(1000);
    assert.equal(catchUp.done, false, 'not live yet');
    catchUp.connected();
    await clock.advance(450);
    catchUp.received();
    await clock.advance(450);
    assert.equal(catchUp.done, false);
    await clock.advance(50);
    assert.deepEqual([catchUp.done, times()], [true, 1]);
    catchUp.received();
    catchUp.connected();
    await clock.advance(1000);
    assert.equal(times(), 1);
});

test('is done at some time, however much comes', async () => {
    const { clock, catchUp } = arriving();
    catchUp.connected();
    for (let step = 0; step < 30; step += 1) {
        assert.equal(catchUp.done, false);
        await clock.advance(100);
        catchUp.received();
    }
    await clock.advance(0);
    assert.equal(catchUp.done, true);
});
