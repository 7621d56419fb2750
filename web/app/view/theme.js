// Light or dark colours: the user's choice, or the system's.

const THEMES = ['system', 'light', 'dark'];
const KEY = 'theme'; // in storage

/** @param {{get: Function, set: Function}} storage */
export function createTheme(storage) {
    const stored = () => (THEMES.includes(storage.get(KEY)) ? storage.get(KEY) : 'system');
    function apply() {
        const theme = stored();
        document.documentElement.dataset.theme = theme;
        for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
            meta.dataset.media ??= meta.media;
            if (theme === 'system') meta.media = meta.dataset.media;
            else meta.media = meta.dataset.media.includes(theme) ? 'all' : 'not all';
        }
    }
    apply();
    return {
        get: stored,
        set(theme) {
            storage.set(KEY, theme);
            apply();
        },
        /** Another tab has chosen. */
        apply,
    };
}
