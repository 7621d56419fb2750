// The page: joins the room (anteroom.js), what is shown of it (timeline.js) and the parts of the document (mount…).
// Data goes down through draw(); events come up through the functions given to the parts.

import { AnteroomError, history, publish, subscribe } from './anteroom.js';
import { mountComposer } from './composer.js';
import { sentence } from './connection.js';
import { mountEarlier } from './earlier.js';
import { summary } from './format.js';
import { remembering } from './memory.js';
import { mountMessageList } from './message-list.js';
import { mountNameDialog } from './name-dialog.js';
import { createOutbox, messageKey } from './outbox.js';
import { nameProblem } from './person.js';
import { roomFromPath } from './room.js';
import { mountRooms } from './rooms-in-use.js';
import { rows } from './rows.js';
import { mountStatus } from './status.js';
import { Timeline } from './timeline.js';
import { createUnread, tabTitle } from './unread.js';

const AT_FIRST = 100; // messages of history
const KEPT = 500; // messages and gaps in the document while the reader is at the bottom
const KEPT_WHILE_READING = 2000;

const $ = (id) => document.getElementById(id);
const memory = remembering(() => localStorage);
const room = roomFromPath(location.pathname);
const timeline = new Timeline();
const unread = createUnread();
const remembered = memory.get('name');
let name = typeof remembered === 'string' && !nameProblem(remembered) ? remembered : undefined;
let sendWhenNamed = false;
let connection = { state: 'connecting', attempt: 0 };
let subscription;

const list = mountMessageList(
    { log: $('log'), list: $('messages'), jump: $('jump') },
    { onAgain: again, onDiscard: discard },
);
const status = mountStatus({ lamp: $('lamp'), notice: $('notice'), voice: $('voice') }, { onAction: retry });
const earlier = mountEarlier($('earlier'), { onMore: showEarlier });
const composer = mountComposer($('composer'), { onSend: send });
const nameDialog = mountNameDialog($('name'), { onName: setName, onClosed: nameClosed });
const roomsInUse = mountRooms({ panel: $('rooms'), here: $('here'), room, memory });
const outbox = createOutbox({
    publish: (message) => publish({ room, ...message }),
    onBegun: (key) => timeline.begun(key),
    onAccepted(key, receipt) {
        timeline.accepted(key, receipt);
        draw();
    },
    onRefused(key, error) {
        const problem = error instanceof AnteroomError ? error : { message: String(error), uncertain: false };
        timeline.refused(key, problem);
        if (['failed', 'unknown'].includes(timeline.get(key)?.status))
            status.say(`Message not sent. ${sentence(problem.message)}`);
        draw();
    },
});

function draw({ quiet = false } = {}) {
    if (timeline.trim(list.following ? KEPT : KEPT_WHILE_READING)) earlier.set({ more: true });
    const { entries, oldest } = timeline;
    list.show(rows(entries, { newSince: unread.since }), quiet);
    earlier.show({ oldest, isFull: entries.length >= KEPT_WHILE_READING });
    document.title = tabTitle(room ?? 'no room', unread.count);
}

// The room, as it comes

function follow(after) {
    subscription = subscribe({
        room,
        after,
        history: AT_FIRST,
        onState(state) {
            connection = state;
            status.show(state);
        },
        onHistory({ messages, next, more }) {
            timeline.open(messages, next);
            earlier.set({ more, isOpen: true });
            draw({ quiet: true });
            roomsInUse.refreshSoon();
        },
        onMessages(messages) {
            const others = timeline.receive(messages).filter(({ from }) => from === undefined || from !== name);
            unread.arrived(others.map(({ key }) => key));
            draw();
        },
        onGap(gap, next) {
            timeline.gap(gap, next);
            draw();
        },
    });
}

function retry() {
    if (connection.state === 'failed' || connection.state === 'superseded') follow(subscription.cursor);
    else subscription.retryNow();
}

async function showEarlier() {
    const { oldest } = timeline;
    if (!oldest) return;
    earlier.set({ isBusy: true, problem: '' });
    try {
        const { messages, more } = await history({ room, before: oldest.id, limit: AT_FIRST });
        const added = timeline.prepend(messages);
        earlier.set({ isBusy: false, more: more && added.length > 0 });
    } catch (error) {
        earlier.set({ isBusy: false, problem: error.message });
    }
    draw({ quiet: true });
}

// What is written here

function send(text) {
    if (!room) return false;
    if (!name) {
        sendWhenNamed = true;
        nameDialog.ask();
        return false;
    }
    const message = { key: messageKey(), data: text, as: name };
    timeline.write({ ...message, time: Date.now() });
    unread.clearLine();
    list.follow();
    draw();
    outbox.send(message);
    return true;
}

function again(key) {
    const entry = timeline.again(key, Date.now());
    if (!entry) return;
    draw();
    composer.focus(); // the button that had the focus is gone
    outbox.send({ key, data: entry.data, as: entry.from });
}

function discard(key) {
    const entry = timeline.get(key);
    timeline.discard(key);
    status.say(`Discarded: ${summary(entry?.data)}`);
    draw();
    composer.focus();
}

// The person

function setName(chosen) {
    name = chosen;
    memory.set('name', name);
    drawName();
    if (sendWhenNamed) $('composer').requestSubmit();
}

function nameClosed() {
    sendWhenNamed = false;
    composer.focus();
}

function drawName() {
    $('me').querySelector('.words').textContent = name ?? 'Your name';
    $('me').setAttribute('aria-label', name ? `Your name: ${name}. Change it` : 'Choose a name');
}

function look() {
    unread.look(document.visibilityState === 'visible' && document.hasFocus());
    if (document.visibilityState === 'visible' && connection.state === 'waiting') subscription.retryNow();
    draw();
}

$('me').addEventListener('click', () => nameDialog.ask(name));
document.addEventListener('visibilitychange', look);
addEventListener('focus', look);
addEventListener('blur', look);
addEventListener('online', () => subscription?.retryNow());
addEventListener('beforeunload', (event) => {
    if (timeline.hasUnsent) event.preventDefault();
});

$('title').textContent = room ?? 'No room here';
$('text').placeholder = room ? `Message ${room}` : '';
drawName();
look();
if (room) {
    follow();
    if (!name) nameDialog.ask();
    else if (matchMedia('(hover: hover)').matches) composer.focus();
} else {
    status.show({
        state: 'failed',
        error: new AnteroomError('This address does not name a room. Choose one from the list.'),
    });
}
