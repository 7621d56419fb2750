// What messages look like: whatever people write is text; links work; JSON and code are readable.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageFixture } from './fixture.mjs';
import { publish } from './server.mjs';

const here = pageFixture();

test('markup is text, in messages, names and rooms', async () => {
    const room = '<img src=x onerror=alert(1)>';
    const name = '<b onclick=alert(1)>Eve</b>';
    const ann = await here.enter({ name, room });
    const dialogs = [];
    ann.page.on('dialog', (dialog) => dialogs.push(dialog.message()) && dialog.dismiss());
    const attacks = [
        '<script>alert(1)</script>',
        '<img src=x onerror=alert(1)>',
        '</li></ol><h1>owned</h1>',
        '&lt;i&gt; &amp; &#x3c;b&#x3e;',
        '[text](javascript:alert(1))',
        'javascript:alert(1)',
    ];
    for (const attack of attacks) {
        await ann.say(attack);
        await ann.sees(attack);
    }
    await publish(here.server, room, { html: '<script>alert(1)</script>' }, '<script>alert(1)</script>');
    await ann.page.locator('.message pre').waitFor();
    assert.deepEqual((await ann.texts()).slice(0, -1), attacks);
    assert.equal(await ann.page.locator('#messages :is(script, img, h1, b, i, a)').count(), 0);
    assert.equal(await ann.page.locator('.message .author').first().innerText(), name);
    assert.equal(await ann.page.locator('h1').innerText(), room);
    assert.deepEqual(dialogs, []);
});

test('links lead where they say, and give nothing away', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'links' });
    const target = `${here.server.url}/room/linked?a=1&b=2#c`;
    await ann.say(`see (${target}), or http://example.invalid/`);
    await ann.page.getByRole('link', { name: target }).waitFor();
    const link = ann.page.getByRole('link', { name: target, exact: true });
    assert.equal(await link.getAttribute('href'), target);
    assert.match(await link.getAttribute('rel'), /\bnoopener\b/);
    const [opened] = await Promise.all([ann.profile.waitForEvent('page'), link.click()]);
    await opened.waitForURL(target);
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.equal(await opened.evaluate(() => document.referrer), '');
    await ann.page.getByRole('link', { name: 'http://example.invalid/', exact: true }).waitFor();
});

test('JSON values and code are readable, names are not needed', async () => {
    const ann = await here.enter({ name: 'Ann', room: 'values' });
    await publish(here.server, 'values', { a: [1, null], b: 'x' });
    await publish(here.server, 'values', 42, 'Bo');
    await publish(here.server, 'values', 'look:\n```js\nif (a < b)\n    go();\n```\nand `inline`', 'Bo');
    await ann.page.locator('.message').nth(2).waitFor();
    assert.equal(
        await ann.page.locator('pre').first().innerText(),
        '{\n  "a": [\n    1,\n    null\n  ],\n  "b": "x"\n}',
    );
    assert.equal(await ann.page.locator('pre').nth(1).innerText(), 'if (a < b)\n    go();');
    assert.deepEqual(await ann.page.locator('p > code').allInnerTexts(), ['42', 'inline']);
    assert.equal(await ann.page.locator('.author').first().innerText(), 'anonymous');
});

test('messages without spaces, long names and 64 KiB stay within the page', async () => {
    for (const width of [1280, 320]) {
        const room = `wide-${width}`;
        const ann = await here.enter({ name: 'Ann', room, context: { viewport: { width, height: 640 } } });
        await publish(here.server, room, 'x'.repeat(2000), 'n'.repeat(64));
        await publish(here.server, room, `\`\`\`\n${'y'.repeat(2000)}\n\`\`\``, 'W'.repeat(64));
        await publish(here.server, room, 'a line\n'.repeat(9000), 'Bo');
        await publish(here.server, room, `https://example.invalid/${'z'.repeat(2000)}`);
        await ann.page.locator('.message').nth(3).waitFor();
        const spill = () =>
            ann.page.evaluate(() => [
                document.documentElement.scrollWidth - innerWidth,
                document.querySelector('#log').scrollWidth - document.querySelector('#log').clientWidth,
            ]);
        assert.deepEqual(await spill(), [0, 0], `at ${width}`);
        const folded = ann.page.locator('.message').nth(2);
        assert.ok((await folded.boundingBox()).height < 640);
        await folded.getByRole('button', { name: 'Show the whole message' }).click();
        assert.ok((await folded.boundingBox()).height > 50_000);
        assert.deepEqual(await spill(), [0, 0], `at ${width}, unfolded`);
    }
});

test('light and dark follow the system, and text can be read on both', async () => {
    for (const colorScheme of ['light', 'dark']) {
        const ann = await here.enter({ name: 'Ann', room: 'colours', context: { colorScheme } });
        await publish(here.server, 'colours', 'hello https://example.invalid `code`');
        await ann.page.locator('.message a').first().waitFor();
        await here.enter({ name: `Bo in the ${colorScheme}`, room: 'colours' });
        await ann.page.locator('.note').first().waitFor();
        const contrasts = await ann.page.evaluate(() => {
            const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
            function luminance(color) {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = color;
                canvas.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
                    const part = value / 255;
                    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            }
            function ground(node) {
                for (let at = node; at; at = at.parentElement) {
                    const color = getComputedStyle(at).backgroundColor;
                    if (!/, 0\)$|transparent/.test(color)) return luminance(color);
                }
                return luminance('white');
            }
            const wanted =
                '.body p, .body a, .body code, .author, .who time, h1, #connection-status .words, #own-name .words, #rooms a, .hint, .divider span, ' +
                '#rooms h2, #present-count, #connection-status .by, .note, .note bdi, #people bdi, #people h2, #people .me, #connection small';
            const result = [...document.querySelectorAll(wanted)].map((node) => {
                const [a, b] = [luminance(getComputedStyle(node).color), ground(node)];
                return {
                    what: node.className || node.tagName,
                    ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
                };
            });
            const probe = document.querySelector('.author');
            for (let hue = 0; hue < 10; hue += 1) {
                const item = probe.closest('.message');
                item.className = `message head hue-${hue}`;
                const avatar = item.querySelector('.avatar');
                const [a, b] = [luminance(getComputedStyle(probe).color), ground(probe)];
                result.push({ what: `author ${hue}`, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) });
                const [c, d] = [
                    luminance(getComputedStyle(avatar).color),
                    luminance(getComputedStyle(avatar).backgroundColor),
                ];
                result.push({ what: `avatar ${hue}`, ratio: (Math.max(c, d) + 0.05) / (Math.min(c, d) + 0.05) });
            }
            return { dark: luminance(getComputedStyle(document.querySelector('#room')).backgroundColor) < 0.2, result };
        });
        assert.equal(contrasts.dark, colorScheme === 'dark');
        assert.deepEqual(
            contrasts.result.filter(({ ratio }) => ratio < 4.5),
            [],
            colorScheme,
        );
    }
});
