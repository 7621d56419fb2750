// The page: connects the joined rooms (joined-rooms.js), the subscription that fills them (room-subscription.js) and the parts
// of the document (mount…). Data goes down through draw(); events come up through callbacks.

import { AnteroomError, subscribe } from '../../client/anteroom.js';
import { environment, randomKey } from '../../client/platform.js';
import { createCatchUp } from '../model/catch-up.js';
import { createDrafts } from '../model/drafts.js';
import { openOutboxStorage } from '../model/outbox-storage.js';
import { mountComposer } from './composer.js';
import { storedTransport } from '../model/status-text.js';
import { mountHistoryButton } from './history-button.js';
import { JoinedRooms } from '../model/joined-rooms.js';
import { adjacentRoom } from '../model/room-list.js';
import { createStorage, watchStorage } from '../model/storage.js';
import { mountMessageList } from './message-list.js';
import { mountNameDialog } from './name-dialog.js';
import { createHistoryLoader } from '../model/history-loader.js';
import { mountPeople } from './people.js';
import { storedName } from '../model/display-name.js';
import { createRoomSubscription } from '../model/room-subscription.js';
import { LOBBY, roomChoices, roomFromPath, roomUrl } from '../model/room.js';
import { mountRoomPanel } from './room-panel.js';
import { watchRooms } from '../model/rooms-in-use.js';
import { rows } from '../model/rows.js';
import { mountStatus } from './status.js';
import { mountTransportMenu } from './transport-menu.js';
import { countText, tabTitle } from '../model/unread.js';
import { createMessageSender } from '../model/message-sender.js';

const MAX_ENTRIES = 500; // of a room in the document, while it is scrolled to the bottom
const MAX_ENTRIES_SCROLLED = 2000; // while it is not
const SAVE_DELAY = 250; // ms until read positions are stored

const $ = (id) => document.getElementById(id);
const storage = createStorage(() => localStorage);
const session = createStorage(() => sessionStorage);
const drafts = createDrafts(storage);
const joinedRooms = new JoinedRooms(storage);
let shown; // the conversation on the page; undefined where the URL names no room
let name = storedName(storage.get('name'));
let transport = storedTransport(storage.get('transport'));
let inUse = []; // rooms, from the server
let filter = ''; // of those
let isLive = false;
let sendWhenNamed = false;
let saveTimer;
let saveOutbox; // once the messages of earlier visits were restored
let revealNext = false; // the next draw() scrolls to the line above new messages

const list = mountMessageList(
    { log: $('log'), list: $('messages'), jump: $('jump') },
    { onRetry: retry, onDiscard: discard, onTakeBack: takeBack },
);
const status = mountStatus(
    { light: $('connection-status'), notice: $('notice'), liveRegion: $('live-region') },
    { onAction: () => subscription.retry() },
);
const menu = mountTransportMenu($('connection'), { chosen: transport, onChoose: setTransport });
const historyButton = mountHistoryButton(
    { container: $('older-messages'), log: $('log') },
    { onMore: () => historyLoader.loadOlder(shown) },
);
const composer = mountComposer($('composer'), {
    onSend: send,
    onInput: (text) => shown && drafts.set(shown.room, text),
});
const nameDialog = mountNameDialog($('name'), { onName: setName, onClosed: nameClosed });
const panel = mountRoomPanel($('rooms'), {
    onOpen: () => watch.refresh(),
    onGo: go,
    onLeave: leave,
    onFilter: filterRooms,
});
const people = mountPeople({ panel: $('people'), count: $('present-count') }, { onOpen: () => watch.refreshPresent() });
const sender = createMessageSender({
    onChange: draw,
    announce: status.announce,
    onWaiting: (messages) => saveOutbox?.(messages),
});
const historyLoader = createHistoryLoader({ onChange: (room) => draw(room, { quiet: true }) });
const catchUp = createCatchUp({ onDone: attentionChanged });
const watch = watchRooms({
    shown: () => shown?.room,
    isVisible: () => document.visibilityState === 'visible',
    onRooms(rooms) {
        inUse = rooms;
        drawOutside();
    },
    onPresent(room, present) {
        joinedRooms.get(room)?.present.reset(present);
        drawOutside();
    },
});

