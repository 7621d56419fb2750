// run_blocks.mjs DOCUMENT: runs the blocks of a document as they stand; README.md says how they are annotated.
// ANTEROOM_SERVER is the executable, ANTEROOM_SOURCE the folder of the project. Exit code 77: this
// machine cannot run it.

import assert from 'node:assert/strict';
import {
    accessSync,
    constants,
    cpSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { settled, stepsOf } from './blocks.mjs';
import { enterOwnNetwork, freePort, isOwnNetwork, isServing } from './network.mjs';
import { openBrowser, openPage } from './page.mjs';
import { Terminal, until } from './terminal.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const CANNOT_RUN = 77;
const ENDED_BY_US = [0, 130, 143, 'SIGTERM', 'SIGINT'];

const hasProgram = (name) =>
    process.env.PATH.split(delimiter).some((folder) => {
        try {
            accessSync(join(folder, name), constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });

/** One document, in a folder that looks like a clone in which the project has been built. */
class Run {
    constructor(document, { source, server, ports }) {
        this.document = document;
        this.source = source;
        this.ports = ports;
        this.folder = mkdtempSync(join(tmpdir(), 'anteroom-docs-'));
        for (const each of ['bin', 'home', 'build/release']) mkdirSync(join(this.folder, each), { recursive: true });
        for (const place of ['bin/anteroom', 'build/release/anteroom']) symlinkSync(server, join(this.folder, place));
        cpSync(join(source, 'web'), join(this.folder, 'web'), { recursive: true });
        symlinkSync(join(here, 'node_modules'), join(this.folder, 'node_modules'));
        this.env = {
            ...process.env,
            PATH: [join(this.folder, 'bin'), process.env.PATH, '/usr/sbin'].join(delimiter),
            HOME: join(this.folder, 'home'),
            GOCACHE: join(here, 'node_modules', '.go-cache'),
        };
        for (const [port, other] of ports) this.env[`PORT_${port}`] = other; // for what is copied
        if (ports.get('8080') !== '8080') {
            this.env.ANTEROOM_LISTEN = `127.0.0.1:${ports.get('8080')}`;
            this.env.ANTEROOM_URL = `http://127.0.0.1:${ports.get('8080')}`;
        }
        this.servers = new Map(); // by port
        this.waiting = []; // what has to print or show something by the next heading
        this.files = new Set(); // that no block has used yet
        this.report = [];
    }

    /** A text of the document with what has to be different here. */
    adapted(text, instead = []) {
        for (const [from, to] of instead) {
            assert.ok(text.includes(from), `the block no longer has "${from}"`);
            text = text.replaceAll(from, () => to.replaceAll('$PWD', this.folder));
        }
        for (const [port, other] of this.ports)
            if (port !== other) text = text.replace(new RegExp(`\\b${port}\\b`, 'g'), other);
        return text;
    }

    /** A text names the files that it uses, or the folders that they are in. */
    uses(text) {
        for (const file of this.files) {
            const [folder] = file.split('/');
            if ([file.replace(/.*\//, ''), folder].some((name) => text.includes(name))) this.files.delete(file);
        }
    }

    terminal(text) {
        this.uses(text);
        return new Terminal(text, { cwd: this.folder, env: this.env });
    }

    async waitersAt() {
        const answer = await fetch(`http://127.0.0.1:${this.ports.get('8080')}/metrics`);
        return Number(/^anteroom_subscribers (\d+)/m.exec(await answer.text())[1]);
    }

    /** Does something after which one subscriber more waits. */
    async subscribing(what, action) {
        const before = await this.waitersAt();
        const done = await action();
        await until(
            async () => done.isOver || (await this.waitersAt()) > before,
            `one subscriber more (${what})`,
            done,
        );
        return done;
    }

    /** @returns {Promise<string | undefined>} why it was left out */
    async step(asWritten) {
        const step = { ...asWritten, prints: asWritten.prints?.map((text) => this.adapted(text)) };
        const missing = step.needs?.filter((name) => !hasProgram(name));
        if (missing?.length) return `not run, since ${missing.join(', ')} was not found`;
        switch (step.kind) {
            case 'heading':
                await this.settle();
                return undefined;
            case 'skip':
                return `not run: ${step.reason}`;
            case 'quote':
                return 'compared by docs.quotes';
            case 'elsewhere':
                return this.isRunBy(step);
            case 'copy':
                cpSync(join(this.source, step.folder), this.folder, { recursive: true });
                for (const each of readdirSync(join(this.source, step.folder), { withFileTypes: true })) {
                    if (each.isFile()) this.uses(readFileSync(join(this.source, step.folder, each.name), 'utf8'));
                }
                return undefined;
            case 'prepare': {
                const done = this.terminal(step.command);
                assert.equal(await done.end(), 0, done.output);
                return undefined;
            }
            case 'file':
                this.write(step);
                return undefined;
            case 'run': {
                const done = this.terminal(this.adapted(step.text, step.instead));
                this.last = done;
                assert.equal(await done.end(), 0, `it printed:\n${done.output}`);
                for (const text of step.prints)
                    assert.ok(done.output.includes(text), `no "${text}" in:\n${done.output}`);
                return undefined;
            }
            case 'printed':
                assert.ok(this.last, 'there is no block that printed something');
                assert.equal(settled(this.last.results), settled(step.text));
                return undefined;
            case 'serves':
                await this.serve(step);
                return undefined;
            case 'waits': {
                const commands = step.each
                    ? step.text.split('\n').filter((line) => /^\s*[^#\s]/.test(line))
                    : [step.text];
                for (const command of commands) {
                    const done = await this.subscribing(command, () =>
                        this.terminal(this.adapted(command, step.instead)),
                    );
                    this.waiting.push({ step, done });
                }
                return undefined;
            }
            case 'console': {
                this.browser ??= await openBrowser();
                const page = await this.subscribing(step.url, async () => {
                    const opened = await openPage(this.browser, this.adapted(step.url));
                    await opened.type(this.adapted(step.text));
                    return opened;
                });
                this.waiting.push({ step, page });
                return undefined;
            }
            case 'open': {
                this.browser ??= await openBrowser();
                const page = await this.subscribing(step.url, () => openPage(this.browser, this.adapted(step.url)));
                this.waiting.push({ step, page });
                return undefined;
            }
        }
    }

    write({ name, text, instead }) {
        const path = resolve(this.folder, name);
        assert.ok(path.startsWith(this.folder + '/'), `${name} is outside of the folder`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, this.adapted(text, instead));
        this.files.add(name);
    }

    async serve(step) {
        const port = this.ports.get(step.port);
        await this.stopServer(port);
        assert.ok(!(await isServing(port)), `port ${port} is in use`);
        const done = this.terminal(this.adapted(step.text, step.instead));
        this.servers.set(port, done);
        if (step.port === '8080') this.env.SERVER_PID = String(done.child.pid); // `pidof` may find servers of others
        await until(() => done.isOver || isServing(port), `a server at ${port}`, done);
        assert.ok(!done.isOver, `it ended with ${done.ended}:\n${done.output}`);
        for (const text of step.prints) await until(() => done.output.includes(text), `"${text}"`, done);
    }

    async stopServer(port) {
        const server = this.servers.get(port);
        if (!server) return;
        this.servers.delete(port);
        assert.ok(!server.isOver, `the server at ${port} ended with ${server.ended}:\n${server.output}`);
        const ended = await server.stop('SIGTERM');
        assert.ok(ENDED_BY_US.includes(ended), `the server at ${port} ended with ${ended}:\n${server.output}`);
    }

    /** What waits has got what it waits for; then it is ended. */
    async settle() {
        for (const { step, done, page } of this.waiting.splice(0)) {
            const where = `${this.document}:${step.line}`;
            for (const text of step.prints) {
                if (done) await until(() => done.output.includes(text), `${where}: "${text}"`, done);
                else await until(() => page.has(text), `${where}: "${text}"`, page);
            }
            if (done && !done.isOver) await done.stop('SIGINT');
            assert.ok(
                !done || ENDED_BY_US.includes(done.ended),
                `${where}: ended with ${done?.ended}:\n${done?.output}`,
            );
            assert.deepEqual(page?.errors ?? [], [], `${where}: errors in the page`);
        }
        await this.browser?.close();
        this.browser = undefined;
    }

    isRunBy({ by, text }) {
        const script = readFileSync(join(this.source, by), 'utf8');
        for (const command of text.split(/&&|\n/).map((each) => each.trim())) {
            assert.ok(script.includes(command), `${by} does not run "${command}"`);
        }
        return `run by ${by}`;
    }

    async finish() {
        await this.settle();
        for (const port of [...this.servers.keys()]) await this.stopServer(port);
        assert.deepEqual([...this.files], [], 'files that no block uses');
    }

    async abandon() {
        await this.browser?.close();
        for (const each of [...this.servers.values(), ...this.waiting.map(({ done }) => done)]) each?.signal('SIGKILL');
    }

    remove() {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Runs a document; resolves to whether all of it is true, or to undefined where it cannot be run. */
export async function runDocument(document, { source, server, log = console.log }) {
    let steps;
    try {
        steps = stepsOf(document, readFileSync(join(source, document), 'utf8'));
    } catch (error) {
        log(error.message);
        return false;
    }
    const ports = new Map();
    for (const port of new Set(['8080', ...steps.filter(({ kind }) => kind === 'serves').map((each) => each.port)])) {
        ports.set(port, isOwnNetwork() ? port : String(await freePort()));
    }
    if (!isOwnNetwork()) {
        const names = [...ports.keys()];
        if (names.some((port) => port < 1024)) {
            log(`${document} not run: it needs a network namespace (unshare --net), which this machine does not allow`);
            return undefined;
        }
        log(`no network namespace here: other ports instead of ${names.join(', ')}`);
    }
    const run = new Run(document, { source, server, ports });
    try {
        for (const step of steps) {
            const began = Date.now();
            try {
                const why = await run.step(step);
                if (step.kind !== 'heading')
                    log(`${document}:${step.line} ${step.kind}: ${why ?? `${Date.now() - began} ms`}`);
            } catch (error) {
                error.message = `${document}:${step.line}: ${error.message}`;
                throw error;
            }
        }
        await run.finish();
        return true;
    } catch (error) {
        log(error.message);
        await run.abandon();
        return false;
    } finally {
        run.remove();
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [document] = process.argv.slice(2);
    const { ANTEROOM_SERVER: server, ANTEROOM_SOURCE: source } = process.env;
    if (!document || !server || !source) {
        console.error('usage: ANTEROOM_SERVER=EXECUTABLE ANTEROOM_SOURCE=FOLDER node run_blocks.mjs DOCUMENT');
        process.exit(2);
    }
    const code = enterOwnNetwork();
    if (code !== undefined) process.exit(code);
    const right = await runDocument(document, { source, server: resolve(server) });
    process.exit(right === undefined ? CANNOT_RUN : right ? 0 : 1);
}
