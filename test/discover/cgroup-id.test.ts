import t from 'tap';
import { containerOfCgroup } from '../../src/discover/cgroup-id.js';

const id = 'b2dfdd066678a2dc59127c914e42e32deb3353e208e6a2aa18d610f9b78ca1c9';
const other = 'c8fbc9a261b212c6b3fb3afd44507839e0fc9c94e930a24489c8962805c8c11d';

const known: [path: string, runtime: string, own: string][] = [
  [`/docker/${id}`, 'docker', `/docker/${id}`],
  [`/system.slice/docker-${id}.scope`, 'docker', `/system.slice/docker-${id}.scope`],
  [`/../docker-${id}.scope`, 'docker', `/../docker-${id}.scope`],
  [
    `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`,
    'docker',
    `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`,
  ],
  [`/ecs/cluster/task/${id}`, 'docker', `/ecs/cluster/task/${id}`],
  [`/my-parent/${id}`, 'docker', `/my-parent/${id}`],
  [`/machine.slice/libpod-${id}.scope`, 'podman', `/machine.slice/libpod-${id}.scope`],
  [`/machine.slice/libpod-${id}.scope/container`, 'podman', `/machine.slice/libpod-${id}.scope`],
  [`/libpod_parent/libpod-${id}`, 'podman', `/libpod_parent/libpod-${id}`],
  [
    `/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`,
    'containerd',
    `/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`,
  ],
  [
    `/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:${id}`,
    'containerd',
    `/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:${id}`,
  ],
  [`/kubepods/besteffort/pod1/${id}`, 'containerd', `/kubepods/besteffort/pod1/${id}`],
  [`/kubepods.slice/crio-${id}.scope`, 'cri-o', `/kubepods.slice/crio-${id}.scope`],
  // systemd or another Docker inside of the container: all of it is the container's.
  [`/docker/${id}/init`, 'docker', `/docker/${id}`],
  [`/docker/${id}/docker/${other}`, 'docker', `/docker/${id}`],
];
for (const [path, runtime, own] of known) {
  t.test(path, async t => t.same(containerOfCgroup(path), { id, runtime, path: own }));
}

const unknown = [
  '/',
  '',
  '/docker',
  '/system.slice/docker.service',
  `/machine.slice/libpod-conmon-${id}.scope`,
  `/kubepods.slice/crio-conmon-${id}.scope`,
  `/docker/${id.slice(1)}`,
  `/docker/${id}0`,
  `/docker/${id.toUpperCase()}`,
  `/system.slice/run-docker-${id}-runc.mount`,
];
for (const path of unknown) {
  t.test(`no container: ${path}`, async t => t.equal(containerOfCgroup(path), undefined));
}
