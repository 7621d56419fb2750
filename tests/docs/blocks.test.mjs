// What reads documents and what runs them: that lies are found is what they are for.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { settled, stepsOf } from './blocks.mjs';
import { runDocument } from './run_blocks.mjs';

const fenced = (annotation, text = 'true', language = 'sh') => `${annotation}\n\`\`\`${language}\n${text}\n\`\`\`\n`;

test('annotations are read', () => {
    const [step] = stepsOf(
        'a.md',
        fenced('<!-- run; prints "a \\"b\\"; c" "d"; for "x" here "y"; needs go, php -->', 'x\ny'),
    );
    assert.equal(step.kind, 'run');
    assert.equal(step.text, 'x\ny\n');
    assert.equal(step.line, 2);
    assert.deepEqual(step.prints, ['a "b"; c', 'd']);
    assert.deepEqual(step.instead, [['x', 'y']]);
    assert.deepEqual(step.needs, ['go', 'php']);
    assert.equal(stepsOf('a.md', fenced('<!-- run: serves 8080 -->'))[0].port, '8080');
    assert.equal(stepsOf('a.md', fenced('<!-- not run: a reason; and another -->'))[0].reason, 'a reason; and another');
    assert.deepEqual(
        stepsOf('a.md', '# A\ntext\n<!-- a remark -->\n<!-- open: http://x/; shows "y" -->\ntext\n').map(
            ({ kind }) => kind,
        ),
        ['heading', 'open'],
    );
});

test('what is not annotated is refused', () => {
    const refused = {
        'no annotation': [fenced(''), /2: a block that no annotation/],
        'a blank line below the annotation': [
            '<!-- run -->\n\n```sh\ntrue\n```\n',
            /2: an annotation has to stand right above/,
        ],
        'an unknown one': [fenced('<!-- run: walks -->'), /1: nobody knows what "run: walks"/],
        'an unknown part': [fenced('<!-- run; proves "x" -->'), /nobody knows what "proves/],
        'an indented block': ['text\n\n    true\n', /3: an indented block/],
        'no end': ['<!-- run -->\n```sh\ntrue\n', /does not end/],
        'no block': ['<!-- run -->\n', /an annotation without a block|right above/],
    };
    for (const [name, [text, complaint]] of Object.entries(refused)) {
        assert.throws(() => stepsOf('a.md', text), complaint, name);
    }
    assert.doesNotThrow(() => stepsOf('a.md', '- a list\n    that continues\n'));
});

test('what differs from run to run is made the same', () => {
    assert.equal(
        settled('{"id":"1zs1gxxy-3","time":1795794338205}\n'),
        settled('{"id":"96zjlg05-3",\n "time":1795794340112}'),
    );
    assert.notEqual(settled('{"id":"1zs1gxxy-3"}'), settled('{"id":"1zs1gxxy-4"}'));
});

/** Runs a document; resolves to what was logged, with `right`: whether all of it was true. */
async function run(text) {
    const source = mkdtempSync(join(tmpdir(), 'anteroom-document-'));
    try {
        mkdirSync(join(source, 'web'));
        writeFileSync(join(source, 'a.md'), text);
        writeFileSync(join(source, 'script'), './setup\n');
        const lines = [];
        const right = await runDocument('a.md', {
            source,
            server: process.env.ANTEROOM_SERVER,
            log: (line) => lines.push(line),
        });
        return { right, said: lines.join('\n') };
    } finally {
        rmSync(source, { recursive: true });
    }
}

const SERVER = fenced('<!-- run: serves 8080 -->', 'anteroom');

test('a document that is right', async () => {
    const { right, said } = await run(
        SERVER +
            fenced('<!-- run: waits; prints "tea" -->', 'curl http://127.0.0.1:8080/room/kitchen/subscribe') +
            fenced(
                '<!-- run; prints "\\"subscribers\\":1" -->',
                'curl -d tea http://127.0.0.1:8080/room/kitchen/publish',
            ) +
            fenced('<!-- printed -->', '{"id":"1zs1gxxy-1","time":1795794338205,"subscribers":1}', 'json') +
            fenced('<!-- file: say.sh; for "tea" here "coffee" -->', 'echo tea') +
            fenced('<!-- run; prints "coffee" -->', 'sh say.sh') +
            fenced('<!-- run; needs no-such-program -->', 'false'),
    );
    assert.ok(right, said);
    assert.match(said, /not run, since no-such-program was not found/);
});

test('documents that are wrong', async () => {
    const wrong = {
        'a command that fails': [fenced('<!-- run -->', 'false'), /a\.md:2: it printed/],
        'one of several': [fenced('<!-- run -->', 'false\ntrue'), /a\.md:2/],
        'another output': [fenced('<!-- run; prints "b" -->', 'echo a'), /no "b" in:\na/],
        'another output in full': [fenced('<!-- run -->', 'echo a') + fenced('<!-- printed -->', 'b'), /a\.md:6/],
        'a server that ends': [fenced('<!-- run: serves 8080 -->', 'echo no; exit 3'), /it ended with 3:\nno/],
        'a file that nobody uses': [fenced('<!-- file: a.txt -->', 'x'), /files that no block uses/],
        'a substitution of nothing': [fenced('<!-- run; for "x" here "y" -->'), /no longer has "x"/],
        'a script that does not run it': [
            fenced('<!-- run by: script -->', './setup && ./build'),
            /script does not run ".\/build"/,
        ],
    };
    for (const [name, [text, complaint]] of Object.entries(wrong)) {
        const { right, said } = await run(text);
        assert.equal(right, false, name);
        assert.match(said, complaint, name);
    }
});
