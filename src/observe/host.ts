import type { DockerHost } from '../discover/docker-reply.js';
import { cgroupLayout } from '../locate/hierarchies.js';
import { hostInfoRecorder } from '../metrics/host-info.js';
import type { SelfRecorder } from '../metrics/self.js';
import { NAMESPACE_KINDS } from '../model/confinement/namespace-kinds.js';
import type { NamespaceKind } from '../model/confinement/namespace-kinds.js';
import type { HostFacts } from '../poll/host.js';

/** Records what is known of the host; called at each scrape. */
export function hostRecorder(
  recorder: SelfRecorder,
): (
  facts: HostFacts,
  docker: DockerHost | undefined,
  unmanaged: Readonly<Record<NamespaceKind, number>> | undefined,
) => void {
  const recordInfo = hostInfoRecorder(recorder);
  return ({ confinement, cpuCores, memoryBytes, hierarchies }, docker, unmanaged) => {
    recorder.set('machine_cpu_cores', {}, cpuCores);
    recorder.set('machine_memory_bytes', {}, memoryBytes);
    recordInfo({
      ...confinement,
      // Without securityfs the kernel does not list its modules, but those that label processes are known.
      securityModules: confinement.securityModules ?? confinement.labels.flatMap(({ controls }) => controls),
      kernelRelease: confinement.kernelRelease ?? docker?.kernelVersion,
      cgroup: cgroupLayout(hierarchies),
      dockerVersion: docker?.version,
      securityOptions: docker?.securityOptions,
    });
    for (const namespace of NAMESPACE_KINDS)
      recorder.set('confined_unmanaged_namespaces', { namespace }, unmanaged?.[namespace]);
  };
}
