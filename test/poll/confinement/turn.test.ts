import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { TurnMaker } from '../../../src/poll/confinement/turn.js';
import type { RuntimeFacts } from '../../../src/poll/confinement/turn.js';
import { Host } from '../../../src/poll/host.js';
import { KernelFiles } from '../../../src/read/kernel-file.js';
import { freshDirectory } from '../../serve/support.js';
import { container } from '../../support/container.js';
import { recordingReporter } from '../support.js';

function openMaker(t: Test, of: Partial<RuntimeFacts> = {}) {
  const rootfs = freshDirectory(t);
  const procfs = join(rootfs, 'elsewhere/proc');
  mkdirSync(procfs, { recursive: true });
  const paths = { rootfs, procfs, cgroupfs: '/nonexistent' };
  const host = new Host(paths, new KernelFiles(0), recordingReporter([]));
  const runtime = {
    storageDirectory: '/var/lib/docker',
    securityOptions: ['name=apparmor'],
    runtimeSocket: undefined,
    knows: (id: string) => id === 'known',
    ...of,
  };
  const failed: unknown[] = [];
  const maker = new TurnMaker(paths, host, runtime, (...failure) => void failed.push(failure));
  return { maker, rootfs, procfs, failed, host };
}

const IDS = new Set(['c1']);

t.test('what a round knows of host and runtime', async t => {
  const { maker, failed, host } = openMaker(t);
  const turn = maker.turn(1_700_000_000, 5, true, IDS);
  t.match(turn, { nowSeconds: 1_700_000_000, monotonicSeconds: 5, slow: true });
  t.equal(turn.containerIds, IDS);
  t.equal(turn.host, host.facts.confinement);
  t.equal(turn.hostPaths.mounts, host.facts.mounts);
  t.equal(turn.hostPaths.dockerRoot, '/var/lib/docker');
  t.strictSame(turn.daemonOptions, ['name=apparmor']);
  t.equal(turn.isKnown('known'), true);
  t.equal(turn.isKnown('unknown'), false);
  const web = container();
  turn.failed(web, 'why');
  t.strictSame(failed, [[web, 'why']]);
});

t.test('sockets: where runtimes listen by default, and where this one does', async t => {
  const sockets = (runtimeSocket: string | undefined): readonly string[] =>
    openMaker(t, { runtimeSocket }).maker.turn(1, 1, true, IDS).hostPaths.containerSockets;
  const usual = sockets(undefined);
  t.ok(usual.includes('/run/docker.sock'));
  t.ok(usual.includes('/run/containerd/containerd.sock'));
  t.strictSame(sockets('/srv/d.sock').slice(usual.length), ['/srv/d.sock']);
  t.strictSame(
    sockets('/var/run/user/d.sock').slice(usual.length),
    ['/var/run/user/d.sock', '/run/user/d.sock'],
    '/var/run is /run by another name',
  );
});

t.test('which paths this kernel has is asked once per slow turn', async t => {
  const { maker, rootfs, procfs } = openMaker(t);
  mkdirSync(join(rootfs, 'sys/firmware'), { recursive: true });
  writeFileSync(join(procfs, 'kcore'), '');
  const { kernelHas } = maker.turn(1, 1, true, IDS);
  t.equal(kernelHas('/proc/kcore'), true, 'below --path.procfs');
  t.equal(kernelHas('/sys/firmware'), true, 'below --path.rootfs');
  t.equal(kernelHas('/proc/latency_stats'), false);
  rmSync(join(procfs, 'kcore'));
  t.equal(maker.turn(1, 1, false, IDS).kernelHas('/proc/kcore'), true);
  t.equal(maker.turn(1, 1, true, IDS).kernelHas('/proc/kcore'), false);
});
