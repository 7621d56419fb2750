// The user's name and transport, for all tabs of the browser; and what other tabs have changed.

import { storedName } from '../model/display-name.js';
import { storedTransport } from '../model/status-text.js';
import { watchStorage } from '../model/storage.js';
import { renamed } from '../model/vocabulary.js';

/**
 * @param {object} options
 *   visit: what is common to the parts of the page (page.js)
 *   storage, site, joinedRooms, subscription: models; prefix: of the keys in storage
 *   screen, transportMenu, theme: views
 *   onRoomsRemoved(rooms): another tab has left them
 */
export function createUserSettings({ visit, storage, prefix, site, joinedRooms, subscription, ...others }) {
    const { screen, transportMenu, theme, onRoomsRemoved } = others;

    function nameChanged() {
        screen.drawName();
        screen.draw(visit.shown?.room, { quiet: true, anew: true }); // who is mentioned has changed
    }

    /** Publishes the new name where others are. */
    async function announceName(before) {
        const hasOthers = ({ present }) => present.names.some((one) => one !== before && one !== visit.name);
        const rooms = joinedRooms.conversations.filter(hasOthers).map(({ room }) => room);
        if (!before || rooms.length === 0 || !visit.isLive) return;
        await site.publish({ rooms, as: visit.name, data: renamed(before), attempts: 1 }).catch(() => {});
    }

    watchStorage(window, (key) => {
        const { added, removed, changed } = joinedRooms.storageChanged(key, visit.shown?.room);
        onRoomsRemoved(removed);
        if (visit.shown && added.length + removed.length > 0) subscription.change({ added, removed });
        if (changed) screen.attentionChanged();
        if (key === 'theme') theme.apply();
        if (key === 'transport') transportMenu.choose((visit.transport = storedTransport(storage.get('transport'))));
        const name = storedName(storage.get('name'));
        if (key !== 'name' || name === visit.name) return;
        visit.name = name;
        nameChanged();
        if (visit.shown) subscription.start();
    }, prefix);

    return {
        setName(chosen) {
            const before = visit.name;
            visit.name = chosen;
            storage.set('name', chosen);
            if (chosen === before) return;
            nameChanged();
            if (visit.shown) announceName(before).then(subscription.start); // then present under the new name
        },
        setTransport(chosen) {
            visit.transport = chosen;
            storage.set('transport', chosen);
            subscription.setTransport(chosen);
        },
    };
}
