/**
 * Records the host that it runs on: node record-host.js --out=DIR [options]
 *
 * Writes host.ttar, docker.json, host.json and truth/ to DIR. Needs root, no network and no packages.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { formatTtar } from '../../support/ttar.js';
import { recordCgroups } from './cgroups.js';
import { fetchDockerReplies, fetchDockerStats } from './docker-replies.js';
import { recordHostFiles } from './host-files.js';
import { recordProcess } from './processes.js';
import { Recording, type ContentEditor } from './recording.js';
import { capshLines, dockerStatsRows } from './truth.js';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    socket: { type: 'string', default: '/var/run/docker.sock' },
    /** Processes outside of every container that belong to the scene, comma-separated. */
    processes: { type: 'string', default: '' },
    /** Mounts to leave out: a pattern on the lines of mountinfo. */
    'drop-mounts': { type: 'string' },
    /** What to call the first process. */
    'init-name': { type: 'string' },
  },
});

await recordHost(options.out ?? '.');

async function recordHost(directory: string): Promise<void> {
  const docker = await fetchDockerReplies(options.socket);
  const { recording, pids, recordedAtSeconds, stats, statsRows } = await untilQuiet(
    Object.keys(docker.inspect),
  );
  mkdirSync(`${directory}/truth`, { recursive: true });
  writeFileSync(`${directory}/host.ttar`, formatTtar(recording.entries()));
  writeJson(`${directory}/docker.json`, docker);
  writeJson(`${directory}/host.json`, hostFacts(recording, recordedAtSeconds));
  writeJson(`${directory}/truth/docker-stats-api.json`, stats);
  writeFileSync(`${directory}/truth/docker-stats.json`, statsRows);
  writeFileSync(`${directory}/truth/capsh.txt`, capshLines(recording, pids));
}

interface Snapshot {
  readonly recording: Recording;
  readonly pids: readonly number[];
  readonly recordedAtSeconds: number;
  readonly stats: unknown;
  readonly statsRows: string;
}

/** Anew while processes come and go, such as those of a health check, so that all files fit together. */
async function untilQuiet(ids: readonly string[]): Promise<Snapshot> {
  for (let attempt = 1; ; attempt++) {
    const snapshot = await takeSnapshot(ids);
    const after = pidsOf(recordCgroups(new Recording([]), ids));
    if (snapshot.pids.join() === after.join()) return snapshot;
    if (attempt === 10) throw new Error('the processes of the containers do not come to rest');
  }
}

async function takeSnapshot(ids: readonly string[]): Promise<Snapshot> {
  const recording = new Recording(editors());
  const recordedAtSeconds = Date.now() / 1000;
  recordHostFiles(recording);
  const processes = recordCgroups(recording, ids);
  const pids = pidsOf(processes);
  const others = options.processes.split(',').filter(Boolean).map(Number);
  for (const pid of [...pids, ...others]) recordProcess(recording, pid);
  const running = ids.filter(id => (processes.get(id)?.size ?? 0) > 0);
  const stats = await fetchDockerStats(options.socket, running);
  const statsRows = dockerStatsRows(options.socket);
  return { recording, pids, recordedAtSeconds, stats, statsRows };
}

function pidsOf(processes: ReadonlyMap<string, ReadonlySet<number>>): number[] {
  return [...processes.values()].flatMap(pids => [...pids]).toSorted((a, b) => a - b);
}

function hostFacts(recording: Recording, recordedAtSeconds: number): object {
  const stat = readFileSync('/proc/stat', 'utf8');
  return {
    recordedAtSeconds,
    bootedAtSeconds: Number(/^btime (\d+)$/m.exec(stat)?.[1]),
    kernel: release(),
    unreadable: recording.unreadable(),
  };
}

function editors(): ContentEditor[] {
  const editors: ContentEditor[] = [
    { path: /^proc\/cpuinfo$/, edit: text => text.replaceAll(/^(flags|bugs|vmx flags)\s*:.*\n/gm, '') },
    { path: /^proc\/version$/, edit: text => text.replace(/\(builder@[^)]*\) /, '') },
  ];
  const dropped = options['drop-mounts'];
  if (dropped !== undefined) editors.push({ path: /\/mountinfo$/, edit: without(new RegExp(dropped)) });
  const name = options['init-name'];
  if (name !== undefined) editors.push(...initNamed(name));
  return editors;
}

function without(dropped: RegExp): (text: string) => string {
  return text => text.replaceAll(/.*\n/g, line => (dropped.test(line) ? '' : line));
}

function initNamed(name: string): ContentEditor[] {
  return [
    { path: /^proc\/1\/comm$/, edit: () => `${name}\n` },
    { path: /^proc\/1\/stat$/, edit: text => text.replace(/\(.*\)/, `(${name})`) },
    { path: /^proc\/1\/status$/, edit: text => text.replace(/^Name:\t.*/, `Name:\t${name}`) },
  ];
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
