import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { clockOf, flagsFor, startTestDaemon } from './support/daemon.js';
import { openRecordedHost, recordedHostNames } from './support/recorded-host.js';

/** What the daemon says of itself differs from run to run. */
const OWN_METRICS = /^(# (HELP|TYPE) )?(confined|process|nodejs)_/;

for (const name of recordedHostNames())
  t.test(`the recorded host ${name} is exported as expected`, async t => {
    const host = await openRecordedHost(name);
    t.teardown(() => host.close());
    const daemon = await startTestDaemon([...flagsFor(host), '--collector.percpu'], { clock: clockOf(host) });
    t.teardown(() => daemon.stop());
    const { text } = await daemon.scrape();
    const scrape = text
      .split('\n')
      .filter(line => line !== '' && !OWN_METRICS.test(line))
      .join('\n')
      .concat('\n');
    const file = join(host.directory, 'expected.prom');
    if (process.env['GOLDEN'] === 'update') writeFileSync(file, scrape);
    const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
    t.same(scrape.split('\n'), expected.split('\n'), 'or run npm run test:golden and read the diff');
  });

/** Names that people's dashboards use, kept although the linter would choose others. */
const CADVISOR_NAMES = ['container_memory_failcnt ', 'container_fs_inodes_total '];

const promtoolMissing = spawnSync('promtool', ['--version']).error !== undefined;

t.test(
  'promtool finds nothing to say about the goldens but names that are cAdvisor’s',
  { skip: promtoolMissing && 'promtool is not installed' },
  async t => {
    for (const name of recordedHostNames()) {
      const input = readFileSync(join('test/hosts', name, 'expected.prom'));
      const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      });
      t.not(status, 1, `${name} is valid text format`);
      const findings = `${stdout}${stderr}`.split('\n').filter(line => line !== '');
      t.same(
        findings.filter(line => !CADVISOR_NAMES.some(known => line.startsWith(known))),
        [],
        name,
      );
    }
  },
);
