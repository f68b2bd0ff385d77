import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { flagsFor, startTestDaemon } from './daemon.js';
import type { Exposition, Series } from './exposition.js';
import { parseExposition } from './exposition.js';
import type { LoggedLine, Program, RunningProgram, StartOptions } from './process.js';
import { openRecordedHost, type RecordedHost } from './recorded-host.js';

/** A recorded host that a test may damage, and what was said of it while it was whole. */
export class MutilatedHost {
  readonly host: RecordedHost;
  readonly #whole: Exposition;

  constructor(host: RecordedHost, whole: Exposition) {
    this.host = host;
    this.#whole = whole;
  }

  static async open(t: Test, name: string): Promise<MutilatedHost> {
    const host = await openRecordedHost(name);
    t.teardown(() => host.close());
    const daemon = await startTestDaemon(flagsFor(host));
    const whole = await daemon.scrape();
    await daemon.stop();
    return new MutilatedHost(host, whole);
  }

  /** `/proc/<pid>` of a container's first process, as Docker told of it. */
  process(container: string): string {
    return join(this.host.procfs, `${this.#inspected(container).State.Pid}`);
  }

  /** The container's cgroup (version 2). */
  cgroup(container: string): string {
    return join(this.host.cgroupfs, 'system.slice', `docker-${this.#inspected(container).Id}.scope`);
  }

  remove(path: string): void {
    rmSync(path, { recursive: true });
  }

  write(path: string, content: string): void {
    chmodSync(path, 0o644);
    writeFileSync(path, content);
  }

  edit(path: string, change: (text: string) => string): void {
    this.write(path, change(readFileSync(path, 'utf8')));
  }

  /** Lets other users in, but not to what is forbidden here. */
  letOthersIn(): void {
    chmodSync(dirname(this.host.root), 0o755);
    chmodSync(this.host.dockerSocket, 0o666);
  }

  async start(
    t: Test,
    program: Program,
    flags: readonly string[] = [],
    options: StartOptions = {},
  ): Promise<RunningProgram> {
    const running = await program.start(t, [...flagsFor(this.host), '--poll.max-age=0s', ...flags], options);
    await running.ready();
    return running;
  }

  /** What is told of all other containers in another way than before; nothing, where the damage stayed where it was. */
  changesBeside(container: string, scrape: Exposition): string[] {
    const before = new Set(seriesBeside(container, this.#whole));
    const after = new Set(seriesBeside(container, scrape));
    return [
      ...[...before].filter(line => !after.has(line)).map(line => `- ${line}`),
      ...[...after].filter(line => !before.has(line)).map(line => `+ ${line}`),
    ];
  }

  /** Names of metrics that the container had before and has no more. */
  lost(container: string, scrape: Exposition): string[] {
    const names = (exposition: Exposition): string[] =>
      exposition.series.filter(one => one.labels['name'] === container).map(({ name }) => name);
    const after = new Set(names(scrape));
    return [...new Set(names(this.#whole))].filter(name => !after.has(name)).toSorted();
  }

  #inspected(container: string): { readonly Id: string; readonly State: { readonly Pid: number } } {
    const replies = JSON.parse(readFileSync(join(this.host.directory, 'docker.json'), 'utf8')) as {
      inspect: Record<string, { Id: string; Name: string; State: { Pid: number } }>;
    };
    const found = Object.values(replies.inspect).find(({ Name }) => Name === `/${container}`);
    if (found === undefined) throw new Error(`${this.host.name} has no container ${container}`);
    return found;
  }
}

export async function scrapeOf(running: RunningProgram): Promise<Exposition> {
  const { status, text } = await running.fetch('/metrics');
  if (status !== 200) throw new Error(`${status} ${text}`);
  return parseExposition(text);
}

/** What it complained about. */
export function complaints(running: RunningProgram): readonly LoggedLine[] {
  return running.log.filter(({ level }) => level !== 'info' && level !== 'debug');
}

/** The numbered directories of a procfs. */
export function processDirectories(procfs: string): string[] {
  return readdirSync(procfs)
    .filter(name => /^\d+$/.test(name))
    .map(name => join(procfs, name));
}

function seriesBeside(container: string, { series }: Exposition): string[] {
  return series
    .filter(({ name, labels }) => name.startsWith('container_') && labels['name'] !== container)
    .filter(({ name }) => name !== 'container_last_seen')
    .map(({ name, labels, value }: Series) => `${name} ${JSON.stringify(labels)} ${value}`);
}
