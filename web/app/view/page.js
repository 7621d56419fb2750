// The page: connects the joined rooms (joined-rooms.js), the subscription that fills them (room-subscription.js) and the parts
// of the document (mount…). Data goes down through draw(); events come up through callbacks.

import { AnteroomError } from '../../client/anteroom.js';
import { createCatchUp } from '../model/catch-up.js';
import { storedName } from '../model/display-name.js';
import { requestEarly } from '../model/early-messages.js';
import { createHistoryLoader } from '../model/history-loader.js';
import { JoinedRooms } from '../model/joined-rooms.js';
import { createNotifications } from '../model/notifications.js';
import { createNotifySettings } from '../model/notify-settings.js';
import { createRoomOffer } from '../model/room-offer.js';
import { createRoomSubscription } from '../model/room-subscription.js';
import { watchRooms } from '../model/rooms-in-use.js';
import { createSite } from '../model/site.js';
import { storedTransport } from '../model/status-text.js';
import { createStorage, prefixOf } from '../model/storage.js';
import { textOf } from '../model/vocabulary.js';
import { copyText } from './copy-text.js';
import { mountHistoryButton } from './history-button.js';
import { keepPage } from './keep-page.js';
import { mountMenu } from './menu.js';
import { mountMessageActions } from './message-actions.js';
import { mountMessageList } from './message-list.js';
import { createNavigation } from './navigation.js';
import { mountNotifier } from './notifier.js';
import { mountPeople } from './people.js';
import { openAtButton } from './popover.js';
import { mountRoomPanel } from './room-panel.js';
import { mountRoomSwitcher } from './room-switcher.js';
import { createScreen } from './screen.js';
import { mountSearchDialog } from './search-dialog.js';
import { mountShortcuts } from './shortcuts.js';
import { mountStatus } from './status.js';
import { createTheme } from './theme.js';
import { mountTransportMenu } from './transport-menu.js';
import { mountTypingLine } from './typing-line.js';
import { createUserSettings } from './user-settings.js';
import { createWriting } from './writing.js';

const TAKE_OVER_INTERVAL = 60_000; // ms between two looks for messages of tabs that are gone

const $ = (id) => document.getElementById(id);
const root = new URL(document.documentElement.dataset.root, location.href);
globalThis.early ??= requestEarly(root.pathname, location.pathname, fetch);
const site = createSite(root.pathname, globalThis.early);
const prefix = prefixOf(root.pathname);
const storage = createStorage(() => localStorage, prefix);
const theme = createTheme(storage);

/** What is common to the parts of the page. */
const visit = {
    shown: undefined, // the conversation on the page; undefined where the URL names no room
    name: storedName(storage.get('name')),
    transport: storedTransport(storage.get('transport')),
    isLive: false,
    seeking: 0, // messages that are being looked for: what is loaded for that stays
    isLed: false, // to a message, since the user looks at the room: its place is kept
};
const shownRoom = () => visit.shown?.room;

// The rooms

const joinedRooms = new JoinedRooms(storage);
const offer = createRoomOffer({
    joined: () => joinedRooms.conversations.map(({ room, unread }) => ({ room, unread: unread.count })),
    shown: shownRoom,
});
const catchUp = createCatchUp({
    onDone() {
        $('log').removeAttribute('aria-busy');
        screen.attentionChanged();
    },
});
const historyLoader = createHistoryLoader({ onChange: (room) => screen.draw(room, { quiet: true }) }, site.history);
const watch = watchRooms({
    presence: site.presence,
    rooms: site.rooms,
    shown: shownRoom,
    filter: () => offer.filter,
    isVisible: () => document.visibilityState === 'visible',
    onRooms(rooms) {
        offer.inUse = rooms;
        screen.drawOutside();
    },
    onPresent(room, present) {
        joinedRooms.get(room)?.present.reset(present);
        screen.drawOutside();
    },
});
const subscription = createRoomSubscription({
    subscribe: site.subscribe,
    conversations: () => joinedRooms.conversations,
    settings: () => ({ as: visit.name, transport: visit.transport }),
    events: {
        onState(state) {
            status.show(state);
            transportMenu.show(state);
            visit.isLive = state.state === 'live';
            sender.connected(state);
            screen.drawOutside();
            if (!visit.isLive) return;
            keepPage(root);
            watch.refresh();
            outbox.takeOver();
            if (!catchUp.done) $('log').setAttribute('aria-busy', 'true'); // a screen reader waits with what was missed
            catchUp.connected();
            navigation.loadShown();
        },
        onHistory(newest) {
            screen.update(newest.room, (conversation) => conversation.open(newest));
            if (newest.room === shownRoom()) navigation.loadShown();
            watch.refreshSoon();
        },
        onMessages(room, messages) {
            screen.update(room, (conversation) => {
                const byOthers = conversation.receive(messages, visit.name);
                for (const { from } of byOthers) typing.stopped(room, from);
                if (catchUp.done) notifications.received(conversation, byOthers);
            });
            if (room === shownRoom()) navigation.showWanted();
        },
        onTyping: (room, from) => from !== visit.name && typing.received(room, from),
        onGap(gap) {
            screen.update(gap.room, (conversation) => conversation.gap(gap));
            if (gap.room === shownRoom()) navigation.showWanted();
        },
        onPresence(event) {
            if (event.event !== 'refresh')
                screen.update(event.room, (conversation) => conversation.receivePresence(event, visit.name));
            else if (event.room === shownRoom()) watch.refreshPresent();
        },
    },
});

