// Emoji by `:name:` in what the user writes. Their names are a module of its own, loaded once one of them is written.

const SHORTCODE = /:[\w+-]{2,}:/;
const PATIENCE = 2000; // ms that a message waits for the names

/**
 * @param {() => Promise<{replaceShortcodes: (text: string) => string}>} load  of the module
 * @param {{setTimeout?: Function}} [platform]  replacements for tests
 */
export function createShortcodes(load, platform = {}) {
    const set = platform.setTimeout ?? ((...timer) => globalThis.setTimeout(...timer));
    let emoji;
    let loading;
    let isGivenUp = false; // the text is sent as it is

    return {
        /** Loads the module. @returns {Promise} of it; rejected if that fails */
        load() {
            loading ??= load().then(
                (module) => (emoji = module),
                (error) => {
                    loading = undefined;
                    throw error;
                },
            );
            return loading;
        },
        /** The user has changed the text. */
        written(text) {
            isGivenUp = false;
            if (!emoji && SHORTCODE.test(text)) this.load().catch(() => {});
        },
        /** Whether the text has names that are not known yet. */
        isMissing: (text) => !emoji && !isGivenUp && SHORTCODE.test(text),
        /** Fulfilled when they are known, or after a moment. */
        async wait() {
            await Promise.race([this.load().catch(() => {}), new Promise((resolve) => set(resolve, PATIENCE))]);
            isGivenUp = !emoji;
        },
        /** The text with emoji in it. */
        replaced: (text) => emoji?.replaceShortcodes(text) ?? text,
    };
}