const subscription = createRoomSubscription({
    subscribe,
    conversations: () => joinedRooms.conversations,
    settings: () => ({ as: name, transport }),
    events: {
        onState(state) {
            status.show(state);
            menu.show(state);
            isLive = state.state === 'live';
            sender.connected(isLive);
            drawOutside();
            if (state.state !== 'live') return;
            catchUp.connected();
            if (shown) historyLoader.loadContext(shown);
        },
        onHistory(newest) {
            updateRoom(newest.room, (conversation) => conversation.open(newest));
            watch.refreshSoon();
        },
        onMessages: (room, messages) => updateRoom(room, (conversation) => conversation.receive(messages, name)),
        onGap: (gap) => updateRoom(gap.room, (conversation) => conversation.gap(gap)),
        onPresence(event) {
            if (event.event !== 'refresh')
                updateRoom(event.room, (conversation) => conversation.receivePresence(event, name));
            else if (event.room === shown?.room) watch.refreshPresent();
        },
    },
});

// Drawing

/** Draws a room after a change. quiet: screen readers are not to announce it */
function draw(room, { quiet = false } = {}) {
    const conversation = joinedRooms.get(room);
    conversation?.trim(conversation === shown && !list.following ? MAX_ENTRIES_SCROLLED : MAX_ENTRIES);
    if (shown && conversation === shown) {
        const { timeline, unread } = shown;
        const { entries, oldest } = timeline;
        list.show(rows(entries, { newSince: unread.since, missed: unread.missed }), quiet);
        if (revealNext) list.reveal();
        revealNext = false;
        const isEmpty = !entries.some(({ kind }) => kind !== 'note');
        historyButton.show(shown.history, { oldest, isEmpty, isFull: entries.length >= MAX_ENTRIES_SCROLLED });
    }
    drawOutside();
}

/** Draws everything outside of the conversation. */
function drawOutside() {
    document.title = tabTitle(shown?.room ?? 'no room', joinedRooms.unread);
    const elsewhere = joinedRooms.unread - (shown?.unread.count ?? 0);
    $('open-rooms').dataset.unread = elsewhere > 0 ? countText(elsewhere) : '';
    $('open-rooms').setAttribute('aria-label', elsewhere > 0 ? `Rooms, ${elsewhere} unread` : 'Rooms');
    const joined = joinedRooms.conversations.map(({ room, unread }) => ({ room, unread: unread.count }));
    panel.show({ current: shown?.room, ...roomChoices(inUse, joined, filter) });
    if (shown) people.show(shown.present, { name, isLive });
}

function drawName() {
    $('own-name').querySelector('.words').textContent = name ?? 'Your name';
    $('own-name').setAttribute('aria-label', name ? `Your name: ${name}. Change it` : 'Choose a name');
}

/** Applies a change from the subscription. */
function updateRoom(room, change) {
    const conversation = joinedRooms.get(room);
    if (!conversation) return; // just left
    const isNew = conversation.history.isLoaded && (catchUp.done || !conversation.wasReadBefore); // since this visit began
    change(conversation);
    catchUp.received();
    markRead();
    draw(room, { quiet: !isNew });
}

/** Messages in the room that the user looks at are read; those of before the page has caught up are not yet. */
function markRead() {
    const isActive = document.visibilityState === 'visible' && document.hasFocus();
    for (const conversation of joinedRooms.conversations) {
        const seen = isActive && conversation === shown && (catchUp.done || !conversation.wasReadBefore);
        revealNext = conversation.unread.setActive(seen) || revealNext;
        if (seen && joinedRooms.markRead(conversation)) saveTimer ??= setTimeout(save, SAVE_DELAY);
    }
}

function save() {
    clearTimeout(saveTimer);
    saveTimer = undefined;
    joinedRooms.save();
}

/** The user looks at the page, or away; or what is unread has changed. */
function attentionChanged() {
    markRead();
    draw(shown?.room);
}

// Navigation

function enter(room) {
    const { added, removed } = joinedRooms.join(room);
    shown = joinedRooms.get(room);
    list.clear();
    composer.text = drafts.get(room);
    $('title').textContent = room;
    $('text').placeholder = `Message ${room}`;
    subscription.change({ added, removed });
    markRead();
    draw(room, { quiet: true });
    historyLoader.loadContext(shown);
    watch.refreshPresent();
}

