import { execFileSync } from 'node:child_process';
import t from 'tap';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import { KernelFiles } from '../support/kernel-files.js';
import { compareProcess } from '../support/process-truth.js';

t.setTimeout(300_000);

const CONTAINERS: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  debug: ['--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined', '--pid=host', '--ipc=host'],
  locked: ['--cap-drop=ALL', '--user=1000:1000', '--security-opt=no-new-privileges', '--read-only'],
  bounding: ['--user=65534', '--cap-add=NET_ADMIN'],
};

t.test('every process of real containers, as the shell reads it', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  for (const [name, flags] of Object.entries(CONTAINERS))
    await docker.run('--name', name, ...flags, IMAGE, 'sh', '-c', 'sleep 9999 & sleep 9999 & wait');
  await docker.cli('exec', '--detach', 'plain', 'chroot', '/bin', '/busybox', 'sleep', '9999');
  await docker.cli('exec', '--detach', '--user=0', 'bounding', 'sleep', '9999');
  let compared = 0;
  for (const name of Object.keys(CONTAINERS)) {
    const kernel = new KernelFiles((await docker.inspect(name)).State.Pid);
    const list = execFileSync('cat', [`${kernel.directory('memory')}/cgroup.procs`], { encoding: 'utf8' });
    for (const pid of list.trim().split('\n')) {
      compareProcess(t, { procfs: '/proc', rootfs: '' }, Number(pid), `${name} ${pid}`);
      compared += 1;
    }
  }
  t.ok(compared >= 14, `${compared} processes`);
});
