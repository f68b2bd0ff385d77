/**
 * Text archives in the `ttar` format that node_exporter and procfs keep their host trees in: a tree of
 * small kernel files as one file that a person can read and a diff can show.
 *
 * ```
 * Directory: proc/1/ns
 * Mode: 755
 * # ttar - - -
 * Path: proc/1/ns/net
 * SymlinkTo: net:[4026531840]
 * # ttar - - -
 * Path: proc/1/comm
 * Lines: 1
 * systemd
 * Mode: 644
 * ```
 *
 * In contents a NUL is written `NULLBYTE`, a missing newline at the end `EOF`; both words themselves get a
 * backslash. Source: https://github.com/ideaship/ttar
 */
export type TtarEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly content: Buffer };

const DIVIDER = `# ttar${' -'.repeat(34)}\n`;

/** The archive of these entries. Throws on what the format cannot hold, so that nothing is stored wrongly. */
export function formatTtar(entries: Iterable<TtarEntry>): Buffer {
  const parts: string[] = [];
  for (const entry of entries) parts.push(formatEntry(entry), DIVIDER);
  return Buffer.from(parts.join(''), 'latin1');
}

/** The entries of an archive, byte for byte. Throws on a line that it does not know. */
export function parseTtar(archive: Buffer): TtarEntry[] {
  const lines = archive.toString('latin1').split('\n');
  const entries: TtarEntry[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line === '' || line.startsWith('#')) {
      at += 1;
      continue;
    }
    const { entry, next } = parseEntry(lines, at);
    entries.push(entry);
    at = next;
  }
  return entries;
}

function formatEntry(entry: TtarEntry): string {
  const path = oneLine(entry.path);
  if (entry.kind === 'directory') return `Directory: ${path}\nMode: ${entry.mode.toString(8)}\n`;
  if (entry.kind === 'symlink') return `Path: ${path}\nSymlinkTo: ${oneLine(entry.target)}\n`;
  const { count, text } = formatContent(entry);
  return `Path: ${path}\nLines: ${count}\n${text}Mode: ${entry.mode.toString(8)}\n`;
}

function oneLine(name: string): string {
  if (name.includes('\n')) throw new Error(`ttar cannot hold a name with a newline: ${JSON.stringify(name)}`);
  return Buffer.from(name, 'utf8').toString('latin1');
}

function formatContent({ path, content }: { path: string; content: Buffer }): {
  count: number;
  text: string;
} {
  const raw = content.toString('latin1');
  const ended = raw === '' || raw.endsWith('\n');
  if (raw.includes('\\\0') || (!ended && raw.endsWith('\\'))) {
    throw new Error(`ttar cannot hold a backslash before a NUL or before the end of ${path}`);
  }
  const escaped = raw
    .replaceAll('EOF', '\\EOF')
    .replaceAll('NULLBYTE', '\\NULLBYTE')
    .replaceAll('\0', 'NULLBYTE');
  const text = ended ? escaped : `${escaped}EOF\n`;
  return { count: text.split('\n').length - 1, text };
}

function parseEntry(lines: readonly string[], at: number): { entry: TtarEntry; next: number } {
  const directory = field(lines[at], 'Directory');
  if (directory !== undefined) {
    const mode = requiredField(lines, at + 1, 'Mode');
    return { entry: { kind: 'directory', path: name(directory), mode: parseInt(mode, 8) }, next: at + 2 };
  }
  const path = name(requiredField(lines, at, 'Path'));
  const target = field(lines[at + 1], 'SymlinkTo');
  if (target !== undefined) return { entry: { kind: 'symlink', path, target: name(target) }, next: at + 2 };
  const start = at + 2;
  const end = start + Number(requiredField(lines, at + 1, 'Lines'));
  const content = parseContent(lines.slice(start, end));
  const mode = parseInt(requiredField(lines, end, 'Mode'), 8);
  return { entry: { kind: 'file', path, mode, content }, next: end + 1 };
}

function parseContent(lines: readonly string[]): Buffer {
  const text = lines.map(line => `${line}\n`).join('');
  const raw = text
    .replace(/(?<!\\)EOF\n$/, '')
    .replaceAll(/(?<!\\)NULLBYTE/g, '\0')
    .replaceAll('\\NULLBYTE', 'NULLBYTE')
    .replaceAll('\\EOF', 'EOF');
  return Buffer.from(raw, 'latin1');
}

function requiredField(lines: readonly string[], at: number, key: string): string {
  const value = field(lines[at], key);
  if (value === undefined) throw new Error(`ttar line ${at + 1}: expected "${key}: ", found "${lines[at]}"`);
  return value;
}

function field(line: string | undefined, key: string): string | undefined {
  return line?.startsWith(`${key}: `) === true ? line.slice(key.length + 2) : undefined;
}

function name(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}
