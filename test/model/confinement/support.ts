import type { Control } from '../../../src/model/confinement/controls.js';
import type {
  CapabilityMasks,
  ProcessConfinement,
  ProcessUser,
} from '../../../src/model/confinement/process.js';
import { parseMountinfo } from '../../../src/parse/mountinfo.js';
import type { MountInfo } from '../../../src/parse/mountinfo.js';

export const DOCKER_MASK = 0xa80425fbn;

export interface ProcessFacts extends Omit<
  Partial<ProcessConfinement>,
  'capabilities' | 'user' | 'unverified'
> {
  readonly capabilities?: Partial<CapabilityMasks>;
  readonly user?: Partial<ProcessUser>;
  readonly unverified?: readonly Control[];
}

const UNKNOWN_MASKS: CapabilityMasks = {
  effective: undefined,
  permitted: undefined,
  inheritable: undefined,
  bounding: undefined,
  ambient: undefined,
};
const UNKNOWN_USER: ProcessUser = { containerUid: undefined, hostUid: undefined, remapped: undefined };

/** A process of which nothing is known but what a test says. */
export function unknownProcess(of: ProcessFacts = {}): ProcessConfinement {
  return {
    seccompMode: undefined,
    seccompFilters: undefined,
    noNewPrivileges: undefined,
    label: {},
    namespaces: {},
    rootDirectory: undefined,
    ...of,
    capabilities: { ...UNKNOWN_MASKS, ...of.capabilities },
    user: { ...UNKNOWN_USER, ...of.user },
    unverified: new Map((of.unverified ?? []).map(control => [control, 'a test says so'])),
  };
}

/** The first process of a container that Docker started with its defaults, on a host with AppArmor. */
export function confinedProcess(of: ProcessFacts = {}): ProcessConfinement {
  return unknownProcess({
    seccompMode: 2,
    seccompFilters: 1,
    noNewPrivileges: false,
    label: { apparmor: { profile: 'docker-default', mode: 'enforce', confined: true } },
    rootDirectory: '/',
    ...of,
    capabilities: {
      effective: DOCKER_MASK,
      permitted: DOCKER_MASK,
      inheritable: 0n,
      bounding: DOCKER_MASK,
      ambient: 0n,
      ...of.capabilities,
    },
    user: { containerUid: 0, hostUid: 0, remapped: false, ...of.user },
  });
}

/** The mounts of a mountinfo. */
export function mountsOf(text: string): readonly MountInfo[] {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  const bytes = new TextEncoder().encode(lines.map(line => `${line}\n`).join(''));
  return parseMountinfo(bytes, bytes.length);
}
