import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createSite } from '../../../../web/app/model/site.js';

const places = [
    ['/', ''],
    ['/chat/', '/chat'],
    ['/a b/c/', '/a b/c'],
];

test('rooms have addresses below the root, and back', () => {
    for (const [root, base] of places) {
        const site = createSite(root);
        for (const room of ['lobby', 'a b', 'ü?#', '100%']) {
            assert.equal(site.roomUrl(room), `${base}/room/${encodeURIComponent(room)}`);
            assert.equal(site.roomFromPath(site.roomUrl(room)), room);
        }
        assert.equal(site.roomFromPath(root), 'lobby');
        for (const path of ['/elsewhere', `${base}/room/`, `${base}/room/a/b`, `${base}/rooms`, '/other/room/a'])
            assert.equal(site.roomFromPath(path), undefined, `${path} of ${root}`);
    }
    assert.equal(createSite('/chat/').roomFromPath('/room/a'), undefined, 'outside of it');
});

test('every call goes to the server below the root', async () => {
    for (const [root, base] of places) {
        const site = createSite(root);
        const asked = [];
        const answer = { id: 'e-1', messages: [], next: 'e-1', rooms: [], present: [] };
        const fetch = async (url) => (asked.push(url.split('?')[0]), Response.json(answer));
        await site.publish({ room: 'a', data: 'x', fetch });
        await site.history({ room: 'a', fetch });
        await site.presence({ room: 'a', fetch });
        await site.rooms({ fetch });
        assert.deepEqual(asked, [
            `${base}/room/a/publish`,
            `${base}/room/a/messages`,
            `${base}/room/a/presence`,
            `${base}/rooms`,
        ]);
        const first = new Promise((resolve) => {
            const handle = site.subscribe({
                room: 'a',
                transport: 'poll',
                fetch: (url) => (resolve(url), new Promise(() => {})),
                setTimeout: () => 0,
                clearTimeout() {},
            });
            Promise.resolve().then(() => setImmediate(() => handle.close()));
        });
        assert.equal((await first).split('?')[0], `${base}/room/a/subscribe`);
    }
});
