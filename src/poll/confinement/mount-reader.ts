import { isDeepStrictEqual } from 'node:util';
import type { ContainerConfiguration } from '../../discover/container.js';
import { DOCKER_SYSTEM_PATHS } from '../../model/confinement/masked-paths.js';
import { mountFacts } from '../../model/confinement/mounts.js';
import type { MountFacts } from '../../model/confinement/mounts.js';
import type { Namespaces, ProcessConfinement } from '../../model/confinement/process.js';
import type { SharedNamespaces } from '../../model/confinement/sensitive-mounts.js';
import { parseMountinfo } from '../../parse/mountinfo.js';
import { failureOf } from '../../read/kernel-file.js';
import type { LookContext } from './confinement-sampler.js';
import type { ProcessContext } from './process-files.js';

/** Reads and judges the mounts of a container's first process (`/proc/<pid>/mountinfo`). */
export class MountReader {
  /** As they were read last; another object when anything changed. */
  facts: MountFacts | undefined;
  /** Why there are none. */
  failure: string | undefined = 'mountinfo: not read yet';
  private content: Uint8Array = new Uint8Array();
  private hostPaths: object | undefined;
  private configuration: object | undefined;

  private readonly context: ProcessContext;

  constructor(context: ProcessContext) {
    this.context = context;
  }

  read(
    pid: number,
    init: ProcessConfinement | undefined,
    configuration: ContainerConfiguration,
    look: LookContext,
  ): void {
    const { files, procfs } = this.context;
    const path = `${procfs}/${pid}/mountinfo`;
    const length = files.readOnce(path);
    if (length < 0) {
      this.fail(`mountinfo: ${failureOf(length)}`);
      return;
    }
    const bytes = files.bytes.subarray(0, length);
    const { hostPaths } = look;
    if (
      this.failure === undefined &&
      hostPaths === this.hostPaths &&
      configuration === this.configuration &&
      Buffer.compare(bytes, this.content) === 0
    )
      return;
    this.content = bytes.slice();
    this.hostPaths = hostPaths;
    this.configuration = configuration;
    try {
      const facts = judge(this.content, init?.namespaces, configuration, look);
      if (!isDeepStrictEqual(facts, this.facts)) this.facts = facts;
      this.failure = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.context.reporter.parseFailed('confinement', 'mountinfo', message, path);
      this.fail(`mountinfo: ${message}`);
    }
  }

  /** The first process is not there to be read. */
  fail(reason: string): void {
    this.facts = undefined;
    this.failure = reason;
  }
}

function judge(
  content: Uint8Array,
  namespaces: Namespaces | undefined,
  configuration: ContainerConfiguration,
  { host, hostPaths, kernelHas }: LookContext,
): MountFacts {
  const { maskedPaths = [], readonlyPaths = [] } = configuration;
  const listed = maskedPaths.length + readonlyPaths.length > 0;
  return mountFacts(
    parseMountinfo(content, content.length),
    hostPaths,
    listed ? { masked: maskedPaths, readonly: readonlyPaths } : DOCKER_SYSTEM_PATHS,
    kernelHas,
    sharedNamespaces(namespaces, host.namespaces, configuration),
  );
}

/** By inode, or by configuration where the inodes are not known. */
function sharedNamespaces(
  own: Namespaces | undefined,
  host: Namespaces,
  { networkMode, pidMode }: ContainerConfiguration,
): SharedNamespaces {
  const shares = (kind: 'net' | 'pid', mode: string | undefined): boolean =>
    own?.[kind] === undefined || host[kind] === undefined ? mode === 'host' : own[kind] === host[kind];
  return { net: shares('net', networkMode), pid: shares('pid', pidMode) };
}
