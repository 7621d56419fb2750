// What the user writes, and all that helps: the composer with its suggestions and emoji, the name that is asked for first, drafts,
// and the outbox.

import { environment, randomKey } from '../../client/platform.js';
import { createDrafts } from '../model/drafts.js';
import { createMessageSender } from '../model/message-sender.js';
import { openOutboxStorage } from '../model/outbox-storage.js';
import { createRecentEmoji } from '../model/recent-emoji.js';
import { createShortcodes } from '../model/shortcodes.js';
import { createStorage } from '../model/storage.js';
import { createTyping } from '../model/typing.js';
import { typing as typingMessage, typingRoom } from '../model/vocabulary.js';
import { mountComposer } from './composer.js';
import { mountEmojiPicker } from './emoji-picker.js';
import { mountNameDialog } from './name-dialog.js';
import { createOutgoing } from './outgoing.js';
import { insertText } from './replace-text.js';
import { mountSuggestions } from './suggestions.js';

const $ = (id) => document.getElementById(id);

/**
 * @param {object} options
 *   visit: what is common to the parts of the page (page.js)
 *   site, storage, joinedRooms: models
 *   announce: of the status
 *   onChange(room), onTyping(room): what is sent, or who is typing, has changed
 *   onSent(): something was written; onUp(): the arrow key in an empty field
 *   onName(name): the user has chosen a name
 */
export function createWriting({ visit, site, storage, prefix, joinedRooms, announce, ...events }) {
    const { onChange, onTyping, onSent, onUp, onName } = events;
    let whenNamed; // what to do once a name was chosen

    const composer = mountComposer($('composer'), {
        onSend: (text) => outgoing.send(text),
        onInput: (text) => outgoing.input(text),
        onUp,
        onEscape: () => outgoing.reply(undefined),
    });
    const nameDialog = mountNameDialog($('name'), {
        onName(name) {
            onName(name);
            whenNamed?.();
        },
        onClosed() {
            whenNamed = undefined;
            composer.focus();
        },
    });
    const sender = createMessageSender({ onChange, announce, onWaiting: (messages) => outbox.save(messages) }, site);
    const outbox = openOutboxStorage({
        storage,
        session: createStorage(() => sessionStorage, prefix),
        locks: environment({}).locks,
        randomKey,
        onFound: (messages) => sender.restore(messages, (room) => joinedRooms.get(room)),
    });
    const typing = createTyping({
        send(room) {
            const message = { room: typingRoom(room), as: visit.name, data: typingMessage() };
            site.publish({ ...message, attempts: 1 }).catch(() => {});
        },
        onChange: onTyping,
    });
    const shortcodes = createShortcodes(() => import('../model/emoji.js'));
    const drafts = createDrafts(storage);
    const outgoing = createOutgoing({
        composer,
        drafts,
        sender,
        typing,
        shortcodes,
        shown: () => visit.shown,
        name: () => visit.name,
        publish: site.publish,
        askName(then) {
            whenNamed = then;
            nameDialog.ask();
        },
        onSent,
        onChange,
        announce,
    });
    const recentEmoji = createRecentEmoji(storage);
    const picker = mountEmojiPicker($('open-emoji'), $('emoji-picker'), {
        recent: recentEmoji.list,
        onPick: (chosen) => insertText($('text'), recentEmoji.add(chosen)),
    });
    mountSuggestions($('text'), $('suggestions'), {
        namesHere: () => visit.shown?.present.names.filter((one) => one !== visit.name) ?? [],
        loadEmoji: () => shortcodes.load(),
    });

    return {
        composer,
        outgoing,
        sender,
        outbox,
        typing,
        askName: () => nameDialog.ask(visit.name),
        /** Opens the panel of emoji beside a button. */
        pickEmoji: (anchor, onPick, label) => picker.open(anchor, (chosen) => onPick(recentEmoji.add(chosen)), label),
        /** Stores what is written now. */
        save: drafts.save,
    };
}
