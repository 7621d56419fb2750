// Desktop notifications with a sound, once for all tabs of the browser; the tab's icon, and the number on the app's icon.

const TONES = [
    [660, 0],
    [880, 0.12],
]; // Hz, and s from the begin

const CLAIM = 10_000; // ms in which other tabs report the same message, also those whose timers are late

/** Whether this tab is the first to do something. */
function isFirst(name) {
    return new Promise((resolve) => {
        const hold = () => new Promise((done) => setTimeout(done, CLAIM));
        const claim = async () =>
            navigator.locks.request(`anteroom ${name}`, { ifAvailable: true }, (lock) => {
                resolve(lock !== null);
                return lock && hold();
            });
        claim().catch(() => resolve(true)); // no locks here: the browser shows one of the same tag once
    });
}

/**
 * @param {HTMLLinkElement} icon  of the tab; beside it is another one, for unread messages
 * @param {{onOpen(room: string, id: string): void}} options  onOpen: a notification was clicked
 */
export function mountNotifier(icon, { onOpen }) {
    const usual = icon.href;
    icon.href = usual; // whole: the page's own address changes
    const unreadIcon = usual.replace(/icon(?=[^/]*$)/, 'icon-unread');
    const isPossible = 'Notification' in globalThis;
    let audio;
    let counted;

    // Before the user has done something here, sounds would wait, and be heard together later.
    const canPlay = () => navigator.userActivation?.hasBeenActive !== false;

    function play() {
        audio ??= new AudioContext();
        for (const [frequency, delay] of TONES) {
            const tone = new OscillatorNode(audio, { frequency });
            const volume = new GainNode(audio, { gain: 0 });
            const start = audio.currentTime + delay;
            volume.gain.setTargetAtTime(0.15, start, 0.01);
            volume.gain.setTargetAtTime(0, start + 0.08, 0.05);
            tone.connect(volume).connect(audio.destination);
            tone.start(start);
            tone.stop(start + 0.5);
        }
    }

    function show({ room, id, title, text, tag }) {
        try {
            const note = new Notification(title, { body: text, tag, icon: usual, silent: true });
            note.addEventListener('click', () => {
                window.focus();
                note.close();
                onOpen(room, id);
            });
        } catch {
            // phones show notifications of service workers only
        }
    }

    return {
        get permission() {
            return isPossible ? Notification.permission : 'denied';
        },
        /** Asks the user, once. @returns {Promise<string>} 'granted', 'denied' or 'default' */
        request: async () => (isPossible ? Notification.requestPermission() : 'denied'),
        async notify({ room, id, title, text, hasSound }) {
            if (!isPossible || Notification.permission !== 'granted') return;
            const tag = `${room} ${id}`;
            if (await isFirst(`notification ${tag}`)) show({ room, id, title, text, tag });
            if (hasSound && canPlay() && (await isFirst(`sound ${tag}`))) play();
        },
        /** How many messages are unread. */
        count(unread) {
            if (unread === counted) return;
            counted = unread;
            icon.href = unread > 0 ? unreadIcon : usual;
            const badge = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
            badge?.catch(() => {}); // not installed
        },
    };
}
