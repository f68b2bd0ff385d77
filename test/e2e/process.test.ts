import { connect } from 'node:net';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { freshDirectory } from '../serve/support.js';
import { flagsFor } from '../support/daemon.js';
import { parseExposition, type Exposition } from '../support/exposition.js';
import { multiplyContainers } from '../support/many-containers.js';
import { buildProgram, until, type RunningProgram } from '../support/process.js';
import { openRecordedHost, type RecordedHost } from '../support/recorded-host.js';

t.setTimeout(400_000);
const program = buildProgram(t);
const MANY = 1500;

async function recorded(t: Test): Promise<RecordedHost> {
  const host = await openRecordedHost('v2-systemd-apparmor');
  t.teardown(() => host.close());
  return host;
}

/** A daemon whose scrape is larger than the kernel's socket buffers. */
async function startLarge(t: Test, flags: readonly string[] = []): Promise<RunningProgram> {
  const host = await recorded(t);
  multiplyContainers(host, MANY);
  const running = await program.start(t, [
    '--discovery=cgroup',
    '--read.held-files=0',
    `--path.procfs=${host.procfs}`,
    `--path.cgroupfs=${host.cgroupfs}`,
    ...flags,
  ]);
  await running.ready();
  return running;
}

/** A client that takes the beginning of a scrape and then nothing more until it is told to. */
function slowScrape({ address }: RunningProgram): {
  begun: Promise<void>;
  finish: () => Promise<string>;
} {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  socket.on('error', () => undefined);
  socket.write('GET /metrics HTTP/1.1\r\nHost: confined\r\n\r\n');
  const begun = new Promise<void>(resolve => {
    socket.once('readable', () => resolve());
  });
  const finish = async (): Promise<string> => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise(resolve => {
      socket.once('close', resolve);
    });
    return Buffer.concat(chunks).toString();
  };
  return { begun, finish };
}

t.test('without Docker it runs, and its log says what it looks for and where', async t => {
  const socket = join(freshDirectory(t), 'docker.sock');
  const running = await program.start(t, [`--docker.host=unix://${socket}`]);
  await running.ready();
  t.equal((await running.fetch('/-/healthy')).status, 200);
  const scrape = parseExposition((await running.fetch('/metrics')).text);
  t.equal(scrape.value('confined_docker_up'), 0);
  t.ok(scrape.value('machine_memory_bytes') > 0);
  t.ok(scrape.value('container_cpu_usage_seconds_total', { id: '/', cpu: 'total' }) > 0);
  const said = running.log.filter(({ msg }) => msg.includes(socket));
  t.equal(said.length, 1, 'once');
  t.match(said[0], { level: 'info', msg: /until then containers are found in the cgroup tree/ });
});

t.test('without a Docker host it looks at the usual sockets', async t => {
  const env = { HOME: freshDirectory(t) };
  const running = await program.start(t, ['--discovery=docker'], { env });
  await until('it says how Docker is', () => running.logged(/Docker|Podman/).length > 0);
  t.match(running.logged(/Docker|Podman/)[0]?.msg, /\/var\/run\/docker\.sock|answers at/);
});

t.test('the first line tells what runs, each line of the log is JSON', async t => {
  const host = await recorded(t);
  const running = await program.start(t, flagsFor(host));
  t.match(running.log[0], { level: 'info', version: /^\d+\./, node: process.version, pid: running.pid });
  t.same(
    running.stdout.split('\n').filter(line => line !== '' && !line.startsWith('{')),
    [],
  );
  t.equal(running.stderr, '');
});

t.test('SIGHUP loads the web configuration again, and keeps the last good one', async t => {
  const file = join(freshDirectory(t), 'web.yml');
  // Whole or not at all: a reload that comes in the middle of writing would find an empty file.
  const write = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  const withHeader = (value: string): void =>
    write(`http_server_config:\n  headers:\n    X-Frame-Options: ${value}\n`);
  withHeader('deny');
  const host = await recorded(t);
  const running = await program.start(t, [...flagsFor(host), `--web.config.file=${file}`]);
  const header = async (): Promise<string | null> =>
    (await fetch(`${running.url}/`)).headers.get('x-frame-options');
  const successful = async (): Promise<number> =>
    parseExposition((await running.fetch('/metrics')).text).value('confined_config_last_reload_successful');
  t.equal(await header(), 'deny');
  withHeader('sameorigin');
  running.signal('SIGHUP');
  await until('the new header is sent', async () => (await header()) === 'sameorigin');
  t.equal(await successful(), 1);
  write('http_server_config: [');
  running.signal('SIGHUP');
  await until('the failure shows', async () => (await successful()) === 0);
  t.equal(await header(), 'sameorigin');
});

