import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { cpu1 } from '../../src/model/cgroup1/cpu.js';
import { memory1 } from '../../src/model/cgroup1/memory.js';
import type { Section } from '../../src/model/section.js';
import type { Collector } from '../../src/poll/reporter.js';
import { SectionReader } from '../../src/poll/section-reader.js';
import { KernelFiles } from '../../src/read/kernel-file.js';

const REPORTER = {
  readFailed: () => undefined,
  parseFailed: () => undefined,
  nothingRead: () => undefined,
  cgroupNotFound: () => undefined,
  processNotFound: () => undefined,
  unverified: () => undefined,
};

function readerOf<Sample>(
  collector: Collector,
  section: Section<Sample>,
  directory: string,
): SectionReader<Sample> {
  const directories = new Map(['cpu', 'cpuacct', 'memory'].map(name => [name, directory]));
  return new SectionReader(
    collector,
    section,
    directories,
    new KernelFiles(0),
    { deviceName: String },
    REPORTER,
  );
}

t.test('what is counted at a quota is read at each poll only where there is a quota', async t => {
  const directory = t.testdir({ 'cpu.cfs_quota_us': '-1\n', 'cpu.stat': 'nr_periods 5\n' });
  const write = (file: string, content: string): void => writeFileSync(join(directory, file), content);
  const cpu = readerOf('cpu', cpu1, directory);
  t.equal(cpu.read(true).periods, 5);
  write('cpu.stat', 'nr_periods 9\n');
  t.equal(cpu.read(false).periods, 5);
  t.equal(cpu.read(true).periods, 9);
  write('cpu.cfs_quota_us', '50000\n');
  t.equal(cpu.read(true).quotaMicroseconds, 50_000);
  write('cpu.stat', 'nr_periods 12\n');
  t.equal(cpu.read(false).periods, 12);
  rmSync(join(directory, 'cpu.cfs_quota_us'));
  t.equal(cpu.read(true).quotaMicroseconds, undefined);
  write('cpu.stat', 'nr_periods 13\n');
  t.equal(cpu.read(false).periods, 13, 'nor where nobody knows');
});

t.test('a limit is read at each poll, and with it how often it was met', async t => {
  const directory = t.testdir({
    'memory.limit_in_bytes': '9223372036854771712\n',
    'memory.failcnt': '1\n',
  });
  const write = (file: string, content: string): void => writeFileSync(join(directory, file), content);
  const memory = readerOf('memory', memory1, directory);
  t.equal(memory.read(true).limitHits, 1);
  write('memory.failcnt', '2\n');
  t.equal(memory.read(false).limitHits, 1);
  write('memory.limit_in_bytes', '7999488\n');
  const limited = memory.read(false);
  t.equal(limited.limitBytes, 7_999_488);
  t.equal(limited.limitHits, 2);
});
