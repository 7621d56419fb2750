// A certificate that a test makes for itself, with openssl.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from './processes.mjs';

/** Makes one that is its own authority: `certificate`, `key` and `both` are paths, `authority` is for clients to trust. */
export function makeCertificate(name) {
    const folder = temporaryFolder();
    const [certificate, key, both] = ['certificate.pem', 'key.pem', 'both.pem'].map((file) => join(folder.path, file));
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    execFileSync(process.env.OPENSSL ?? 'openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], {
        stdio: 'pipe',
    });
    const authority = readFileSync(certificate);
    writeFileSync(both, Buffer.concat([authority, readFileSync(key)]));
    return { name, certificate, key, both, authority, remove: folder.remove };
}
