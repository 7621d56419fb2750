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

async function say(room, as, text) {
    const answer = await fetch(`${url}/room/${room}/publish?as=${as}`, { method: 'POST', body: text });
    if (answer.status !== 201) throw new Error(await answer.text());
}
const browser = await openBrowser();
try {
    await say('hall', 'cleo', 'The parcel is here');
    await say('garden', 'dan', 'It rains');
    const profile = await browser.newContext({ viewport: { width: 1000, height: 560 } });
    await profile.addInitScript(() => localStorage.setItem('anteroom.name', JSON.stringify('ann')));
    const page = await profile.newPage();
    await page.goto(`${url}/room/kitchen`);
    await page.locator('#connection-status[data-state=live]').waitFor();
    const others = ['bob', 'cleo'].map((name) =>
        fetch(`${url}/room/kitchen/subscribe?wait=60&as=${name}`).then((answer) => answer.text()),
    );
    const talk = [
        ['bob', 'Good morning! Who is in the kitchen?'],
        ['cleo', 'I am. The coffee is ready.'],
        ['bob', 'And the recipe for the cake is at https://example.org/cake'],
    ];
    for (const [name, text] of talk) await say('kitchen', name, text);
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.fill('I bring milk, in five minutes');
    await field.press('Enter');
    await page.locator('.message', { hasText: 'five minutes' }).waitFor();
    await say('kitchen', 'cleo', 'Perfect, thank you!');
    await page.locator('.message', { hasText: 'Perfect' }).waitFor();
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
