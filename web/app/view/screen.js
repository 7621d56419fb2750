// What is on the screen: the shown room and everything beside it, drawn anew after each change; and what of it was read.

import { rows } from '../model/rows.js';
import { countText, tabTitle } from '../model/unread.js';
import { visibleText } from '../model/visible-text.js';

const MAX_ENTRIES = 500; // of a room in the document, while it is scrolled to the bottom
const MAX_ENTRIES_SCROLLED = 2000; // while it is not
const SAVE_DELAY = 250; // ms until read positions are stored

/**
 * @param {object} options
 *   visit: what is common to the parts of the page (page.js)
 *   joinedRooms, offer, catchUp, typing: models
 *   list, historyButton, panel, people, typingLine, notifier: views
 *   openRooms, ownName: buttons of the header
 */
export function createScreen({ visit, joinedRooms, offer, catchUp, typing, openRooms, ownName, ...views }) {
    const { list, historyButton, panel, people, typingLine, notifier } = views;
    let revealNext = false; // the next draw() scrolls to the line above new messages
    let saveTimer;
    let wasActive = false; // the user looked at the page

    const isFull = () => visit.shown.timeline.entries.length >= MAX_ENTRIES_SCROLLED;

    /**
     * Draws a room after a change.
     * @param {{quiet?: boolean, anew?: boolean}} [how]  quiet: screen readers are not to announce it; anew: all messages
     */
    function draw(room, how = {}) {
        const conversation = joinedRooms.get(room);
        const { shown } = visit;
        const mayGrow = conversation === shown && (!list.following || visit.seeking > 0);
        conversation?.trim(mayGrow ? MAX_ENTRIES_SCROLLED : MAX_ENTRIES);
        if (shown && conversation === shown) {
            const { timeline, unread, reactions, history, oldestRead } = shown;
            const { entries, oldest } = timeline;
            list.show(rows(entries, { newSince: unread.since, missed: unread.missed, reactions }), how);
            if (revealNext && !visit.isLed) list.reveal();
            revealNext = false;
            const isEmpty = !history.more && !entries.some(({ kind }) => kind !== 'note');
            historyButton.show(history, { oldest, isEmpty, isFull: isFull(), hasStart: oldestRead !== undefined });
        }
        drawOutside();
    }

    const isActive = () => document.visibilityState === 'visible' && document.hasFocus();

    /** Draws everything outside of the conversation. */
    function drawOutside() {
        const { shown } = visit;
        document.title = tabTitle(visibleText(shown?.room ?? 'no room'), joinedRooms.unread);
        notifier.count(joinedRooms.unread);
        const elsewhere = joinedRooms.unread - (shown?.unread.count ?? 0);
        openRooms.dataset.unread = elsewhere > 0 ? countText(elsewhere) : '';
        openRooms.setAttribute('aria-label', elsewhere > 0 ? `Rooms, ${elsewhere} unread` : 'Rooms');
        panel.show(offer.choices());
        if (shown) people.show(shown.present, visit);
    }

    function drawName() {
        const { name } = visit;
        ownName.querySelector('.words').textContent = name ? visibleText(name) : 'Your name';
        const label = name ? `Your name: ${visibleText(name)}. Change it` : 'Choose a name';
        ownName.setAttribute('aria-label', label);
    }

    function drawTyping(room) {
        if (room === visit.shown?.room) typingLine.show(typing.names(room));
    }

    /** Messages in the room that the user looks at are read; those of before the page has caught up are not yet. */
    function markRead() {
        for (const conversation of joinedRooms.conversations) {
            const isShown = conversation === visit.shown;
            const seen = isActive() && isShown && (catchUp.done || !conversation.wasReadBefore);
            revealNext = conversation.unread.setActive(seen) || revealNext;
            if (seen && joinedRooms.markRead(conversation)) saveTimer ??= setTimeout(save, SAVE_DELAY);
        }
    }

    /** Stores what was read. */
    function save() {
        clearTimeout(saveTimer);
        saveTimer = undefined;
        joinedRooms.save();
    }

    return {
        draw,
        drawOutside,
        drawName,
        drawTyping,
        markRead,
        save,
        /** The page shows no older messages than it does. */
        isFull,
        /** Applies a change to a room by the subscription. */
        update(room, change) {
            const conversation = joinedRooms.get(room);
            if (!conversation) return; // just left
            const isNew = conversation.history.isLoaded && (catchUp.done || !conversation.wasReadBefore); // since this visit began
            change(conversation);
            catchUp.received();
            markRead();
            draw(room, { quiet: !isNew });
        },
        /** The user looks at the page, or away; or what is unread has changed. */
        attentionChanged() {
            if (wasActive && !isActive()) visit.isLed = false;
            wasActive = isActive();
            markRead();
            draw(visit.shown?.room);
        },
    };
}
