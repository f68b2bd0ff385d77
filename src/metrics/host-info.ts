import type { SelfRecorder } from './self.js';

/** What `confined_host_info` says; a part that is not known is left out. */
export interface HostInfo {
  readonly kernelRelease: string | undefined;
  readonly securityModules: readonly string[] | undefined;
  readonly cgroup: string | undefined;
  readonly hasSeccomp: boolean | undefined;
  readonly lastCapability: number | undefined;
  readonly dockerVersion: string | undefined;
  readonly securityOptions: readonly string[] | undefined;
  /** Whether the namespaces and root directories of all processes can be read. */
  readonly mayTrace: boolean;
}

/** Keeps the one series of `confined_host_info` true: it is replaced when anything of it changes. */
export function hostInfoRecorder(recorder: SelfRecorder): (info: HostInfo) => void {
  let last: ReturnType<typeof labelsOf> | undefined;
  return info => {
    const labels = labelsOf(info);
    if (last !== undefined && JSON.stringify(last) === JSON.stringify(labels)) return;
    if (last !== undefined) recorder.set('confined_host_info', last, undefined);
    recorder.set('confined_host_info', labels, 1);
    last = labels;
  };
}

function labelsOf(
  info: HostInfo,
): Record<
  | 'kernel'
  | 'lsm'
  | 'cgroup'
  | 'seccomp'
  | 'last_capability'
  | 'docker_version'
  | 'security_options'
  | 'ptrace',
  string
> {
  return {
    kernel: info.kernelRelease ?? '',
    lsm: info.securityModules?.join(',') ?? '',
    cgroup: info.cgroup ?? '',
    seccomp: yesOrNo(info.hasSeccomp),
    last_capability: String(info.lastCapability ?? ''),
    docker_version: info.dockerVersion ?? '',
    security_options: info.securityOptions?.map(option => option.replace(/^name=/, '')).join(';') ?? '',
    ptrace: yesOrNo(info.mayTrace),
  };
}

function yesOrNo(value: boolean | undefined): string {
  if (value === undefined) return '';
  return value ? 'yes' : 'no';
}
