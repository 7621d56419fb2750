import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRoomOffer } from '../../../../web/app/model/room-offer.js';

function offering() {
    const joined = [
        { room: 'hall', unread: 0 },
        { room: 'my kitchen', unread: 0 },
        { room: 'Attic', unread: 3 },
    ];
    const offer = createRoomOffer({ joined: () => joined, shown: () => 'hall' });
    offer.inUse = [
        { room: 'hall' },
        { room: 'kitchen', subscribers: 2 },
        { room: 'kitchen:typing' },
        { room: 'cellar' },
    ];
    return offer;
}

test('for the panel: those joined, and of the others those that are looked for', () => {
    const offer = offering();
    const { current, joined, others } = offer.choices();
    assert.equal(current, 'hall');
    assert.deepEqual(
        joined.map(({ room }) => room),
        ['hall', 'my kitchen', 'Attic'],
    );
    assert.deepEqual(
        others.map(({ room }) => room),
        ['lobby', 'cellar', 'kitchen'],
    );
    offer.filter = 'KITCH';
    assert.deepEqual(offer.choices().others, [{ room: 'kitchen', subscribers: 2 }]);
    assert.equal(offer.choices().joined.length, 3);
});

test('for the switcher: what is unread first, without the room that is shown', () => {
    assert.deepEqual(offering().matching(''), ['Attic', 'my kitchen', 'lobby', 'cellar', 'kitchen']);
    assert.deepEqual(offering().matching('attic'), ['Attic']);
    assert.deepEqual(offering().matching('nowhere'), []);
});

test('for the switcher: the room whose whole name was written comes first', () => {
    assert.deepEqual(offering().matching('kitchen'), ['kitchen', 'my kitchen']);
    assert.deepEqual(offering().matching('kitche'), ['my kitchen', 'kitchen']);
});
