import { execFileSync } from 'node:child_process';
import type { Test } from 'tap';
import { NAMESPACE_KINDS } from '../../src/model/confinement/namespace-kinds.js';
import { readHostConfinement } from '../../src/poll/confinement/host-confinement.js';
import { ProcessFiles } from '../../src/poll/confinement/process-files.js';
import { KernelFiles } from '../../src/read/kernel-file.js';
import { capabilityNames } from '../../src/model/capabilities.js';
import { decodeCapabilities } from './kernel-files.js';
import { recordingReporter } from '../poll/support.js';

const SETS = {
  inheritable: 'CapInh',
  permitted: 'CapPrm',
  effective: 'CapEff',
  bounding: 'CapBnd',
  ambient: 'CapAmb',
} as const;

/** A few lines of shell, with nothing of the exporter in them. */
function shell(script: string, ...args: readonly string[]): string {
  return execFileSync('sh', ['-c', script, 'sh', ...args], { encoding: 'utf8' }).replace(/[\n\0]+$/, '');
}

/** Compares all that is decoded of a process with what grep, readlink, cat, awk and capsh say of it. */
export function compareProcess(
  t: Test,
  paths: { readonly procfs: string; readonly rootfs: string },
  pid: number,
  name: string,
): void {
  const files = new KernelFiles(0);
  const host = readHostConfinement(paths, files);
  const context = { procfs: paths.procfs, files, reporter: recordingReporter([]) };
  const process = new ProcessFiles(pid, context, host);
  t.equal(process.look(true, 0), 'seen', name);
  const seen = process.confinement;
  if (seen === undefined) return;
  const directory = `${paths.procfs}/${pid}`;
  const field = (key: string): string =>
    shell('grep "^$1:" "$2/status" | cut -f 2- | cut -f 2 -d "	"', key, directory);
  const first = (key: string): string => shell('sed -n "s/^$1:[ 	]*//p" "$2/status"', key, directory);
  const number = (text: string): number | undefined => (text === '' ? undefined : Number(text));
  t.equal(seen.seccompMode, number(first('Seccomp')), `${name} seccomp`);
  t.equal(seen.seccompFilters, number(first('Seccomp_filters')), `${name} filters`);
  t.equal(Number(seen.noNewPrivileges), number(first('NoNewPrivs')), `${name} no new privileges`);
  t.equal(seen.user.hostUid, number(field('Uid')), `${name} user`);
  for (const [set, key] of Object.entries(SETS)) {
    const mask: bigint = seen.capabilities[set as keyof typeof SETS] ?? -1n;
    t.strictSame([...capabilityNames(mask)].toSorted(), decodeCapabilities(first(key)), `${name} ${key}`);
  }
  compareLinks(t, seen, directory, name);
  compareLabel(t, seen, directory, name);
}

type Confinement = NonNullable<ProcessFiles['confinement']>;

function compareLinks(t: Test, seen: Confinement, directory: string, name: string): void {
  for (const kind of NAMESPACE_KINDS) {
    const link = shell('readlink "$1" || true', `${directory}/ns/${kind}`);
    t.equal(
      seen.namespaces[kind],
      link === '' ? undefined : Number(/\d+/.exec(link)?.[0]),
      `${name} ${kind}`,
    );
  }
  const root = shell('readlink "$1" || true', `${directory}/root`);
  t.equal(seen.rootDirectory ?? '', root, `${name} root directory`);
  const inside = shell(
    'awk -v id="$2" \'id >= $2 && id < $2 + $3 { print $1 + id - $2; exit }\' "$1/uid_map"',
    directory,
    String(seen.user.hostUid),
  );
  t.equal(seen.user.containerUid, inside === '' ? undefined : Number(inside), `${name} user inside`);
}

function compareLabel(t: Test, seen: Confinement, directory: string, name: string): void {
  const label = shell(
    'cat "$1/attr/apparmor/current" 2>/dev/null || cat "$1/attr/current" 2>/dev/null | tr -d "\\000" || true',
    directory,
  );
  const { apparmor, selinux } = seen.label;
  const said =
    selinux === undefined
      ? apparmor && `${apparmor.profile}${apparmor.mode === 'unconfined' ? '' : ` (${apparmor.mode})`}`
      : [selinux.user, selinux.role, selinux.type, selinux.level].join(':');
  t.equal(said ?? '', label, `${name} label`);
}
