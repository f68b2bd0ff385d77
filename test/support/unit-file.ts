/** A unit of systemd: values by key by section, in the order of the file. A value goes on after a backslash at the end of a line. */
export type Unit = ReadonlyMap<string, ReadonlyMap<string, string[]>>;

/** Parses systemd.syntax(7); throws where a line is neither a section, a comment nor a setting. */
export function parseUnit(text: string, name: string): Unit {
  const unit = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  for (const line of text.replaceAll(/\\\n\s*/g, ' ').split('\n')) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const [, title] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (title !== undefined) {
      section = new Map();
      unit.set(title, section);
    } else if (section !== undefined && key !== undefined && value !== undefined) {
      section.set(key, [...(section.get(key) ?? []), value.trim()]);
    } else {
      throw new Error(`${name}: ${line}`);
    }
  }
  return unit;
}
