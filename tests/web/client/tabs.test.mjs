// One connection for all tabs: who leads, what the others get, and what happens when one goes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subscribe } from '../../../web/client/anteroom.js';
import { fakeBrowser } from '../browser.mjs';
import { fakeClock, seeded, settled } from '../fakes.mjs';
import { fakeInternet, fakeServer, witness } from '../server.mjs';

/** A browser whose tabs subscribe with `open(options)`. */
function desk({ chance = () => 0.5, faults, kept } = {}) {
    const clock = fakeClock();
    const server = fakeServer(clock, { kept });
    const internet = fakeInternet(server, clock, chance, faults);
    const browser = fakeBrowser(clock, chance);
    function open(options = {}) {
        const tab = browser.open(internet);
        const seen = witness();
        const states = [];
        const texts = [];
        const handle = subscribe({
            room: 'lobby',
            random: chance,
            ...tab.env,
            onHistory: (history) => seen.onHistory(history),
            onMessages(messages) {
                seen.onMessages(messages);
                texts.push(...messages.map(({ id }) => id));
            },
            onGap: seen.onGap,
            onState: (state) => states.push(state),
            ...options,
        });
        return { tab, seen, states, texts, handle };
    }
    return { clock, server, open };
}

const streams = (server) => server.requests.filter(({ headers }) => headers.Accept === 'text/event-stream').length;

test('ten tabs share one connection, and each gets every message', async () => {
    const { clock, server, open } = desk();
    const tabs = [];
    for (let count = 0; count < 10; count += 1) {
        tabs.push(open());
        await clock.advance(50);
    }
    assert.equal(server.hanging(), 1);
    server.publish('lobby');
    server.publish('lobby');
    await clock.advance(50);
    for (const { texts } of tabs) assert.deepEqual(texts, ['e1-1', 'e1-2']);
    assert.deepEqual(
        tabs.map(({ handle }) => [handle.state.state, handle.state.transport, handle.state.leads]),
        tabs.map((_, index) => ['live', 'sse', index === 0]),
    );
    assert.equal(streams(server), 1);
    assert.equal(server.requests.length, 11, 'each tab asks where it begins, and nothing else');
    for (const { tab } of tabs) tab.say('online');
    await clock.advance(50);
    assert.equal(streams(server), 2, 'the network is back once, whoever tells');
    for (const { handle } of tabs) handle.close();
    await clock.advance(1000);
    assert.equal(server.hanging(), 0);
    assert.deepEqual(clock.pending, []);
});

for (const way of ['close', 'crash', 'pagehide']) {
    test(`when the leader goes (${way}) another takes over at once, and goes on`, async () => {
        const { clock, server, open } = desk();
        const tabs = [open(), open(), open()];
        await clock.advance(100);
        server.publish('lobby');
        await clock.advance(100);
        const [leader, ...others] = tabs;
        assert.equal(leader.handle.state.leads, true);
        if (way === 'close') leader.handle.close();
        else if (way === 'crash') leader.tab.crash();
        else leader.tab.say('pagehide');
        server.publish('lobby');
        await clock.advance(100);
        assert.equal(server.hanging(), 1);
        for (const { texts, seen } of others) {
            assert.deepEqual(texts, ['e1-1', 'e1-2']);
            assert.deepEqual(seen.problems, []);
        }
        assert.deepEqual(others.map(({ handle }) => handle.state.leads).sort(), [false, true]);
        if (way !== 'pagehide') return;
        leader.tab.say('pageshow');
        await clock.advance(100);
        assert.deepEqual(leader.texts, ['e1-1', 'e1-2']);
        assert.equal(leader.handle.state.leads, false);
        assert.equal(server.hanging(), 1);
    });
}

test('the connection follows the rooms of all tabs, and no more when they go', async () => {
    const { clock, server, open } = desk();
    const a = open({ room: 'a' });
    const b = open({ rooms: ['b', 'c'] });
    await clock.advance(100);
    assert.equal(server.hanging(), 1);
    const followed = () => [...server.asked(server.requests.at(-1).url, server.requests.at(-1).headers).places.keys()];
    assert.deepEqual(followed(), ['a', 'b', 'c']);
    for (const room of ['a', 'b', 'c']) server.publish(room);
    await clock.advance(100);
    assert.deepEqual([a.texts.length, b.texts.length], [1, 2]);
    b.handle.remove('c');
    await clock.advance(100);
    assert.deepEqual(followed(), ['a', 'b']);
    b.tab.crash();
    await clock.advance(180_000);
    assert.deepEqual(followed(), ['a'], 'a tab that says nothing any more is forgotten');
    b.handle.close();
    a.handle.close();
});

