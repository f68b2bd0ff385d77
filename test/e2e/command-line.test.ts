import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { freshDirectory } from '../serve/support.js';
import { buildProgram, until } from '../support/process.js';

t.setTimeout(300_000);
const program = buildProgram(t);
const lines = (text: string): string[] => text.split('\n').filter(line => line !== '');

t.test('--help goes to standard output', async t => {
  const { code, stdout, stderr } = await program.run(['--help']);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, /--web\.listen-address/);
  t.match(stdout, /--\[no-\]collector\.cpu/);
});

t.test('--version is one line', async t => {
  const { code, stdout } = await program.run(['--version']);
  t.equal(code, 0);
  t.match(stdout, /^confined \d+\.\d+\.\d+\n$/);
});

t.test('wrong flags: exit 2, and one line for each mistake with option, value and fix', async t => {
  const flags = ['--poll.intervall=5s', '--log.level=loud', '--poll.slow-interval=5'];
  const { code, stdout, stderr } = await program.run(flags);
  t.equal(code, 2);
  t.equal(stdout, '');
  t.same(lines(stderr), [
    'confined: --poll.intervall: is not an option; write --poll.interval',
    'confined: --log.level: "loud" is not one of its values; write debug, info, warn or error',
    'confined: --poll.slow-interval: "5" has no unit; write 5s for seconds',
  ]);
});

t.test('a wrong environment variable: exit 2', async t => {
  const { code, stderr } = await program.run([], { env: { CONFINED_LOG_LEVEL: 'loud' } });
  t.equal(code, 2);
  t.match(lines(stderr), [/^confined: CONFINED_LOG_LEVEL: "loud" .* write debug, info, warn or error$/]);
});

t.test('a configuration file with an unknown key: exit 2, with file and line', async t => {
  const file = join(freshDirectory(t), 'confined.yml');
  writeFileSync(file, 'log.level: info\npoll:\n  intervall: 5s\n');
  const { code, stderr } = await program.run([`--config.file=${file}`]);
  t.equal(code, 2);
  t.equal(lines(stderr).length, 1);
  t.ok(stderr.startsWith(`confined: ${file}:3:`), stderr);
  t.match(stderr, /poll\.interval\b/);
});

t.test('a configuration file that is not there: exit 2', async t => {
  const { code, stderr } = await program.run(['--config.file=/nonexistent/confined.yml']);
  t.equal(code, 2);
  t.match(stderr, /^confined: --config\.file: .*\/nonexistent\/confined\.yml/);
});

t.test('fault 49: a port in use: exit 1, with the address and what to do', async t => {
  const holder = createServer();
  await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve));
  t.teardown(() => holder.close());
  const { port } = holder.address() as AddressInfo;
  const { code, stderr } = await program.run([`--web.listen-address=127.0.0.1:${port}`]);
  t.equal(code, 1);
  t.match(lines(stderr), [
    new RegExp(`^confined: --web\\.listen-address="127\\.0\\.0\\.1:${port}" .*another process listens there`),
  ]);
});

t.test('a broken web configuration: exit 1, one line for each mistake with file and line', async t => {
  const file = join(freshDirectory(t), 'web.yml');
  writeFileSync(file, 'tls_server_config:\n  cert_file: /nonexistent/a.crt\nbasic_auth_user:\n  a: b\n');
  const { code, stderr } = await program.run([
    `--web.config.file=${file}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  t.equal(code, 1);
  for (const line of lines(stderr)) t.ok(line.startsWith(`confined: ${file}:`), line);
  t.match(stderr, /:1:.*key_file/);
  t.match(stderr, /:3:.*basic_auth_users/);
});

t.test('listens on IPv6 as well', async t => {
  const running = await program.start(t, [
    '--docker.host=unix:///nonexistent/docker.sock',
    '--web.listen-address=[::1]:0',
  ]);
  const listening = (): string[] => running.logged('listening').map(({ address }) => String(address));
  await until('both addresses are told', () => listening().length === 2);
  const addresses = listening();
  t.match(addresses, [/^127\.0\.0\.1:\d+$/, /^\[::1\]:\d+$/]);
  t.equal((await fetch(`http://${addresses[1]}/-/healthy`)).status, 200);
});
