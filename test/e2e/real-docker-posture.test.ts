import { existsSync } from 'node:fs';
import t from 'tap';
import { startTestDaemon } from '../support/daemon.js';
import type { TestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import type { DockerDaemon } from '../support/docker-daemon.js';
import { differences, postureOf } from '../support/posture.js';
import { until } from '../support/process.js';

t.setTimeout(600_000);

/** What three of the five sets become, for the first process and for all. */
function capabilities(sets: Readonly<Record<string, readonly [count: number, mask: number]>>): string[] {
  return Object.entries(sets).flatMap(([set, [count, mask]]) =>
    ['any', 'init'].flatMap(scope => [
      `capabilities ${set} ${scope} 14 -> ${count}`,
      `capabilities_mask ${set} ${scope} 2818844155 -> ${mask}`,
    ]),
  );
}

function extra(capability: string, ...sets: readonly string[]): string[] {
  return sets.flatMap(set =>
    ['any', 'init'].map(scope => `capability_extra ${set} ${capability} ${scope} - -> 1`),
  );
}

function hostNamespace(kind: string): string[] {
  return [
    `namespace_foreign_processes ${kind} 0 -> -`,
    `namespace_host_shared ${kind} 0 -> 1`,
    `namespace_peers ${kind} 0 -> -`,
  ];
}

interface Toggle {
  readonly flags: (docker: DockerDaemon) => readonly string[];
  /** All that differs from a container without these flags. */
  readonly moves: readonly string[];
}

const TOGGLES: Readonly<Record<string, Toggle>> = {
  'no flag at all': { flags: () => [], moves: [] },
  'seccomp unconfined': {
    flags: () => ['--security-opt=seccomp=unconfined'],
    moves: [
      'seccomp_filters any 1 -> 0',
      'seccomp_filters init 1 -> 0',
      'seccomp_mode any 2 -> 0',
      'seccomp_mode init 2 -> 0',
      'seccomp_processes disabled 0 -> 1',
      'seccomp_processes filter 1 -> 0',
    ],
  },
  '--cap-add': {
    flags: () => ['--cap-add=NET_ADMIN'],
    moves: [
      ...capabilities({
        bounding: [15, 0xa8_04_35_fb],
        effective: [15, 0xa8_04_35_fb],
        permitted: [15, 0xa8_04_35_fb],
      }),
      ...extra('CAP_NET_ADMIN', 'bounding', 'effective', 'permitted'),
      'capability_processes CAP_NET_ADMIN - -> 1',
    ],
  },
  '--cap-drop ALL': {
    flags: () => ['--cap-drop=ALL'],
    moves: capabilities({ bounding: [0, 0], effective: [0, 0], permitted: [0, 0] }),
  },
  'a capability in the bounding set alone': {
    flags: () => ['--user=1000', '--cap-add=SYS_ADMIN'],
    moves: [
      ...capabilities({ bounding: [15, 0xa8_24_25_fb], effective: [0, 0], permitted: [0, 0] }),
      ...extra('CAP_SYS_ADMIN', 'bounding'),
      'root_processes container 1 -> 0',
      'root_processes host 1 -> 0',
      'uid any container 0 -> 1000',
      'uid any host 0 -> 1000',
      'uid init container 0 -> 1000',
      'uid init host 0 -> 1000',
    ],
  },
  'no-new-privileges': {
    flags: () => ['--security-opt=no-new-privileges'],
    moves: ['no_new_privileges any 0 -> 1', 'no_new_privileges init 0 -> 1'],
  },
  "another container's network": {
    flags: () => ['--network=container:other'],
    moves: ['namespace_peers net 0 -> 1'],
  },
  "another container's processes": {
    flags: () => ['--pid=container:other'],
    moves: ['namespace_peers pid 0 -> 1'],
  },
  "another container's IPC": {
    flags: () => ['--ipc=container:other'],
    moves: ['namespace_peers ipc 0 -> 1'],
  },
  "the host's network": { flags: () => ['--network=host'], moves: hostNamespace('net') },
  "the host's processes": { flags: () => ['--pid=host'], moves: hostNamespace('pid') },
  "the host's IPC": { flags: () => ['--ipc=host'], moves: hostNamespace('ipc') },
  "the host's name": { flags: () => ['--uts=host'], moves: hostNamespace('uts') },
  '--read-only': { flags: () => ['--read-only'], moves: ['rootfs_readonly 0 -> 1'] },
  "Docker's socket": {
    flags: ({ socketPath }) => [`--volume=${socketPath}:/var/run/docker.sock`],
    moves: ['sensitive_mount container_socket false - -> 1'],
  },
  "Docker's socket, read-only": {
    flags: ({ socketPath }) => [`--volume=${socketPath}:/var/run/docker.sock:ro`],
    moves: ['sensitive_mount container_socket true - -> 1'],
  },
  '/run with the sockets in it': {
    flags: () => ['--volume=/run:/host/run:ro'],
    moves: ['sensitive_mount container_socket true - -> 1'],
  },
  '/etc, read-only': {
    flags: () => ['--volume=/etc:/host/etc:ro'],
    moves: ['sensitive_mount etc true - -> 1'],
  },
  "the host's /proc": {
    flags: () => ['--volume=/proc:/host/proc'],
    moves: ['sensitive_mount proc false - -> 1'],
  },
  "the host's /proc over its own": {
    flags: () => ['--volume=/proc:/proc'],
    // What the runtime makes read-only there are the host's files, too.
    moves: ['sensitive_mount proc false - -> 1', 'sensitive_mount proc true - -> 1'],
  },
  "a part of the host's /proc": {
    flags: () => ['--volume=/proc/sys:/host/sysctl'],
    moves: ['sensitive_mount proc false - -> 1'],
  },
  'one file of /etc that is read-only': { flags: () => ['--volume=/etc/hostname:/host/name:ro'], moves: [] },
  'one file of /etc that can be written': {
    flags: () => ['--volume=/etc/hostname:/host/name'],
    moves: ['sensitive_mount etc false - -> 1'],
  },
  "the host's /sys in place of its own": {
    flags: () => ['--volume=/sys:/sys'],
    moves: ['sensitive_mount sys false - -> 1'],
  },
  "the host's programs": {
    flags: () => ['--volume=/usr/lib:/host/lib:ro'],
    moves: ['sensitive_mount lib true - -> 1'],
  },
  'limits that the kernel keeps': {
    flags: () => ['--memory=32m', '--cpus=0.5', '--pids-limit=20'],
    moves: [],
  },
};

async function start(docker: DockerDaemon, name: string, flags: readonly string[]): Promise<void> {
  const network = flags.some(flag => flag.startsWith('--network')) ? [] : ['--network=none'];
  await docker.cli('run', '--detach', '--name', name, ...network, ...flags, IMAGE, 'sleep', '9999');
}

/** Waits until a container's posture is this far from that of `plain`; fails with what is different. */
async function shows(daemon: TestDaemon, moves: readonly string[]): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await until(
    'its posture shows',
    async () => {
      const scrape = await daemon.scrape('?collect[]=confinement');
      const posture = postureOf(scrape, 'toggled');
      found = posture.size === 0 ? ['no series'] : differences(postureOf(scrape, 'plain'), posture);
      return found.join() === moves.join();
    },
    20,
  ).catch(() => undefined);
  return found;
}

