import type { HostNames, Section } from '../../src/model/section.js';

const NAMES: Readonly<Record<string, string>> = { '8:0': '/dev/sda', '259:0': '/dev/nvme0n1' };

/** A host that knows the names of two disks. */
export const HOST: HostNames = {
  deviceName: (major, minor) => NAMES[`${major}:${minor}`] ?? `${major}:${minor}`,
};

/** The sample that a section makes of these kernel files, by name; files that are not among them are absent. */
export function sampleOf<Sample>(section: Section<Sample>, files: Readonly<Record<string, string>>): Sample {
  const readings: Record<string, unknown> = {};
  for (const { name, source } of section.sources) {
    const content = files[source.file];
    if (content === undefined) continue;
    const bytes = new TextEncoder().encode(content);
    readings[name] = source.parse(bytes, bytes.length, undefined);
  }
  return section.assemble(readings, HOST);
}

/** The names of the fields that are not absent. */
export function present(sample: object): string[] {
  return Object.entries(sample).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