test('a tab whose cursor is behind catches up by itself, with the gap counted from its own place', async () => {
    const { clock, server, open } = desk({ kept: 5 });
    const first = open();
    await clock.advance(100);
    for (let count = 0; count < 20; count += 1) server.publish('lobby');
    await clock.advance(100);
    const behind = open({ after: 'e1-3' });
    await clock.advance(100);
    assert.equal(streams(server), 1);
    assert.equal(server.hanging(), 1);
    assert.deepEqual(behind.texts, ['e1-16', 'e1-17', 'e1-18', 'e1-19', 'e1-20']);
    assert.equal(behind.seen.rooms.get('lobby').missed, 12);
    server.publish('lobby');
    await clock.advance(100);
    assert.equal(behind.texts.at(-1), 'e1-21');
    assert.deepEqual(behind.seen.problems, []);
    assert.equal(first.seen.rooms.get('lobby').missed, 15);
    behind.handle.close();
    first.handle.close();
});

test('a gap reaches every tab that it concerns', async () => {
    const { clock, server, open } = desk();
    const gaps = [];
    const tabs = ['a', 'b'].map((room) => open({ room, onGap: (gap) => gaps.push([room, gap.reason, gap.room]) }));
    const second = open({ room: 'b', onGap: (gap) => gaps.push(['second', gap.reason, gap.room]) });
    await clock.advance(100);
    for (const room of ['a', 'b']) server.publish(room);
    await clock.advance(100);
    server.restart();
    await clock.advance(5000);
    assert.deepEqual(gaps.sort(), [
        ['a', 'restarted', 'a'],
        ['b', 'restarted', 'b'],
        ['second', 'restarted', 'b'],
    ]);
    for (const { handle } of [...tabs, second]) handle.close();
});

test('a leader that answers no more loses the lead, and follows when it is back', async () => {
    const { clock, server, open } = desk();
    const [leader, other] = [open(), open()];
    await clock.advance(100);
    leader.tab.freeze();
    const cut = [...server.cuts];
    cut.forEach((end) => end(new TypeError('the network of a frozen tab')));
    server.publish('lobby');
    await clock.advance(40_000);
    assert.deepEqual(other.texts, ['e1-1']);
    assert.equal(other.handle.state.leads, true);
    leader.tab.thaw();
    await clock.advance(40_000);
    assert.deepEqual(leader.texts, ['e1-1']);
    assert.equal(leader.handle.state.leads, false);
    assert.equal(server.hanging(), 1);
    for (const { handle } of [leader, other]) handle.close();
});

test('rooms of a tab that slept continue from where it was', async () => {
    const { clock, server, open } = desk({ kept: 1000 });
    const [leader, sleeper] = [open({ room: 'a' }), open({ room: 'b' })];
    await clock.advance(100);
    for (let count = 0; count < 400; count += 1) server.publish('b');
    await clock.advance(1000);
    assert.equal(sleeper.texts.length, 400);
    sleeper.tab.freeze();
    await clock.advance(120_000); // it has been forgotten by then
    assert.doesNotMatch(decodeURIComponent(server.requests.at(-1).url), /room=b/);
    sleeper.tab.thaw();
    const asked = server.requests.length;
    await clock.advance(30_000);
    const urls = server.requests.slice(asked).map(({ url }) => decodeURIComponent(url));
    assert.ok(urls.some((url) => url.includes('b@e1-400')), String(urls));
    assert.ok(!urls.some((url) => url.includes('b@e1-0') || url.includes('b@0')), String(urls));
    for (const { handle } of [leader, sleeper]) handle.close();
});

test('a transport chosen in any tab is that of all', async () => {
    const { clock, server, open } = desk();
    const tabs = [open(), open()];
    await clock.advance(100);
    tabs[1].handle.setTransport('poll');
    await clock.advance(100);
    assert.deepEqual(
        tabs.map(({ handle }) => handle.state.transport),
        ['poll', 'poll'],
    );
    tabs.push(open());
    await clock.advance(100);
    tabs[0].handle.close();
    await clock.advance(100);
    assert.deepEqual([tabs[1].handle.state.transport, tabs[1].handle.state.leads], ['poll', true]);
    tabs[1].handle.close();
    await clock.advance(100);
    assert.deepEqual(
        [tabs[2].handle.state.transport, tabs[2].handle.state.leads],
        ['poll', true],
        'who came later knows it',
    );
    assert.equal(server.hanging(), 1);
    assert.throws(() => tabs[2].handle.setTransport('pigeon'), TypeError);
    tabs[2].handle.close();
});

test('a hidden leader, whose timers sleep, is woken by a tab that is looked at', async () => {
    const { clock, server, open } = desk({ chance: () => 0.999 });
    const [leader, other] = [open(), open()];
    await clock.advance(100);
    leader.tab.look(false);
    server.isDown = true;
    leader.tab.sleepy = true;
    [...server.cuts].forEach((end) => end(new TypeError('reset')));
    await settled();
    server.isDown = false;
    await clock.advance(50);
    assert.equal(other.states.at(-1).state, 'waiting');
    await clock.advance(other.states.at(-1).delay + 400);
    assert.deepEqual([leader.handle.state.state, leader.handle.state.leads], ['live', true]);
    for (const { handle } of [leader, other]) handle.close();
});

test('what ends the connection ends it for all tabs, and none takes over', async () => {
    const { clock, server, open } = desk();
    const tabs = [open({ transport: 'poll', wait: 5 }), open({ transport: 'poll', wait: 5 })];
    await clock.advance(100);
    const before = server.requests.length;
    server.poll = async () => ({ messages: [], next: 'e1-0', superseded: true });
    await clock.advance(60_000);
    assert.deepEqual(
        tabs.map(({ states }) => states.at(-1).state),
        ['superseded', 'superseded'],
    );
    assert.ok(server.requests.length <= before + 1);
    assert.deepEqual(clock.pending, []);
});

