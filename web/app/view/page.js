// The page: connects the joined rooms (joined-rooms.js), the subscription that fills them (room-subscription.js) and the parts
// of the document (mount…). Data goes down through draw(); events come up through callbacks.

import { AnteroomError } from '../../client/anteroom.js';
import { environment, randomKey } from '../../client/platform.js';
import { createCatchUp } from '../model/catch-up.js';
import { createDrafts } from '../model/drafts.js';
import { requestEarly } from '../model/early-messages.js';
import { openOutboxStorage } from '../model/outbox-storage.js';
import { mountComposer } from './composer.js';
import { copyText } from './copy-text.js';
import { createRecentEmoji } from '../model/recent-emoji.js';
import { mountEmojiPicker } from './emoji-picker.js';
import { insertText } from './replace-text.js';
import { keepPage } from './keep-page.js';
import { mountSuggestions } from './suggestions.js';
import { storedTransport } from '../model/status-text.js';
import { mountHistoryButton } from './history-button.js';
import { JoinedRooms } from '../model/joined-rooms.js';
import { adjacentRoom } from '../model/room-list.js';
import { createStorage, prefixOf, watchStorage } from '../model/storage.js';
import { mountMenu } from './menu.js';
import { mountMessageActions } from './message-actions.js';
import { mountMessageList } from './message-list.js';
import { mountNameDialog } from './name-dialog.js';
import { createHistoryLoader } from '../model/history-loader.js';
import { mountNotifier } from './notifier.js';
import { createNotifications } from '../model/notifications.js';
import { createNotifySettings } from '../model/notify-settings.js';
import { createOutgoing } from './outgoing.js';
import { mountPeople } from './people.js';
import { openAtButton } from './popover.js';
import { storedName } from '../model/display-name.js';
import { createRoomSubscription } from '../model/room-subscription.js';
import { LOBBY, roomChoices } from '../model/room.js';
import { mountRoomPanel } from './room-panel.js';
import { mountRoomSwitcher } from './room-switcher.js';
import { watchRooms } from '../model/rooms-in-use.js';
import { rows } from '../model/rows.js';
import { mountSearchDialog } from './search-dialog.js';
import { mountShortcuts } from './shortcuts.js';
import { createSite } from '../model/site.js';
import { mountStatus } from './status.js';
import { createTheme } from './theme.js';
import { mountTransportMenu } from './transport-menu.js';
import { createTyping } from '../model/typing.js';
import { mountTypingLine } from './typing-line.js';
import { countText, tabTitle } from '../model/unread.js';
import { createMessageSender } from '../model/message-sender.js';
import { visibleText } from '../model/visible-text.js';
import { renamed, textOf, typing as typingMessage, typingRoom } from '../model/vocabulary.js';

const MAX_ENTRIES = 500; // of a room in the document, while it is scrolled to the bottom
const MAX_ENTRIES_SCROLLED = 2000; // while it is not
const SAVE_DELAY = 250; // ms until read positions are stored
const TAKE_OVER_INTERVAL = 60_000; // ms between two looks for messages of tabs that are gone

const $ = (id) => document.getElementById(id);
const root = new URL(document.documentElement.dataset.root, location.href);
globalThis.early ??= requestEarly(root.pathname, location.pathname, fetch);
const site = createSite(root.pathname, globalThis.early);
const prefix = prefixOf(root.pathname);
const storage = createStorage(() => localStorage, prefix);
const session = createStorage(() => sessionStorage, prefix);
const drafts = createDrafts(storage);
const theme = createTheme(storage);
const notifySettings = createNotifySettings(storage);
const joinedRooms = new JoinedRooms(storage);
let shown; // the conversation on the page; undefined where the URL names no room
let name = storedName(storage.get('name'));
let transport = storedTransport(storage.get('transport'));
let inUse = []; // rooms, from the server
let filter = ''; // of those
let isLive = false;
let whenNamed; // what to do once a name was chosen
let wantedMessage = location.hash.slice(1); // id of the message to show once its room is loaded
let saveTimer;
let revealNext = false; // the next draw() scrolls to the line above new messages

let emoji; // the module, once something needs it
const loadEmoji = () => import('../model/emoji.js').then((module) => (emoji = module));

