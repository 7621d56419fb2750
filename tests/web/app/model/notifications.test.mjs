import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Conversation } from '../../../../web/app/model/conversation.js';
import { createNotifications } from '../../../../web/app/model/notifications.js';
import { fakeClock, message } from '../../fakes.mjs';

/** Somebody called Ann, in a room that was read up to e-1 and that nobody looks at; `all`: she wants every message. */
function waiting({ all = true, hasSound = true, name = 'Ann', room = 'a' } = {}) {
    const clock = fakeClock();
    const shown = [];
    const notifications = createNotifications({
        settings: { wantsAll: (one) => all && one === room, hasSound },
        notify: (note) => shown.push(note),
        name: () => name,
        ...clock,
    });
    const conversation = new Conversation(room, 'e-1');
    const receive = (...messages) => notifications.received(conversation, conversation.receive(messages, name));
    return { clock, shown, conversation, receive };
}

test('a message that nobody sees for a moment', async () => {
    const { clock, shown, receive } = waiting();
    receive(message('e-2', 'hello\n**you**', 'Bo'));
    await clock.advance(600);
    assert.deepEqual(shown, []);
    await clock.advance(100);
    const note = { room: 'a', id: 'e-2', title: 'Bo in a', text: 'hello you', hasSound: true };
    assert.deepEqual(shown, [note]);
});

test('not what was seen meanwhile, here or in another tab', async () => {
    for (const see of [(it) => it.unread.setActive(true), (it) => it.markReadElsewhere('e-2')]) {
        const { clock, shown, conversation, receive } = waiting();
        receive(message('e-2', 'hello', 'Bo'));
        see(conversation);
        await clock.advance(10_000);
        assert.deepEqual(shown, []);
    }
});

test('of several only the newest that is unseen', async () => {
    const { clock, shown, conversation, receive } = waiting();
    receive(message('e-2', 'one', 'Bo'), message('e-3', 'two', 'Bo'), message('e-4', 'three', 'Ann'));
    await clock.advance(700);
    assert.deepEqual(
        shown.map(({ id }) => id),
        ['e-3'],
        'and nothing of one’s own',
    );
    receive(message('e-5', 'four', 'Bo'));
    conversation.markReadElsewhere('e-4');
    await clock.advance(700);
    assert.deepEqual(
        shown.map(({ id }) => id),
        ['e-3', 'e-5'],
    );
});

test('where not every message is wanted, those that are for one', async () => {
    const { clock, shown, receive } = waiting({ all: false, hasSound: false });
    receive(message('e-2', 'hello all', 'Bo'));
    await clock.advance(700);
    assert.deepEqual(shown, []);
    receive(message('e-3', 'hello @Ann', 'Bo'), message('e-4', 'and all', 'Bo'));
    await clock.advance(700);
    assert.deepEqual(
        shown.map(({ id, hasSound }) => [id, hasSound]),
        [['e-3', false]],
    );
});

test('no reaction, no new name', async () => {
    const { clock, shown, receive } = waiting();
    receive(
        message('e-2', { type: 'reaction', to: 'e-1', emoji: '👍' }, 'Bo'),
        message('e-3', { type: 'renamed', was: 'Bo' }, 'Bob'),
    );
    await clock.advance(700);
    assert.deepEqual(shown, []);
});

test('names, rooms and replies are shown as what they are', async () => {
    const { clock, shown, receive } = waiting({ room: 'a\u202eb' });
    const reply = { type: 'reply', to: 'e-1', text: 'so be it', quote: { from: 'Cy', text: 'x' } };
    receive(message('e-2', reply, 'B\u200bo'));
    await clock.advance(700);
    receive({ ...message('e-3', 'who?'), from: undefined });
    await clock.advance(700);
    assert.deepEqual(
        shown.map(({ title, text }) => `${title}: ${text}`),
        ['B‹U+200B›o in a‹U+202E›b: so be it', 'anonymous in a‹U+202E›b: who?'],
    );
});
