// What every file here begins with: a browser, a server, and people who leave when their test ends.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';

import { openBrowser, openTab, visit } from './people.mjs';
import { startServer } from './server.mjs';

/** @returns {{server: object, enter(options?: object): Promise<object>, tab(person: object, options?: object): Promise<object>}} server: replace it to restart it */
export function pageFixture(flags = []) {
    const people = [];
    const place = {
        async enter(options = {}) {
            const person = await visit(place.browser, options.network ?? place.server, options);
            people.push(person);
            return person;
        },
        /** One more tab of the same browser. */
        async tab(person, options) {
            const tab = await openTab(person.profile, place.server, options);
            people.push(tab);
            return tab;
        },
        async restart(signal) {
            const code = await place.server.stop(signal);
            place.server = await startServer({ port: place.server.port, flags });
            return code;
        },
    };
    before(async () => {
        place.browser = await openBrowser();
        place.server = await startServer({ flags });
    });
    after(async () => {
        await place.browser?.close();
        assert.equal(await place.server?.stop(), 0);
    });
    afterEach(async () => {
        for (const person of people.splice(0)) await person.leave();
    });
    return place;
}
