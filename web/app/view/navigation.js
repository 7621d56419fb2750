// From room to room, and to a message in a room: by links, keys, the browser's history and addresses with `#id`.

import { isAfter } from '../../client/cursor.js';
import { adjacentRoom } from '../model/room-list.js';
import { LOBBY } from '../model/room.js';
import { visibleText } from '../model/visible-text.js';
import { isId, typingRoom } from '../model/vocabulary.js';

/**
 * @param {object} options
 *   visit: what is common to the parts of the page (page.js)
 *   site, joinedRooms, historyLoader, subscription: models
 *   screen, list, composer, outgoing, status: views
 *   title, field: the elements that name the room
 *   onEnter(): a room is shown; onLeave(room)
 */
export function createNavigation({ visit, site, joinedRooms, historyLoader, subscription, title, field, ...others }) {
    const { screen, list, composer, outgoing, status, onEnter, onLeave } = others;
    let wanted = idInAddress(); // the message to show once its room is loaded

    /** Shows a room; it is joined if need be. */
    function enter(room) {
        const { added, removed } = joinedRooms.join(room);
        visit.shown = joinedRooms.get(room);
        visit.isLed = false;
        list.clear();
        outgoing.entered();
        title.textContent = visibleText(room);
        field.placeholder = `Message ${visibleText(room)}`;
        for (const left of removed) onLeave(left);
        subscription.change({ added, removed });
        subscription.watchTyping(typingRoom(room));
        screen.drawTyping(room);
        screen.markRead();
        screen.draw(room, { quiet: true });
        loadShown();
        onEnter();
    }

    function go(room) {
        if (room === visit.shown?.room) return composer.focus();
        history.pushState(null, '', site.roomUrl(room));
        wanted = undefined;
        enter(room);
        status.announce(`Room ${visibleText(room)}`);
        return focusComposer();
    }

    function leave(room) {
        const { rooms } = joinedRooms;
        if (room === visit.shown?.room) {
            const next = rooms.length > 1 ? adjacentRoom(rooms, room, 1) : LOBBY;
            if (next === room) return; // one room is always shown
            go(next);
        }
        joinedRooms.leave(room);
        onLeave(room);
        outgoing.left(room);
        subscription.change({ added: [], removed: [room] });
        screen.drawOutside();
    }

    /** Shows a message of the room; it is loaded first if need be. */
    async function showMessage(id) {
        const conversation = visit.shown;
        history.replaceState(null, '', `#${id}`);
        visit.isLed = true;
        if (list.go(id)) return;
        visit.seeking += 1;
        const isElsewhere = () => conversation !== visit.shown;
        const isLoaded = await historyLoader.loadUpTo(conversation, id, () => isElsewhere() || screen.isFull());
        visit.seeking -= 1;
        if (isElsewhere() || (isLoaded && list.go(id))) return;
        status.announce(whyNot(conversation.history), { isShown: true });
    }

    /** Shows the message of the address, once there is everything up to it. */
    function showWanted() {
        const { shown } = visit;
        if (!wanted || !shown?.history.isLoaded || isAfter(wanted, shown.cursor)) return;
        const id = wanted;
        wanted = undefined;
        showMessage(id);
    }

    /** Loads what the shown room begins with, if that is still to be done. */
    function loadShown() {
        if (visit.shown) historyLoader.loadContext(visit.shown).then(showWanted);
    }

    function focusComposer() {
        if (matchMedia('(hover: hover)').matches) composer.focus();
    }

    addEventListener('popstate', () => {
        const room = site.roomFromPath(location.pathname);
        wanted = idInAddress();
        if (room && room === visit.shown?.room) showWanted();
        else if (room) enter(room);
        else location.reload();
    });

    return {
        enter,
        go,
        leave,
        loadShown,
        showMessage,
        showWanted,
        focusComposer,
        /** The next room, or the one before. */
        step: (by) => visit.shown && go(adjacentRoom(joinedRooms.rooms, visit.shown.room, by)),
        /** Goes to a message of any room. */
        goTo(room, id) {
            go(room);
            wanted = id;
            showWanted();
        },
    };
}

/** `#text` is the link to the composer. */
function idInAddress() {
    const id = location.hash.slice(1);
    return isId(id) ? id : undefined;
}

function whyNot({ problem, more }) {
    if (problem) return problem;
    return more ? 'The message is further up than this page shows.' : 'The message is not kept any more.';
}