test('an error is the same in every tab', async () => {
    const { clock, server, open } = desk({ chance: () => 0.999 });
    const tabs = [open(), open()];
    await clock.advance(100);
    server.isDown = true;
    [...server.cuts].forEach((end) => end());
    await clock.advance(2000);
    for (const { states } of tabs) {
        const waiting = states.find(({ state }) => state === 'waiting');
        assert.match(waiting.error.message, /cannot be reached|ended/);
        assert.equal(waiting.error.name, 'AnteroomError');
    }
    tabs[1].handle.retryNow();
    server.isDown = false;
    tabs[1].tab.say('online');
    await clock.advance(100);
    assert.deepEqual(
        tabs.map(({ handle }) => handle.state.state),
        ['live', 'live'],
    );
    for (const { handle } of tabs) handle.close();
});

test('more rooms than one connection takes: the tab that is too much has its own', async () => {
    const { clock, server, open } = desk();
    const many = (name) => Array.from({ length: 60 }, (_, index) => `${name}${index}`);
    const tabs = [open({ rooms: many('a') }), open({ rooms: many('b') })];
    await clock.advance(200);
    assert.equal(server.hanging(), 2);
    server.publish('a59');
    server.publish('b59');
    await clock.advance(100);
    assert.deepEqual(
        tabs.map(({ texts }) => texts.length),
        [1, 1],
    );
    for (const { handle } of tabs) handle.close();
});

test('tabs with different names do not share, nor does one that does not want to', async () => {
    const { clock, server, open } = desk();
    const tabs = [open({ as: 'ann' }), open({ as: 'bo' }), open({ as: 'bo' }), open({ share: false })];
    await clock.advance(100);
    assert.equal(server.hanging(), 3);
    for (const { handle } of tabs) handle.close();
});

const faults = { refuse: 0.04, busy: 0.02, dead: 0.02, lost: 0.04, cut: 0.04, stall: 0.01, drain: 0.01 };
const ROOMS = ['lobby', 'b', 'c d'];

for (let seed = 1; seed <= 12; seed += 1) {
    test(`received + missed = published in every tab, whatever happens to them, seed ${seed}`, async () => {
        const chance = seeded(seed);
        const { clock, server, open } = desk({ chance, faults });
        const any = (list) => list[Math.floor(chance() * list.length)];
        let tabs = [];
        function opened() {
            const rooms = ROOMS.filter(() => chance() < 0.6);
            if (rooms.length === 0) rooms.push('lobby');
            const begin = any([{ after: '0' }, { history: 3 }, {}]);
            const one = open({ rooms, ...begin, transport: any(['auto', 'sse', 'websocket', 'poll']), limit: 7 });
            if (begin.after) for (const room of rooms) one.seen.begin(room, '0');
            tabs.push(one);
        }
        const problems = [];
        function gone(one) {
            problems.push(...one.seen.problems);
            tabs = tabs.filter((each) => each !== one);
        }
        for (let published = 0; published < 120; published += 1) {
            server.publish(any(ROOMS));
            if (tabs.length === 0 || (chance() < 0.08 && tabs.length < 6)) opened();
            const one = any(tabs);
            const luck = chance();
            if (luck < 0.02) {
                one.tab.crash();
                gone(one);
            } else if (luck < 0.04) {
                one.handle.close();
                gone(one);
            } else if (luck < 0.06) one.tab.freeze();
            else if (luck < 0.12) tabs.forEach(({ tab }) => tab.thaw());
            else if (luck < 0.14) one.tab.say('pagehide');
            else if (luck < 0.17) tabs.forEach(({ tab }) => tab.say('pageshow'));
            else if (luck < 0.2) one.tab.look(chance() < 0.5);
            else if (luck < 0.22) tabs.forEach(({ tab }) => tab.say('online'));
            else if (luck < 0.24) one.handle.setTransport(any(['auto', 'sse', 'websocket', 'poll']));
            else if (luck < 0.25) server.drop(any(ROOMS));
            else if (luck < 0.26) server.restart();
            await clock.advance(Math.floor(chance() ** 4 * 10_000));
        }
        for (const { tab } of tabs) {
            tab.thaw();
            tab.say('pageshow');
        }
        const atEnd = ({ handle }) => handle.rooms.every((room) => handle.cursorOf(room) === server.last(room));
        for (let minute = 0; minute < 30 && !tabs.every(atEnd); minute += 1) await clock.advance(60_000);
        for (const one of tabs) {
            problems.push(...one.seen.problems);
            if (!atEnd(one)) problems.push(`${one.handle.cursor}, not ${one.handle.rooms.map(server.last)}`);
        }
        assert.deepEqual(problems, []);
        for (const { handle } of tabs) handle.close();
        await clock.advance(120_000);
        await settled();
        assert.equal(server.hanging(), 0);
    });
}