t.test(
  'what is asked of Docker moves the series that it should, and no other',
  { skip: skipReason() },
  async t => {
    const docker = await startDockerDaemon();
    t.teardown(() => docker.stop());
    await start(docker, 'plain', []);
    await start(docker, 'other', ['--ipc=shareable']);
    const daemon = await startTestDaemon([`--docker.host=${docker.host}`, '--poll.max-age=0s']);
    t.teardown(() => daemon.stop());
    for (const [title, { flags, moves }] of Object.entries(TOGGLES)) {
      await start(docker, 'toggled', flags(docker));
      const expected = moves.toSorted();
      t.strictSame(await shows(daemon, expected), expected, title);
      await docker.cli('rm', '--force', 'toggled');
      t.strictSame(await shows(daemon, ['no series']), ['no series'], `${title}: gone with its container`);
    }
    const paths = await systemPaths(docker);
    await start(docker, 'toggled', ['--security-opt=systempaths=unconfined']);
    const opened = [`masked_paths_missing 0 -> ${paths.filter(path => existsSync(path)).length}`];
    t.strictSame(
      await shows(daemon, opened),
      opened,
      'systempaths=unconfined opens all that this kernel has',
    );
  },
);

/** What the runtime hides from `plain` or makes read-only, in its own words. */
async function systemPaths(docker: DockerDaemon): Promise<readonly string[]> {
  const format = '{{json .HostConfig.MaskedPaths}} {{json .HostConfig.ReadonlyPaths}}';
  const lists = (await docker.cli('inspect', '--format', format, 'plain')).split(' ');
  return lists.flatMap(list => JSON.parse(list) as string[]);
}
