// The page: joins the rooms that one is in (joined-rooms.js), the subscription that fills them (room-subscription.js) and the parts of the
// document (mount…). Data goes down through draw(); events come up through the functions given to the parts.

import { AnteroomError, subscribe } from '../../client/anteroom.js';
import { createArrival } from '../model/catch-up.js';
import { mountComposer } from './composer.js';
import { transportFrom } from '../model/status-text.js';
import { mountEarlier } from './history-button.js';
import { House } from '../model/joined-rooms.js';
import { neighbour } from '../model/room-list.js';
import { remembering, watchMemory } from '../model/storage.js';
import { mountMessageList } from './message-list.js';
import { mountNameDialog } from './name-dialog.js';
import { createOlder } from '../model/history-loader.js';
import { mountPeople } from './people.js';
import { nameFrom } from '../model/display-name.js';
import { createReception } from '../model/room-subscription.js';
import { LOBBY, roomChoices, roomFromPath, roomUrl } from '../model/room.js';
import { mountRoomPanel } from './room-panel.js';
import { watchRooms } from '../model/rooms-in-use.js';
import { rows } from '../model/rows.js';
import { mountStatus } from './status.js';
import { mountTransportMenu } from './transport-menu.js';
import { countText, tabTitle } from '../model/unread.js';
import { createWriting } from '../model/message-sender.js';

const KEPT = 500; // messages and gaps in the document while the reader is at the bottom
const KEPT_WHILE_READING = 2000;
const SAVED_WITHIN = 250; // ms until it is remembered how far one has read

const $ = (id) => document.getElementById(id);
const memory = remembering(() => localStorage);
const house = new House(memory);
let shown; // the conversation in the middle; undefined where the address names no room
let name = nameFrom(memory.get('name'));
let transport = transportFrom(memory.get('transport'));
let inUse = []; // rooms, as the server lists them
let sendWhenNamed = false;
let saving; // the timer
let revealing = false; // the line above what is new is to be shown next

const list = mountMessageList(
    { log: $('log'), list: $('messages'), jump: $('jump') },
    { onAgain: again, onDiscard: discard },
);
const status = mountStatus(
    { lamp: $('lamp'), notice: $('notice'), voice: $('voice') },
    { onAction: () => reception.retry() },
);
const menu = mountTransportMenu($('connection'), { chosen: transport, onChoose: setTransport });
const earlier = mountEarlier({ place: $('earlier'), log: $('log') }, { onMore: () => older.more(shown) });
const composer = mountComposer($('composer'), { onSend: send });
const nameDialog = mountNameDialog($('name'), { onName: setName, onClosed: nameClosed });
const panel = mountRoomPanel($('rooms'), { onOpen: () => watch.refresh(), onGo: go, onLeave: leave });
const people = mountPeople({ panel: $('people'), here: $('here') }, { onOpen: () => watch.refreshPresent() });
const writing = createWriting({ onChange: draw, say: status.say });
const older = createOlder({ onChange: (room) => draw(room, { quiet: true }) });
const arrival = createArrival({ onDone: look });
const watch = watchRooms({
    shown: () => shown?.room,
    onRooms(rooms) {
        inUse = rooms;
        drawAround();
    },
    onPresent(room, present) {
        house.get(room)?.present.reset(present);
        drawAround();
    },
});

const reception = createReception({
    subscribe,
    conversations: () => house.conversations,
    settings: () => ({ as: name, transport }),
    events: {
        onState(state) {
            status.show(state);
            menu.show(state);
            if (state.state !== 'live') return;
            arrival.live();
            if (shown) older.open(shown);
        },
        onHistory(answer) {
            withRoom(answer.room, (conversation) => conversation.open(answer));
            watch.refreshSoon();
        },
        onMessages: (room, messages) => withRoom(room, (conversation) => conversation.receive(messages, name)),
        onGap: (gap) => withRoom(gap.room, (conversation) => conversation.gap(gap)),
        onPresence(event) {
            if (event.event !== 'refresh') withRoom(event.room, (conversation) => conversation.meet(event, name));
            else if (event.room === shown?.room) watch.refreshPresent();
        },
    },
});

// What is shown

/** Shows what changed in a room. */
function draw(room, { quiet = false } = {}) {
    const conversation = house.get(room);
    conversation?.trim(conversation === shown && !list.following ? KEPT_WHILE_READING : KEPT);
    if (shown && conversation === shown) {
        const { timeline, unread } = shown;
        const { entries, oldest } = timeline;
        list.show(rows(entries, { newSince: unread.since, missed: unread.missed }), quiet);
        if (revealing) list.reveal();
        revealing = false;
        const isEmpty = !entries.some(({ kind }) => kind !== 'note');
        earlier.show(shown.earlier, { oldest, isEmpty, isFull: entries.length >= KEPT_WHILE_READING });
    }
    drawAround();
}

