import { chmodSync } from 'node:fs';
import t from 'tap';
import type { Test } from 'tap';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import { parseExposition } from '../support/exposition.js';
import type { Exposition } from '../support/exposition.js';
import { buildProgram, until } from '../support/process.js';

t.setTimeout(300_000);

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
/** All that processes and their mounts tell. */
const OF_PROCESSES = [
  'apparmor',
  'capabilities',
  'masked_paths',
  'namespaces',
  'no_new_privileges',
  'privileged',
  'readonly_rootfs',
  'root_directory',
  'seccomp',
  'selinux',
  'sensitive_mounts',
  'user',
];

interface Mode {
  /** What starts the program. */
  readonly wrapper: readonly string[];
  readonly unverified: readonly string[];
  readonly ptrace: 'yes' | 'no';
  readonly says: RegExp;
}

const MODES: Readonly<Record<string, Mode>> = {
  root: { wrapper: [], unverified: [], ptrace: 'yes', says: /may be read \(CAP_SYS_PTRACE\)/ },
  'a user without capabilities': {
    wrapper: NOBODY,
    unverified: ['namespaces', 'root_directory'],
    ptrace: 'no',
    says: /count as unverified/,
  },
  'a user with CAP_SYS_PTRACE': {
    wrapper: [...NOBODY, '--inh-caps=+sys_ptrace', '--ambient-caps=+sys_ptrace'],
    unverified: [],
    ptrace: 'yes',
    says: /may be read \(CAP_SYS_PTRACE\)/,
  },
  'a user whose /proc hides the processes of others': {
    wrapper: [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount -t proc -o hidepid=2 proc /proc && exec "$@"',
      'sh',
      ...NOBODY,
    ],
    unverified: OF_PROCESSES,
    ptrace: 'no',
    says: /no process of any container can be seen/,
  },
  'another pid namespace': {
    wrapper: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'],
    unverified: OF_PROCESSES,
    ptrace: 'yes',
    says: /no process of any container can be seen/,
  },
};

/** Nothing that could not be read has a value that somebody could take for safe. */
function nothingReadsAsSafe(t: Test, scrape: Exposition, unverified: readonly string[]): void {
  const web = scrape.series.filter(({ labels }) => labels['name'] === 'web');
  const has = (metric: RegExp): boolean => web.some(({ name }) => metric.test(name));
  t.equal(has(/_namespace_(inode|host_shared|peers|foreign)/), !unverified.includes('namespaces'));
  t.equal(has(/_chrooted_processes/), !unverified.includes('root_directory'));
  t.equal(has(/_(seccomp_mode|capabilities|no_new_privileges|uid)/), !unverified.includes('seccomp'));
  t.equal(has(/_(rootfs_readonly|masked_paths_missing)/), !unverified.includes('masked_paths'));
  t.equal(
    scrape.values('container_privileged', { name: 'web', view: 'kernel' }).length,
    Number(!unverified.includes('privileged')),
  );
  t.equal(
    scrape.values('container_posture_drift', { name: 'web', control: 'seccomp' }).length,
    Number(!unverified.includes('seccomp')),
  );
}

t.test('what can be seen, and what is told of the rest', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  await docker.run('--name=web', IMAGE, 'sleep', '9999');
  chmodSync(docker.directory, 0o711);
  chmodSync(docker.socketPath, 0o666);
  const program = buildProgram(t);
  for (const [name, { wrapper, unverified, ptrace, says }] of Object.entries(MODES))
    t.test(`run as ${name}`, async t => {
      const running = await program.start(t, [`--docker.host=${docker.host}`], { wrapper });
      const scrape = async (): Promise<Exposition> => parseExposition((await running.fetch('/metrics')).text);
      const told = async (): Promise<string[]> =>
        (await scrape()).series
          .filter(one => one.name === 'container_posture_unverified' && one.labels['name'] === 'web')
          .map(one => one.labels['control'] ?? '')
          .toSorted();
      await until(
        'web is seen',
        async () => (await scrape()).values('container_info', { name: 'web' }).length === 1,
      );
      t.strictSame(await told(), unverified);
      const last = await scrape();
      nothingReadsAsSafe(t, last, unverified);
      t.equal(last.value('confined_host_info', { ptrace }), 1);
      const unmanaged = last.values('confined_unmanaged_namespaces', { namespace: 'pid' });
      t.equal(unmanaged.length, Number(unverified.length === 0));
      t.ok(running.logged(says).length > 0, running.stdout);
      const success = last.value('confined_collector_success', { collector: 'confinement' });
      t.equal(success, Number(!unverified.includes('seccomp')));
    });
});
