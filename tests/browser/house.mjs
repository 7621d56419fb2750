// What every file here begins with: a browser, a server, and people who leave when their test ends.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';

import { openBrowser, visit } from './people.mjs';
import { startServer } from './server.mjs';

/** @returns {{server: object, enter(options?: object): Promise<object>}} server: replace it to restart it */
export function house(flags = []) {
    const people = [];
    const place = {
        async enter(options) {
            const person = await visit(place.browser, place.server, options);
            people.push(person);
            return person;
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