const status = mountStatus(
    { light: $('connection-status'), notice: $('notice'), liveRegion: $('live-region') },
    { onAction: () => subscription.retry() },
);
const writing = createWriting({
    visit,
    site,
    storage,
    prefix,
    joinedRooms,
    announce: status.announce,
    onChange: (room) => screen.draw(room),
    onTyping: (room) => screen.drawTyping(room),
    onSent: () => list.follow(),
    onUp: () => list.focusNewest(),
    onName: (name) => userSettings.setName(name),
});
const { composer, outgoing, sender, outbox, typing } = writing;

// Messages

async function copy(what, text) {
    if (await copyText(text)) status.announce(`${what} copied`, { isShown: true });
    else prompt('Copy it from here:', text); // the browser allows no more
}
const actions = mountMessageActions($('actions'), {
    onReply(entry) {
        outgoing.reply(entry);
        composer.focus();
    },
    onReact: outgoing.react,
    onPick: (entry, anchor) => writing.pickEmoji(anchor, (chosen) => outgoing.react(entry, chosen), 'Reaction'),
    onCopyText: ({ data }) => copy('Text', textOf(data)),
    onCopyLink: ({ id }) => copy('Link', `${location.origin}${site.roomUrl(shownRoom())}#${id}`),
});
const list = mountMessageList(
    { log: $('log'), list: $('messages'), jump: $('jump') },
    {
        name: () => visit.name,
        onRetry: outgoing.retry,
        onDiscard: outgoing.discard,
        onTakeBack: outgoing.takeBack,
        onActions: (entry, anchor) => actions.open(anchor, entry),
        onReact: outgoing.react,
        onGo: (id) => navigation.showMessage(id),
    },
);
const historyButton = mountHistoryButton(
    { container: $('older-messages'), log: $('log') },
    { onMore: () => historyLoader.loadOlder(visit.shown) },
);

// Around them

const panel = mountRoomPanel($('rooms'), {
    roomUrl: site.roomUrl,
    onOpen: () => watch.refresh(),
    onGo: (room) => navigation.go(room),
    onLeave: (room) => navigation.leave(room),
    onFilter(part) {
        offer.filter = part;
        watch.refreshSoon();
        screen.drawOutside();
    },
});
const people = mountPeople({ panel: $('people'), count: $('present-count') }, { onOpen: () => watch.refreshPresent() });
const transportMenu = mountTransportMenu($('connection'), {
    chosen: visit.transport,
    onChoose: (chosen) => userSettings.setTransport(chosen),
});
openAtButton($('connection'), $('connection-status'));
const searchDialog = mountSearchDialog($('search'), {
    history: site.history,
    onGo: (id) => navigation.showMessage(id),
});
const search = () => visit.shown && searchDialog.open(shownRoom());
const switcher = mountRoomSwitcher($('switcher'), {
    rooms: (part) => offer.matching(part),
    onGo: (room) => navigation.go(room),
});
const shortcuts = mountShortcuts($('shortcuts'), {
    onStep: (by) => navigation.step(by),
    onSwitch: switcher.open,
    onSearch: search,
});
const notifySettings = createNotifySettings(storage);
const notifier = mountNotifier(document.querySelector('link[rel=icon]'), {
    onOpen: (room, id) => navigation.goTo(room, id),
});
const notifications = createNotifications({
    settings: notifySettings,
    notify: notifier.notify,
    name: () => visit.name,
});
mountMenu(
    { panel: $('menu'), button: $('open-menu') },
    {
        actions: { search, switch: switcher.open, shortcuts: shortcuts.show },
        settings: notifySettings,
        notifier,
        room: shownRoom,
        theme: theme.get,
        setTheme: theme.set,
    },
);

// All together

const screen = createScreen({
    visit,
    joinedRooms,
    offer,
    catchUp,
    typing,
    list,
    historyButton,
    panel,
    people,
    typingLine: mountTypingLine($('typing')),
    notifier,
    openRooms: $('open-rooms'),
    ownName: $('own-name'),
});
const navigation = createNavigation({
    visit,
    site,
    joinedRooms,
    historyLoader,
    subscription,
    screen,
    list,
    composer,
    outgoing,
    status,
    title: $('title'),
    field: $('text'),
    onEnter: () => visit.isLive && watch.refreshPresent(),
    onLeave: sender.remove,
});
const userSettings = createUserSettings({
    visit,
    storage,
    prefix,
    site,
    joinedRooms,
    subscription,
    screen,
    transportMenu,
    theme,
    onRoomsRemoved: (rooms) => rooms.forEach(sender.remove),
});

$('own-name').addEventListener('click', writing.askName);
document.addEventListener('visibilitychange', screen.attentionChanged);
addEventListener('focus', screen.attentionChanged);
addEventListener('blur', screen.attentionChanged);
addEventListener('pagehide', () => {
    screen.save();
    writing.save();
});
addEventListener('beforeunload', (event) => {
    // What waits to be sent is kept, where the browser keeps anything.
    const lost = { failed: outbox.isKept };
    if (joinedRooms.conversations.some(({ timeline }) => timeline.hasUnsent(lost))) event.preventDefault();
});

screen.drawName();
watch.refreshSoon();
setInterval(outbox.takeOver, TAKE_OVER_INTERVAL);
const room = site.roomFromPath(location.pathname);
if (room) {
    navigation.enter(room);
    navigation.focusComposer();
} else {
    $('title').textContent = 'No room here';
    status.show({
        state: 'failed',
        error: new AnteroomError('This address does not name a room. Choose one from the list.'),
    });
    screen.drawOutside();
}
