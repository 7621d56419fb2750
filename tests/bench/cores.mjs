// How fast the cores are during a measurement. On a virtual machine other guests use them too, and make a run slower by up
// to a half, user code more than the kernel's.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './processes.mjs';
import { medianOf } from './table.mjs';

export class Cores {
    #tool;
    #cores;
    #samples = [];

    constructor({ tools, serverCore, loadCore }) {
        this.#tool = join(tools, 'anteroom_core_speed');
        this.#cores = [serverCore, loadCore];
    }

    // Both at once, as they will be used. Does nothing without the tool.
    async sample() {
        if (!existsSync(this.#tool)) {
            return;
        }
        this.#samples.push(Math.min(...(await Promise.all(this.#cores.map((core) => this.#speedOf(core))))));
    }

    async #speedOf(core) {
        const child = launch(core, this.#tool, []);
        let out = '';
        child.stdout.on('data', (text) => (out += text));
        const closed = new Promise((resolve) => child.stdout.once('close', resolve));
        await Promise.all([child.ended, closed]);
        return Number(out) || NaN;
    }

    // A note on how quiet the machine was, or none.
    note() {
        const seen = this.#samples.filter(Number.isFinite);
        if (seen.length === 0) {
            return [];
        }
        const best = Math.max(...seen);
        const percent = (speed) => `${Math.round((100 * speed) / best)} %`;
        const quiet = seen.filter((speed) => speed > 0.9 * best).length;
        return [
            `the speed of the cores, sampled before each run: the slower one at ${percent(Math.min(...seen))} to 100 % of the best ` +
                `speed seen, ${percent(medianOf(seen))} in the median; above 90 % before ${quiet} of ${seen.length} runs`,
        ];
    }
}
