// Desktop notifications with a sound, the tab's icon, and the number on the app's icon.

const TONES = [
    [660, 0],
    [880, 0.12],
]; // Hz, and s from the begin

/**
 * @param {HTMLLinkElement} icon  of the tab
 * @param {{icon: string, unreadIcon: string, onOpen(room: string, id: string): void}} options
 */
export function mountNotifier(icon, { icon: usual, unreadIcon, onOpen }) {
    const isPossible = 'Notification' in globalThis;
    let audio;

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

    return {
        get permission() {
            return isPossible ? Notification.permission : 'denied';
        },
        /** Asks the user, once. @returns {Promise<string>} 'granted', 'denied' or 'default' */
        request: async () => (isPossible ? Notification.requestPermission() : 'denied'),
        /** All tabs of a browser may report the same message: it is shown once. */
        notify({ room, id, title, text, hasSound }) {
            if (!isPossible || Notification.permission !== 'granted') return;
            try {
                const note = new Notification(title, { body: text, tag: `${room} ${id}`, icon: usual, silent: true });
                note.addEventListener('click', () => {
                    window.focus();
                    note.close();
                    onOpen(room, id);
                });
            } catch {
                return; // phones show notifications of service workers only
            }
            if (hasSound) play();
        },
        /** How many messages are unread. */
        count(unread) {
            const href = unread > 0 ? unreadIcon : usual;
            if (icon.href !== href) icon.href = href;
            const badge = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
            badge?.catch(() => {}); // not installed
        },
    };
}
