// screenshot.mjs: makes docs/images/page.png, people talking at the page, with Chromium.
// ANTEROOM_SERVER is the executable, ANTEROOM_SOURCE the folder of the project.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { openBrowser } from './page.mjs';

const { ANTEROOM_SERVER: executable, ANTEROOM_SOURCE: source } = process.env;
const server = spawn(executable, ['--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(createInterface({ input: server.stdout }), 'line');
const url = /http:\S+[^/]/.exec(line)[0];

/** Publishes text, or another value as JSON. @returns {Promise<string>} the message's id */
async function say(room, as, what) {
    const json = typeof what !== 'string';
    const answer = await fetch(`${url}/room/${room}/publish?as=${as}`, {
        method: 'POST',
        headers: json ? { 'Content-Type': 'application/json' } : {},
        body: json ? JSON.stringify(what) : what,
    });
    if (answer.status !== 201) throw new Error(await answer.text());
    return (await answer.json()).id;
}
const browser = await openBrowser();
try {
    await say('hall', 'cleo', 'The parcel is here');
    await say('garden', 'dan', 'It rains');
    const profile = await browser.newContext({ viewport: { width: 1000, height: 620 } });
    await profile.addInitScript(() => localStorage.setItem('anteroom.name', JSON.stringify('ann')));
    const page = await profile.newPage();
    await page.goto(`${url}/room/kitchen`);
    await page.locator('#connection-status[data-state=live]').waitFor();
    const others = ['bob', 'cleo'].map((name) =>
        fetch(`${url}/room/kitchen/subscribe?wait=60&as=${name}`).then((answer) => answer.text()),
    );
    await say('kitchen', 'bob', 'Good morning! Who is in the kitchen?');
    const coffee = await say('kitchen', 'cleo', 'I am. The **coffee** is ready.');
    for (const name of ['ann', 'bob']) await say('kitchen', name, { type: 'reaction', to: coffee, emoji: '\u{2764}\u{FE0F}' });
    const recipe = await say('kitchen', 'bob', '@ann the recipe for the cake is at https://example.org/cake');
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.fill('I bring milk, in five minutes');
    await field.press('Enter');
    await page.locator('.message', { hasText: 'five minutes' }).waitFor();
    await say('kitchen', 'cleo', {
        type: 'reply',
        to: recipe,
        text: 'Perfect, thank you!',
        quote: { from: 'bob', text: '@ann the recipe for the cake is at https://example.org/cake' },
    });
    await page.locator('.message', { hasText: 'Perfect' }).waitFor();
    await say('kitchen:typing', 'cleo', { type: 'typing' });
    await page.getByText('cleo is typing').waitFor();
    await field.fill('There is cake, too');
    await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => {}); // a stream never is
    mkdirSync(join(source, 'docs/images'), { recursive: true });
    const path = join(source, 'docs/images/page.png');
    await page.screenshot({ path });
    console.log(path, statSync(path).size, 'bytes');
    await Promise.all(others);
} finally {
    await browser.close();
    server.kill();
}
