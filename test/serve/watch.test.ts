import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';

import { hashSync } from 'bcryptjs';
import t from 'tap';

import {
  Authority,
  freshDirectory,
  serveConfigured,
  until,
  type CertificateFiles,
  type ConfiguredServer,
} from './support.js';

const HASH = hashSync('secret', 4);
const OPEN = '# anyone may read\n';
const CLOSED = `basic_auth_users:\n  alice: ${HASH}\n`;

/** Until the file watch is in place: long enough, and then a change must be seen. */
async function settle(): Promise<void> {
  await sleep(400);
}

async function untilStatus({ status }: ConfiguredServer, expected: number): Promise<void> {
  for (let waited = 0; waited < 100; waited += 1) {
    if ((await status()) === expected) return;
    await sleep(50);
  }
  throw new Error(`the status did not become ${expected}`);
}

/** The name of the certificate that a new connection is shown. */
async function servedName(port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function untilServed(port: number, name: string): Promise<void> {
  for (let waited = 0; waited < 100; waited += 1) {
    if ((await servedName(port)) === name) return;
    await sleep(50);
  }
  throw new Error(`the certificate ${name} was not picked up`);
}

t.test('fault 53: a file written in place is picked up', async t => {
  const server = await serveConfigured(t, OPEN);
  await settle();
  writeFileSync(server.file, CLOSED);
  await untilStatus(server, 401);
  t.pass('picked up');
});

t.test('fault 53: a file replaced by rename is picked up, again and again', async t => {
  const server = await serveConfigured(t, OPEN);
  await settle();
  for (const [text, expected] of [
    [CLOSED, 401],
    [OPEN, 200],
    [CLOSED, 401],
  ] as const) {
    writeFileSync(`${server.file}.new`, text);
    renameSync(`${server.file}.new`, server.file);
    await untilStatus(server, expected);
  }
  t.pass('picked up');
});

t.test('fault 53: a deleted file keeps the last good one, its return is picked up', async t => {
  const server = await serveConfigured(t, CLOSED);
  await settle();
  rmSync(server.file);
  await until(() => server.reloads.at(-1) === false);
  t.equal(await server.status(), 401);
  writeFileSync(server.file, OPEN);
  await untilStatus(server, 200);
  t.equal(server.reloads.at(-1), true);
});

t.test('fault 53: invalid YAML keeps the last good one', async t => {
  const server = await serveConfigured(t, CLOSED);
  await settle();
  writeFileSync(server.file, 'basic_auth_users: [');
  await until(() => server.reloads.at(-1) === false);
  t.equal(await server.status(), 401);
});

t.test('fault 53: the symbolic link swap of a Kubernetes volume is picked up, again and again', async t => {
  const directory = freshDirectory(t);
  const publish = (version: string, text: string) => {
    mkdirSync(join(directory, version));
    writeFileSync(join(directory, version, 'web.yml'), text);
    symlinkSync(version, join(directory, '..data_tmp'));
    renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
  };
  publish('..1', OPEN);
  const file = join(directory, 'web.yml');
  symlinkSync(join('..data', 'web.yml'), file);
  const server = await serveConfigured(t, OPEN, file);
  await settle();
  publish('..2', CLOSED);
  rmSync(join(directory, '..1'), { recursive: true });
  await untilStatus(server, 401);
  publish('..3', OPEN);
  rmSync(join(directory, '..2'), { recursive: true });
  await untilStatus(server, 200);
  t.pass('picked up');
});

t.test('fault 51: new certificates are picked up, those that a reload adds too', async t => {
  const authority = new Authority(freshDirectory(t));
  const [first, second, third] = [
    authority.issue('first'),
    authority.issue('second'),
    authority.issue('third'),
  ];
  const directory = freshDirectory(t);
  const file = join(directory, 'web.yml');
  const copy = (from: CertificateFiles, prefix: string) => {
    writeFileSync(join(directory, `${prefix}.key`), readFileSync(from.key));
    writeFileSync(join(directory, `${prefix}.crt`), readFileSync(from.certificate));
  };
  const text = (prefix: string) => `tls_server_config: {cert_file: ${prefix}.crt, key_file: ${prefix}.key}\n`;
  copy(first, 'a');
  copy(third, 'b');
  const { port, reloads } = await serveConfigured(t, text('a'), file);
  t.equal(await servedName(port), 'first');
  await settle();
  copy(second, 'a');
  await untilServed(port, 'second');
  writeFileSync(file, text('b'));
  await untilServed(port, 'third');
  await settle();
  copy(first, 'b');
  await untilServed(port, 'first');
  t.equal(reloads.at(-1), true);
});
