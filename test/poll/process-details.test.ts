import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import t from 'tap';
import { readProcessDetails } from '../../src/poll/process-details.js';
import { KernelFiles } from '../../src/read/kernel-file.js';

/** A process with a socket, a file and three pipes, which says when it has them. */
const HOLDER = `
const { createServer } = require('node:net');
require('node:fs').openSync('/dev/null');
createServer().listen(0, '127.0.0.1', () => console.log('ready'));
`;

t.test('descriptors, sockets, threads and limits of living processes', async t => {
  const child = spawn('sh', ['-c', 'ulimit -n 321; exec "$0" -e "$1"', process.execPath, HOLDER], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error('no child');
  const sockets = Number(
    spawnSync('sh', ['-c', `ls -l /proc/${pid}/fd | grep -c socket:`], { encoding: 'utf8' }).stdout,
  );
  const details = readProcessDetails('/proc', pid, [pid], new KernelFiles(0));
  t.equal(details.fileDescriptors, readdirSync(`/proc/${pid}/fd`).length);
  t.equal(details.sockets, sockets);
  t.ok(sockets > 0);
  t.strictSame(details.softLimits, [{ name: 'max_open_files', value: 321 }]);
  const threads = readdirSync(`/proc/${pid}/task`).length;
  const { sleeping = 0, running = 0, stopped = 0, uninterruptible = 0 } = details.taskStates ?? {};
  t.equal(sleeping + running + stopped + uninterruptible, threads);
  process.kill(pid, 'SIGSTOP');
  while (readProcessDetails('/proc', pid, [pid], new KernelFiles(0)).taskStates?.stopped !== threads)
    await new Promise(resolve => setTimeout(resolve, 10));
  t.equal(readProcessDetails('/proc', pid, [pid], new KernelFiles(0)).taskStates?.sleeping, 0);
});

t.test('a process that ended makes the sums absent, not smaller', async t => {
  const details = readProcessDetails('/proc', 2 ** 30, [process.pid, 2 ** 30], new KernelFiles(0));
  t.strictSame(details, {
    fileDescriptors: undefined,
    sockets: undefined,
    taskStates: undefined,
    softLimits: undefined,
  });
});

t.test('a container without processes', async t => {
  const { fileDescriptors, sockets, softLimits } = readProcessDetails(
    '/proc',
    undefined,
    [],
    new KernelFiles(0),
  );
  t.equal(fileDescriptors, 0);
  t.equal(sockets, 0);
  t.equal(softLimits, undefined);
});