const composer = mountComposer($('composer'), {
    onSend: (text) => outgoing.send(emoji?.replaceShortcodes(text) ?? text),
    onInput(text) {
        if (!emoji && /:[\w+-]+:/.test(text)) loadEmoji().catch(() => {});
        outgoing.input(text);
    },
    onUp: () => list.focusNewest(),
    onEscape: () => outgoing.reply(undefined),
});
const status = mountStatus(
    { light: $('connection-status'), notice: $('notice'), liveRegion: $('live-region') },
    { onAction: () => subscription.retry() },
);
const sender = createMessageSender(
    { onChange: draw, announce: status.announce, onWaiting: (messages) => outbox.save(messages) },
    site,
);
const outbox = openOutboxStorage({
    storage,
    session,
    locks: environment({}).locks,
    randomKey,
    onFound: (messages) => sender.restore(messages, (room) => joinedRooms.get(room)),
});
const typing = createTyping({
    send: (room) => site.publish({ room: typingRoom(room), as: name, data: typingMessage(), attempts: 1 }).catch(() => {}),
    onChange: drawTyping,
});
const outgoing = createOutgoing({
    composer,
    drafts,
    sender,
    typing,
    shown: () => shown,
    name: () => name,
    publish: site.publish,
    askName(then) {
        whenNamed = then;
        nameDialog.ask();
    },
    onSent: () => list.follow(),
    onChange: draw,
    announce: status.announce,
});
const actions = mountMessageActions($('actions'), {
    onReply(entry) {
        outgoing.reply(entry);
        composer.focus();
    },
    onReact: outgoing.react.bind(outgoing),
    onPick: (entry, anchor) => picker.open(anchor, (chosen) => outgoing.react(entry, recentEmoji.add(chosen)), 'Reaction'),
    onCopyText: ({ data }) => copy(textOf(data), 'Text copied'),
    onCopyLink: ({ id }) => copy(`${location.origin}${site.roomUrl(shown.room)}#${id}`, 'Link copied'),
});
mountSuggestions($('text'), $('suggestions'), {
    namesHere: () => shown?.present.names.filter((one) => one !== name) ?? [],
    loadEmoji,
});
const recentEmoji = createRecentEmoji(storage);
const picker = mountEmojiPicker($('open-emoji'), $('emoji-picker'), {
    recent: recentEmoji.list,
    onPick: (chosen) => insertText($('text'), recentEmoji.add(chosen)),
});
const list = mountMessageList(
    { log: $('log'), list: $('messages'), jump: $('jump') },
    {
        name: () => name,
        onRetry: outgoing.retry,
        onDiscard: outgoing.discard,
        onTakeBack: outgoing.takeBack,
        onActions: (entry, anchor) => actions.open(anchor, entry),
        onReact: outgoing.react.bind(outgoing),
        onGo: showMessage,
    },
);
const transportMenu = mountTransportMenu($('connection'), { chosen: transport, onChoose: setTransport });
const historyButton = mountHistoryButton(
    { container: $('older-messages'), log: $('log') },
    { onMore: () => historyLoader.loadOlder(shown) },
);
const nameDialog = mountNameDialog($('name'), { onName: setName, onClosed: nameClosed });
const panel = mountRoomPanel($('rooms'), {
    roomUrl: site.roomUrl,
    onOpen: () => watch.refresh(),
    onGo: go,
    onLeave: leave,
    onFilter: filterRooms,
});
const people = mountPeople({ panel: $('people'), count: $('present-count') }, { onOpen: () => watch.refreshPresent() });
const typingLine = mountTypingLine($('typing'));
const searchDialog = mountSearchDialog($('search'), { history: site.history, onGo: showMessage });
const switcher = mountRoomSwitcher($('switcher'), { rooms: roomsToOffer, onGo: go });
const shortcuts = mountShortcuts($('shortcuts'), { onStep: step, onSwitch: () => switcher.open(), onSearch: search });
const notifier = mountNotifier(document.querySelector('link[rel=icon]'), {
    icon: new URL('assets/icon.svg', root).href,
    unreadIcon: new URL('assets/icon-unread.svg', root).href,
    onOpen(room, id) {
        go(room);
        showMessage(id);
    },
});
const notifications = createNotifications({ settings: notifySettings, notify: notifier.notify, name: () => name });
mountMenu(
    { panel: $('menu'), button: $('open-menu') },
    {
        actions: { search, switch: () => switcher.open(), shortcuts: shortcuts.show },
        settings: notifySettings,
        notifier,
        room: () => shown?.room,
        theme: theme.get,
        setTheme: theme.set,
    },
);
openAtButton($('connection'), $('connection-status'));
const historyLoader = createHistoryLoader({ onChange: (room) => draw(room, { quiet: true }) }, site.history);
const catchUp = createCatchUp({ onDone: attentionChanged });
const watch = watchRooms({
    presence: site.presence,
    rooms: site.rooms,
    shown: () => shown?.room,
    filter: () => filter,
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
    subscribe: site.subscribe,
    conversations: () => joinedRooms.conversations,
    settings: () => ({ as: name, transport }),
    events: {
        onState(state) {
            status.show(state);
            transportMenu.show(state);
            isLive = state.state === 'live';
            sender.connected(state);
            drawOutside();
            if (!isLive) return;
            keepPage(root);
            watch.refresh();
            outbox.takeOver();
            catchUp.connected();
            if (shown) historyLoader.loadContext(shown).then(showWantedMessage);
        },
        onHistory(newest) {
            updateRoom(newest.room, (conversation) => conversation.open(newest));
            if (newest.room === shown?.room) showWantedMessage();
            watch.refreshSoon();
        },
        onMessages: receive,
        onTyping: (room, from) => from !== name && typing.received(room, from),
        onGap: (gap) => updateRoom(gap.room, (conversation) => conversation.gap(gap)),
        onPresence(event) {
            if (event.event !== 'refresh')
                updateRoom(event.room, (conversation) => conversation.receivePresence(event, name));
            else if (event.room === shown?.room) watch.refreshPresent();
        },
    },
});

