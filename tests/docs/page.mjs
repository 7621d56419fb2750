// Pages as somebody opens them, in Chromium.

import { existsSync } from 'node:fs';

const FLAGS =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
    '--disable-component-update --disable-sync --ignore-certificate-errors';

export async function openBrowser(flags = []) {
    const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
    const executablePath = places.find((place) => place && existsSync(place));
    if (!executablePath) throw new Error('no Chromium: install it, or name it with CHROMIUM');
    const { chromium } = await import('playwright-core');
    return chromium.launch({ executablePath, args: [...FLAGS.split(' '), ...flags] });
}

/** Opens a page, which has to load and to run without errors, and stays open. */
export async function openPage(browser, url) {
    const page = await (await browser.newContext()).newPage();
    const opened = {
        errors: [],
        printed: '', // by its console
        get output() {
            return [opened.shown ?? opened.printed, ...opened.errors].join('\n');
        },
        /** Whether it shows a text or, where something was typed into its console, prints it there. */
        async has(text) {
            if (!opened.isConsole) opened.shown = await page.locator('body').innerText();
            return opened.output.includes(text);
        },
        /** Runs a script in its console. */
        async type(script) {
            opened.isConsole = true;
            await page.evaluate(`(async () => {${script}\n})()`);
        },
    };
    page.on('pageerror', (error) => opened.errors.push(error.message));
    page.on('console', (line) => {
        if (line.location().url.endsWith('/favicon.ico')) return; // a page need not have one
        if (line.type() === 'error') opened.errors.push(line.text());
        else opened.printed += line.text() + '\n';
    });
    await page.goto(url);
    return opened;
}
