import t from 'tap';
import { startTestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import { decodeCapabilities, KernelFiles } from '../support/kernel-files.js';

t.setTimeout(300_000);

/** moby/profiles, the capabilities that a container has without being asked for others. */
const DOCKER_DEFAULT = '00000000a80425fb';
const SETS = {
  effective: 'CapEff',
  permitted: 'CapPrm',
  inheritable: 'CapInh',
  bounding: 'CapBnd',
  ambient: 'CapAmb',
};

const CONTAINERS: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  unconfined: ['--security-opt=seccomp=unconfined'],
  added: ['--cap-add=NET_ADMIN', '--cap-add=SYS_PTRACE'],
  dropped: ['--cap-drop=ALL'],
  one: ['--cap-drop=ALL', '--cap-add=NET_BIND_SERVICE'],
  user: ['--user=1000:1000'],
  pinned: ['--security-opt=no-new-privileges'],
  readonly: ['--read-only', '--user=65534'],
};

t.test('a real Docker daemon', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  for (const [name, flags] of Object.entries(CONTAINERS))
    await docker.run('--name', name, ...flags, IMAGE, 'sleep', '9999');
  const daemon = await startTestDaemon([`--docker.host=${docker.host}`, '--poll.max-age=0s']);
  t.teardown(() => daemon.stop());
  const scrape = await daemon.scrape();

  for (const name of Object.keys(CONTAINERS))
    t.test(`${name}: what confines it, as the kernel and capsh say`, async t => {
      const kernel = new KernelFiles((await docker.inspect(name)).State.Pid);
      const init = { name, scope: 'init' };
      const flags = CONTAINERS[name] ?? [];
      t.equal(scrape.value('container_seccomp_mode', init), Number(kernel.status('Seccomp')));
      t.same(
        scrape.values('container_seccomp_filters', init),
        kernel.status('Seccomp_filters') === '' ? [] : [Number(kernel.status('Seccomp_filters'))],
      );
      t.equal(scrape.value('container_no_new_privileges', init), Number(kernel.status('NoNewPrivs')));
      for (const [set, field] of Object.entries(SETS)) {
        const mask = kernel.status(field);
        const names = decodeCapabilities(mask);
        t.equal(scrape.value('container_capabilities_mask', { ...init, set }), Number(`0x${mask}`), field);
        t.equal(scrape.value('container_capabilities', { ...init, set }), names.length, field);
        const usual = decodeCapabilities(DOCKER_DEFAULT);
        const extra = scrape.series.filter(
          one =>
            one.name === 'container_capability_extra' &&
            one.labels['name'] === name &&
            one.labels['scope'] === 'init' &&
            one.labels['set'] === set,
        );
        t.same(
          extra.map(({ labels }) => labels['capability'] ?? '').toSorted(),
          names.filter(capability => !usual.includes(capability)),
          field,
        );
      }
      t.equal(
        kernel.status('NoNewPrivs'),
        flags.some(flag => flag.includes('no-new')) ? '1' : '0',
        'as asked for',
      );
    });

  t.test('what was asked for is what shows', async t => {
    const value = (metric: string, name: string, set?: string): number =>
      scrape.value(`container_${metric}`, { name, scope: 'init', ...(set === undefined ? {} : { set }) });
    t.equal(value('capabilities', 'plain', 'effective'), 14);
    t.equal(value('capabilities_mask', 'plain', 'effective'), 0xa8_04_25_fb);
    t.equal(value('capabilities', 'added', 'effective'), 16);
    t.equal(value('capabilities', 'dropped', 'bounding'), 0);
    t.equal(value('capabilities', 'one', 'bounding'), 1);
    t.equal(value('capabilities', 'user', 'effective'), 0);
    t.equal(value('seccomp_mode', 'unconfined'), 0);
    t.equal(value('no_new_privileges', 'pinned'), 1);
  });
});