t.test('SIGHUP without a web configuration changes nothing', async t => {
  const running = await program.start(t, flagsFor(await recorded(t)));
  running.signal('SIGHUP');
  await running.ready();
  t.equal((await running.fetch('/-/healthy')).status, 200);
  t.notOk(running.hasEnded);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  t.test(`fault 54: ${signal} when idle: exit 0, and says so`, async t => {
    const running = await program.start(t, flagsFor(await recorded(t)));
    await running.ready();
    running.signal(signal);
    t.match(await running.ended, { code: 0, signal: null, stderr: '' });
    t.match(running.logged(/stopping/), [{ signal }]);
  });

t.test('fault 54: SIGTERM during a scrape: the scrape is finished, no other begins, exit 0', async t => {
  const running = await startLarge(t, ['--web.shutdown-grace=2m']);
  const scrape = slowScrape(running);
  await scrape.begun;
  running.signal('SIGTERM');
  await until('it says so', () => running.logged(/stopping/).length > 0);
  await until('it listens no more', () =>
    running.fetch('/-/healthy').then(
      () => false,
      () => true,
    ),
  );
  t.notOk(running.hasEnded, 'it waits for the client');
  const response = await scrape.finish();
  t.ok(response.endsWith('\r\n0\r\n\r\n'), 'the last chunk came');
  t.match(response, /\nmachine_memory_bytes \d/);
  t.match(await running.ended, { code: 0, signal: null, stderr: '' });
});

t.test('fault 54: a client that never reads is cut after the grace period, exit 0', async t => {
  const running = await startLarge(t, ['--web.shutdown-grace=500ms']);
  const scrape = slowScrape(running);
  await scrape.begun;
  running.signal('SIGTERM');
  t.match(await running.ended, { code: 0, signal: null, stderr: '' });
  t.notOk((await scrape.finish()).endsWith('\r\n0\r\n\r\n'), 'and does not take it for a whole scrape');
});

t.test('fault 54: a second signal ends it at once', async t => {
  const running = await startLarge(t, ['--web.shutdown-grace=1d']);
  const scrape = slowScrape(running);
  await scrape.begun;
  running.signal('SIGTERM');
  await until('the first was heard', () => running.logged(/stopping/).length > 0);
  running.signal('SIGINT');
  t.match(await running.ended, { code: 1, signal: null });
});

t.test('scrapes leak no descriptors', async t => {
  const running = await program.start(t, flagsFor(await recorded(t)));
  await running.ready();
  const scrape = (): Promise<unknown> => running.fetch('/metrics');
  for (let index = 0; index < 5; index += 1) await scrape();
  const before = running.descriptors();
  for (let index = 0; index < 10; index += 1) await Promise.all([1, 2, 3, 4, 5].map(scrape));
  // The connections of the parallel scrapes stay open for the next ones.
  t.ok(running.descriptors() <= before + 4, `${before} before, ${running.descriptors()} after 50 scrapes`);
});

t.test('fault 59: it survives that nobody reads its log', async t => {
  const file = join(freshDirectory(t), 'web.yml');
  writeFileSync(file, '');
  const host = await recorded(t);
  const running = await program.start(t, [...flagsFor(host), `--web.config.file=${file}`]);
  await running.ready();
  const { url } = running;
  const scrape = async (): Promise<Exposition> =>
    parseExposition(await (await fetch(`${url}/metrics`)).text());
  running.process.stdout?.destroy();
  writeFileSync(file, 'http_server_config: [');
  running.signal('SIGHUP');
  await until(
    'it met something to log',
    async () => (await scrape()).value('confined_config_last_reload_successful') === 0,
  );
  t.ok((await scrape()).series.length > 100);
  running.signal('SIGTERM');
  t.match(await running.ended, { code: 0, signal: null });
});
