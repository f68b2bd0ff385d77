import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { IMAGE, type DockerDaemon } from './docker-daemon.js';

interface Example {
  readonly name: string;
  readonly project: string;
  readonly flags: readonly string[];
  /** Run by the container's shell. */
  readonly script: string;
}

/** The two ends of a cable, and somebody who asks for a neighbour that is not there. */
const ADD_INTERFACE = `ip link add eth0 type veth peer name eth1 && ip link set eth1 up && ip link set eth0 up &&
  ip address add 10.99.0.1/24 dev eth0 && while :; do busybox nc -w 1 10.99.0.9 9; sleep 2; done`;
const SLEEP = 'sleep 99999';
const LIMITS = ['--cpus=0.5', '--memory=64m', '--pids-limit=100'];

/** A shop as Compose would start it, next to what goes wrong on hosts: what dashboards are there to show. */
const EXAMPLES: readonly Example[] = [
  {
    name: 'web',
    project: 'shop',
    flags: [...LIMITS, '--health-cmd=true', '--health-interval=2s'],
    script: 'while :; do i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; sleep 1; done',
  },
  {
    name: 'db',
    project: 'shop',
    flags: ['--memory=96m', '--restart=unless-stopped'],
    script: 'while :; do dd if=/dev/zero of=/tmp/data bs=1M count=24 conv=fsync; sleep 5; done',
  },
  {
    name: 'worker',
    project: 'shop',
    flags: ['--cpus=0.1', '--memory=32m', '--pids-limit=20'],
    script: 'while :; do :; done',
  },
  {
    name: 'cache',
    project: 'shop',
    flags: [
      ...LIMITS,
      '--read-only',
      '--user=1000',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges:true',
    ],
    script: SLEEP,
  },
  {
    name: 'importer',
    project: 'shop',
    flags: ['--memory=16m', '--memory-swap=16m'],
    // The one that asks for more than there may be is ended, the shell lives on.
    script: 'while :; do dd if=/dev/zero of=/dev/null bs=32M count=1; sleep 7; done',
  },
  {
    name: 'flaky',
    project: 'shop',
    flags: ['--restart=always'],
    script: 'sleep 12; exit 3',
  },
  {
    name: 'debug',
    project: 'ops',
    flags: ['--security-opt=seccomp=unconfined', '--cap-add=SYS_ADMIN', '--pid=host'],
    script: SLEEP,
  },
  {
    name: 'agent',
    project: 'ops',
    flags: ['--cap-add=NET_ADMIN', '--volume=/etc:/host/etc:ro', '--uts=host'],
    script: SLEEP,
  },
];

/**
 * Starts these containers, one of them with the daemon's own socket, another with a network interface; processes of the
 * host stand in the networks of two, and one container has ended. Answers what ends the process of the host.
 */
export async function startExampleShop(docker: DockerDaemon): Promise<() => Promise<void>> {
  const socket = `--volume=${docker.socketPath}:/var/run/docker.sock`;
  for (const { name, project, flags, script } of EXAMPLES) {
    await docker.cli('tag', IMAGE, `${project}/${name}:1.4`);
    const labels = [
      `--label=com.docker.compose.project=${project}`,
      `--label=com.docker.compose.service=${name}`,
    ];
    const mounts = name === 'agent' ? [socket] : [];
    await docker.run(
      '--name',
      name,
      ...labels,
      ...flags,
      ...mounts,
      `${project}/${name}:1.4`,
      'sh',
      '-c',
      script,
    );
  }
  await docker.run('--name', 'migration', IMAGE, 'false');
  const strangers = [
    await enter(docker, 'web', ['sh', '-c', ADD_INTERFACE]),
    await enter(docker, 'db', ['sleep', '99999']),
  ];
  return async () => {
    for (const stranger of strangers) {
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
    }
  };
}

/** Starts a program of the host in the network namespace of a container. */
async function enter(docker: DockerDaemon, name: string, command: readonly string[]): Promise<ChildProcess> {
  const { State } = await docker.inspect(name);
  return spawn('nsenter', ['--target', String(State.Pid), '--net', ...command], { stdio: 'ignore' });
}