function receive(room, messages) {
    updateRoom(room, (conversation) => {
        const others = conversation.receive(messages, name);
        for (const { from } of others) typing.stopped(room, from);
        if (catchUp.done) notifications.received(conversation, others);
    });
}

// Drawing

/** Draws a room after a change. quiet: screen readers are not to announce it */
function draw(room, { quiet = false } = {}) {
    const conversation = joinedRooms.get(room);
    conversation?.trim(conversation === shown && !list.following ? MAX_ENTRIES_SCROLLED : MAX_ENTRIES);
    if (shown && conversation === shown) {
        const { timeline, unread, reactions } = shown;
        const { entries, oldest } = timeline;
        list.show(rows(entries, { newSince: unread.since, missed: unread.missed, reactions }), quiet);
        if (revealNext) list.reveal();
        revealNext = false;
        const isEmpty = !entries.some(({ kind }) => kind !== 'note');
        historyButton.show(shown.history, { oldest, isEmpty, isFull: isFull() });
    }
    drawOutside();
}

const isFull = () => shown.timeline.entries.length >= MAX_ENTRIES_SCROLLED;

/** Draws everything outside of the conversation. */
function drawOutside() {
    document.title = tabTitle(visibleText(shown?.room ?? 'no room'), joinedRooms.unread);
    notifier.count(joinedRooms.unread);
    const elsewhere = joinedRooms.unread - (shown?.unread.count ?? 0);
    $('open-rooms').dataset.unread = elsewhere > 0 ? countText(elsewhere) : '';
    $('open-rooms').setAttribute('aria-label', elsewhere > 0 ? `Rooms, ${elsewhere} unread` : 'Rooms');
    const joined = joinedRooms.conversations.map(({ room, unread }) => ({ room, unread: unread.count }));
    panel.show({ current: shown?.room, ...roomChoices(inUse, joined, filter) });
    if (shown) people.show(shown.present, { name, isLive });
}

function drawName() {
    $('own-name').querySelector('.words').textContent = name ? visibleText(name) : 'Your name';
    $('own-name').setAttribute('aria-label', name ? `Your name: ${visibleText(name)}. Change it` : 'Choose a name');
}

function drawTyping(room) {
    if (room === shown?.room) typingLine.show(typing.names(room));
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
    outgoing.entered();
    $('title').textContent = visibleText(room);
    $('text').placeholder = `Message ${visibleText(room)}`;
    for (const left of removed) sender.remove(left);
    subscription.change({ added, removed });
    subscription.watchTyping(typingRoom(room));
    drawTyping(room);
    markRead();
    draw(room, { quiet: true });
    historyLoader.loadContext(shown).then(showWantedMessage);
    if (isLive) watch.refreshPresent();
}

