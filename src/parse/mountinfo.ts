import { decimal, mapLines } from './scan.js';

/** One mount, as /proc/<pid>/mountinfo shows it to that process. */
export interface MountInfo {
  readonly mountId: number;
  readonly parentId: number;
  /** `major:minor` of the files on it. */
  readonly device: string;
  /** Which directory of the file system is mounted; `/` for all of it. */
  readonly root: string;
  /** Relative to the process's root directory. */
  readonly mountPoint: string;
  /** Of this mount: `ro` or `rw`, `nosuid`, … */
  readonly options: readonly string[];
  /** With the subtype, where there is one: `fuse.sshfs`. */
  readonly filesystemType: string;
  /** What was mounted, or `none`, or anything that the one who mounted said. */
  readonly source: string;
  /** Of the file system, comma-separated. */
  readonly superOptions: string;
}

/**
 * /proc/<pid>/mountinfo:
 *
 *     36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 *
 * Between the options and the lone hyphen stand any number of optional fields. Spaces, tabs, newlines
 * and backslashes in a field are written in octal: `\040`.
 * Format: proc_pid_mountinfo(5).
 *
 * @throws {ParseError} where a line lacks one of the fields.
 */
export function parseMountinfo(bytes: Uint8Array, length: number): MountInfo[] {
  return mapLines(bytes, length, 'a mountinfo line', parseLine);
}

function parseLine(line: string): MountInfo | undefined {
  const fields = line.split(' ');
  const separator = fields.indexOf('-', 6);
  const mountId = decimal(fields[0]);
  const parentId = decimal(fields[1]);
  const [device, root, mountPoint, options] = fields.slice(2, 6);
  const [filesystemType, source, superOptions] = fields.slice(separator + 1);
  if (separator < 0 || mountId === undefined || parentId === undefined) return undefined;
  if (device === undefined || root === undefined || mountPoint === undefined || options === undefined)
    return undefined;
  if (filesystemType === undefined || source === undefined || superOptions === undefined) return undefined;
  return {
    mountId,
    parentId,
    device,
    root: unescape(root),
    mountPoint: unescape(mountPoint),
    options: options.split(','),
    filesystemType: unescape(filesystemType),
    source: unescape(source),
    superOptions: unescape(superOptions),
  };
}

function unescape(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replaceAll(/\\([0-3][0-7]{2})/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