function drawAround() {
    document.title = tabTitle(shown?.room ?? 'no room', house.unread);
    const elsewhere = house.unread - (shown?.unread.count ?? 0);
    $('open-rooms').dataset.unread = elsewhere > 0 ? countText(elsewhere) : '';
    $('open-rooms').setAttribute('aria-label', elsewhere > 0 ? `Rooms, ${elsewhere} unread` : 'Rooms');
    const joined = house.conversations.map(({ room, unread }) => ({ room, unread: unread.count }));
    panel.show({ current: shown?.room, ...roomChoices(inUse, joined) });
    if (shown) people.show(shown.present, name);
}

function drawName() {
    $('me').querySelector('.words').textContent = name ?? 'Your name';
    $('me').setAttribute('aria-label', name ? `Your name: ${name}. Change it` : 'Choose a name');
}

function withRoom(room, change) {
    const conversation = house.get(room);
    if (!conversation) return; // left a moment ago
    const isNew = conversation.earlier.isOpen && (arrival.done || !conversation.isReturn); // not what one came back to
    change(conversation);
    arrival.heard();
    markRead();
    draw(room, { quiet: !isNew });
}

/** What came to the room that somebody looks at is read; what came before the page had caught up is not, for now. */
function markRead() {
    const looking = document.visibilityState === 'visible' && document.hasFocus();
    for (const conversation of house.conversations) {
        const seen = looking && conversation === shown && (arrival.done || !conversation.isReturn);
        revealing = conversation.unread.look(seen) || revealing;
        if (seen && house.read(conversation)) saving ??= setTimeout(save, SAVED_WITHIN);
    }
}

function save() {
    clearTimeout(saving);
    saving = undefined;
    house.save();
}

function look() {
    markRead();
    draw(shown?.room);
}

// From room to room

function enter(room) {
    const { added, removed } = house.join(room);
    if (shown) shown.draft = composer.text;
    shown = house.get(room);
    list.clear();
    composer.text = shown.draft;
    $('title').textContent = room;
    $('text').placeholder = `Message ${room}`;
    reception.change({ added, removed });
    markRead();
    draw(room, { quiet: true });
    older.open(shown);
    watch.refreshPresent();
}

function go(room) {
    if (room === shown?.room) return composer.focus();
    history.pushState(null, '', roomUrl(room));
    enter(room);
    status.say(`Room ${room}`);
    return focusComposer();
}

function leave(room) {
    if (room === shown?.room) {
        const next = house.rooms.length > 1 ? neighbour(house.rooms, room, 1) : LOBBY;
        if (next === room) return; // one is always somewhere
        go(next);
    }
    house.leave(room);
    writing.forget(room);
    reception.change({ added: [], removed: [room] });
    drawAround();
}

// What is written here

function send(text) {
    if (!shown) return false;
    if (!name) {
        sendWhenNamed = true;
        nameDialog.ask();
        return false;
    }
    list.follow();
    writing.send(shown, text, name);
    draw(shown.room);
    return true;
}

function again(key) {
    writing.again(shown, key);
    draw(shown.room);
    composer.focus(); // the button that had the focus is gone
}

function discard(key) {
    writing.discard(shown, key);
    draw(shown.room);
    composer.focus();
}

// The person, and what they chose

function setName(chosen) {
    const before = name;
    name = chosen;
    memory.set('name', name);
    drawName();
    if (shown && name !== before) reception.start(); // present under the new one
    drawAround();
    if (sendWhenNamed) $('composer').requestSubmit();
}

function nameClosed() {
    sendWhenNamed = false;
    composer.focus();
}

function setTransport(chosen) {
    transport = chosen;
    memory.set('transport', transport);
    reception.setTransport(transport);
}

function focusComposer() {
    if (matchMedia('(hover: hover)').matches) composer.focus();
}

watchMemory(window, (changed) => {
    const { added, removed, changed: isNews } = house.takeMemory(changed, shown?.room);
    if (shown && added.length + removed.length > 0) reception.change({ added, removed });
    if (isNews) look();
    if (changed === 'transport') menu.choose((transport = transportFrom(memory.get('transport'))));
    if (changed === 'name' && name !== nameFrom(memory.get('name'))) {
        name = nameFrom(memory.get('name'));
        drawName();
        if (shown) reception.start();
    }
});

$('me').addEventListener('click', () => nameDialog.ask(name));
document.addEventListener('visibilitychange', look);
addEventListener('focus', look);
addEventListener('blur', look);
addEventListener('pagehide', save);
addEventListener('popstate', () => {
    const room = roomFromPath(location.pathname);
    if (room) enter(room);
    else location.reload();
});
addEventListener('keydown', (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !shown) return;
    event.preventDefault();
    go(neighbour(house.rooms, shown.room, step));
});
addEventListener('beforeunload', (event) => {
    if (house.conversations.some(({ timeline }) => timeline.hasUnsent)) event.preventDefault();
});

drawName();
watch.refresh();
const room = roomFromPath(location.pathname);
if (room) {
    enter(room);
    if (!name) nameDialog.ask();
    else focusComposer();
} else {
    $('title').textContent = 'No room here';
    status.show({
        state: 'failed',
        error: new AnteroomError('This address does not name a room. Choose one from the list.'),
    });
    drawAround();
}
