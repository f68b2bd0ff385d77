import type { ContainerConfiguration } from '../../discover/container.js';
import { ALL_CAPABILITIES, capabilityBit, DOCKER_DEFAULT_CAPABILITIES } from '../capabilities.js';

/** What the runtime's daemon says of itself: the options of `GET /info`; absent where it was not asked. */
export type DaemonSecurityOptions = readonly string[] | undefined;

/** How a container should be confined by its configuration. Absent where the configuration does not say. */
export interface ExpectedConfinement {
  /** Whether a seccomp filter was to be attached. */
  readonly seccompFiltered: boolean | undefined;
  readonly apparmorConfined: boolean | undefined;
  readonly selinuxConfined: boolean | undefined;
  readonly noNewPrivileges: boolean;
  /** All that it may hold; absent where it may hold everything. */
  readonly capabilities: bigint | undefined;
  readonly rootReadonly: boolean;
  /** Whether another user than root was asked for. */
  readonly unprivilegedUser: boolean;
  readonly privileged: boolean;
}

/** Reads a container's configuration as its runtime does (moby, daemon/oci_linux.go and pkg/oci/caps). */
export function expectedConfinement(
  configuration: ContainerConfiguration,
  daemonOptions: DaemonSecurityOptions,
): ExpectedConfinement {
  const options = securityOptions(configuration.securityOptions ?? []);
  const privileged = configuration.privileged === true;
  return {
    privileged,
    seccompFiltered: expectsSeccomp(options('seccomp').at(-1), privileged, daemonOptions),
    apparmorConfined: expectsAppArmor(
      options('apparmor').at(-1) ?? configuration.appArmorProfile,
      privileged,
    ),
    selinuxConfined: expectsSelinux(options('label'), privileged, daemonOptions),
    noNewPrivileges: expectsNoNewPrivileges(options('no-new-privileges').at(-1), daemonOptions),
    capabilities: privileged ? undefined : expectedCapabilities(configuration),
    rootReadonly: configuration.readonlyRootfs === true,
    unprivilegedUser: isUnprivilegedUser(configuration.user),
  };
}

/** `name=value`, `name:value` as older clients wrote it, or a name alone; a name may come more than once. */
function securityOptions(options: readonly string[]): (name: string) => readonly string[] {
  const pairs = options.map(option => {
    const [, name = '', value = ''] = /^([a-z-]+)(?:[=:](.*))?$/su.exec(option) ?? [];
    return { name, value };
  });
  return wanted => pairs.filter(({ name }) => name === wanted).map(({ value }) => value);
}

/** A daemon lists what it does by default as `name=seccomp,profile=builtin`, and earlier as `seccomp`. */
function daemonOption(daemonOptions: readonly string[], name: string): string | undefined {
  return daemonOptions.find(option => option === name || option.split(',')[0] === `name=${name}`);
}

function expectsSeccomp(
  option: string | undefined,
  privileged: boolean,
  daemonOptions: DaemonSecurityOptions,
): boolean | undefined {
  if (privileged || option === 'unconfined') return false;
  if (option !== undefined) return true;
  if (daemonOptions === undefined) return undefined;
  const daemon = daemonOption(daemonOptions, 'seccomp');
  return daemon !== undefined && !daemon.includes('profile=unconfined');
}

/** Docker writes down the profile that it loaded, and nothing where the host has no AppArmor. */
function expectsAppArmor(profile: string | undefined, privileged: boolean): boolean | undefined {
  if (profile === undefined || profile === '') return undefined;
  return !privileged && profile !== 'unconfined';
}

function expectsSelinux(
  labels: readonly string[],
  privileged: boolean,
  daemonOptions: DaemonSecurityOptions,
): boolean | undefined {
  if (privileged || labels.includes('disable')) return false;
  if (labels.some(label => label.startsWith('type:'))) return undefined;
  if (daemonOptions === undefined) return undefined;
  return daemonOption(daemonOptions, 'selinux') === undefined ? undefined : true;
}

function expectsNoNewPrivileges(option: string | undefined, daemonOptions: DaemonSecurityOptions): boolean {
  if (option !== undefined) return option !== 'false';
  return daemonOptions !== undefined && daemonOption(daemonOptions, 'no-new-privileges') !== undefined;
}

/** Podman's default is a part of Docker's, so that what exceeds this exceeds both. */
function expectedCapabilities({ capAdd = [], capDrop = [] }: ContainerConfiguration): bigint {
  const added = capAdd.map(name => name.toUpperCase());
  const dropped = capDrop.map(name => name.toUpperCase());
  let mask = DOCKER_DEFAULT_CAPABILITIES;
  if (dropped.includes('ALL')) mask = 0n;
  if (added.includes('ALL')) mask = ALL_CAPABILITIES;
  for (const name of dropped) mask &= ~(capabilityBit(name) ?? 0n);
  for (const name of added) mask |= capabilityBit(name) ?? 0n;
  return mask;
}

function isUnprivilegedUser(user: string | undefined): boolean {
  const name = user?.split(':')[0] ?? '';
  return name !== '' && name !== 'root' && !/^0+$/.test(name);
}