function filterRooms(part) {
    filter = part;
    drawOutside();
}

function go(room) {
    if (room === shown?.room) return composer.focus();
    history.pushState(null, '', roomUrl(room));
    enter(room);
    status.announce(`Room ${room}`);
    return focusComposer();
}

function leave(room) {
    if (room === shown?.room) {
        const next = joinedRooms.rooms.length > 1 ? adjacentRoom(joinedRooms.rooms, room, 1) : LOBBY;
        if (next === room) return; // one room is always shown
        go(next);
    }
    joinedRooms.leave(room);
    sender.remove(room);
    drafts.set(room, '');
    subscription.change({ added: [], removed: [room] });
    drawOutside();
}

// Outgoing messages

function send(text) {
    if (!shown) return false;
    if (!name) {
        sendWhenNamed = true;
        nameDialog.ask();
        return false;
    }
    list.follow();
    sender.send(shown, text, name);
    draw(shown.room);
    return true;
}

function retry(key) {
    sender.retry(shown, key);
    draw(shown.room);
    composer.focus(); // the button that had the focus is gone
}

/** Puts the text of a message that waits back into the composer, before what is there. */
function takeBack(key) {
    const text = sender.takeBack(shown, key);
    if (text !== undefined) {
        composer.text = [text, composer.text].filter(Boolean).join('\n');
        drafts.set(shown.room, composer.text);
        status.announce('Message taken back');
    }
    draw(shown.room);
    composer.focus();
}

function discard(key) {
    sender.discard(shown, key);
    draw(shown.room);
    composer.focus();
}

// Settings of the user

function setName(chosen) {
    const before = name;
    name = chosen;
    storage.set('name', name);
    drawName();
    if (shown && name !== before) subscription.start(); // present under the new name
    drawOutside();
    if (sendWhenNamed) $('composer').requestSubmit();
}

function nameClosed() {
    sendWhenNamed = false;
    composer.focus();
}

function setTransport(chosen) {
    transport = chosen;
    storage.set('transport', transport);
    subscription.setTransport(transport);
}

function focusComposer() {
    if (matchMedia('(hover: hover)').matches) composer.focus();
}

watchStorage(window, (changed) => {
    const { added, removed, changed: isChanged } = joinedRooms.storageChanged(changed, shown?.room);
    if (shown && added.length + removed.length > 0) subscription.change({ added, removed });
    if (isChanged) attentionChanged();
    if (changed === 'transport') menu.choose((transport = storedTransport(storage.get('transport'))));
    if (changed === 'name' && name !== storedName(storage.get('name'))) {
        name = storedName(storage.get('name'));
        drawName();
        if (shown) subscription.start();
    }
});

$('own-name').addEventListener('click', () => nameDialog.ask(name));
document.addEventListener('visibilitychange', attentionChanged);
addEventListener('focus', attentionChanged);
addEventListener('blur', attentionChanged);
addEventListener('pagehide', () => {
    save();
    drafts.save();
});
addEventListener('popstate', () => {
    const room = roomFromPath(location.pathname);
    if (room) enter(room);
    else location.reload();
});
addEventListener('keydown', (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !shown) return;
    event.preventDefault();
    go(adjacentRoom(joinedRooms.rooms, shown.room, step));
});
addEventListener('beforeunload', (event) => {
    // What waits to be sent is kept, where the browser keeps anything.
    const lost = { failed: storage.isLasting };
    if (joinedRooms.conversations.some(({ timeline }) => timeline.hasUnsent(lost))) event.preventDefault();
});

drawName();
watch.refresh();
openOutboxStorage({ storage, session, locks: environment({}).locks, randomKey }).then(({ restored, save: keep }) => {
    saveOutbox = keep;
    sender.restore(restored, (room) => joinedRooms.get(room));
});
const room = roomFromPath(location.pathname);
if (room) {
    enter(room);
    focusComposer();
} else {
    $('title').textContent = 'No room here';
    status.show({
        state: 'failed',
        error: new AnteroomError('This address does not name a room. Choose one from the list.'),
    });
    drawOutside();
}