function filterRooms(part) {
    filter = part;
    watch.refreshSoon();
    drawOutside();
}

function roomsToOffer(part) {
    const joined = joinedRooms.conversations.map(({ room, unread }) => ({ room, unread: unread.count }));
    const { others } = roomChoices(inUse, joined, part);
    const mine = joined.filter(({ room }) => room !== shown?.room && room.toLowerCase().includes(part.toLowerCase()));
    return [...mine.sort((a, b) => b.unread - a.unread), ...others].map(({ room }) => room);
}

function go(room) {
    if (room === shown?.room) return composer.focus();
    history.pushState(null, '', site.roomUrl(room));
    enter(room);
    status.announce(`Room ${visibleText(room)}`);
    return focusComposer();
}

function step(by) {
    if (shown) go(adjacentRoom(joinedRooms.rooms, shown.room, by));
}

function search() {
    if (shown) searchDialog.open(shown.room);
}

function leave(room) {
    if (room === shown?.room) {
        const next = joinedRooms.rooms.length > 1 ? adjacentRoom(joinedRooms.rooms, room, 1) : LOBBY;
        if (next === room) return; // one room is always shown
        go(next);
    }
    joinedRooms.leave(room);
    sender.remove(room);
    outgoing.left(room);
    subscription.change({ added: [], removed: [room] });
    drawOutside();
}

/** Shows a message of the room; it is loaded first if need be. */
async function showMessage(id) {
    const conversation = shown;
    history.replaceState(null, '', `#${id}`);
    if (list.go(id)) return;
    const isLoaded = await historyLoader.loadUpTo(conversation, id, () => conversation !== shown || isFull());
    if (conversation !== shown) return;
    if (!isLoaded || !list.go(id)) status.announce('The message is not kept any more.', { isShown: true });
}

function showWantedMessage() {
    if (!wantedMessage || !shown?.history.isLoaded) return;
    const id = wantedMessage;
    wantedMessage = '';
    showMessage(id);
}

async function copy(text, done) {
    if (await copyText(text)) status.announce(done, { isShown: true });
    else prompt('Copy it from here:', text); // the browser allows no more
}

// Settings of the user

function setName(chosen) {
    const before = name;
    name = chosen;
    storage.set('name', name);
    nameChanged();
    if (shown && name !== before) {
        const others = ({ present }) => present.names.some((one) => one !== before && one !== name);
        const rooms = before ? joinedRooms.conversations.filter(others).map(({ room }) => room) : [];
        // Then present under the new name.
        const said = rooms.length > 0 ? site.publish({ rooms, as: name, data: renamed(before), attempts: 1 }) : undefined;
        Promise.resolve(said).then(subscription.start, subscription.start);
    }
    whenNamed?.();
}

function nameChanged() {
    drawName();
    list.clear(); // who is mentioned has changed
    draw(shown?.room, { quiet: true });
}

function nameClosed() {
    whenNamed = undefined;
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
    for (const room of removed) sender.remove(room);
    if (shown && added.length + removed.length > 0) subscription.change({ added, removed });
    if (isChanged) attentionChanged();
    if (changed === 'theme') theme.apply();
    if (changed === 'transport') transportMenu.choose((transport = storedTransport(storage.get('transport'))));
    if (changed === 'name' && name !== storedName(storage.get('name'))) {
        name = storedName(storage.get('name'));
        nameChanged();
        if (shown) subscription.start();
    }
}, prefix);

$('own-name').addEventListener('click', () => nameDialog.ask(name));
document.addEventListener('visibilitychange', attentionChanged);
addEventListener('focus', attentionChanged);
addEventListener('blur', attentionChanged);
addEventListener('pagehide', () => {
    save();
    drafts.save();
});
addEventListener('popstate', () => {
    const room = site.roomFromPath(location.pathname);
    wantedMessage = location.hash.slice(1);
    if (room && room === shown?.room) showWantedMessage();
    else if (room) enter(room);
    else location.reload();
});
addEventListener('beforeunload', (event) => {
    // What waits to be sent is kept, where the browser keeps anything.
    const lost = { failed: outbox.isKept };
    if (joinedRooms.conversations.some(({ timeline }) => timeline.hasUnsent(lost))) event.preventDefault();
});

drawName();
watch.refreshSoon();
setInterval(outbox.takeOver, TAKE_OVER_INTERVAL);
const room = site.roomFromPath(location.pathname);
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
