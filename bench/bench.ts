import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hierarchiesOfMounts } from '../src/locate/hierarchies.js';
import { parseMountinfo } from '../src/parse/mountinfo.js';
import { measureDaemon } from './daemon.js';
import { daemonFigures, emptyPollFigure, pollFigures, postureFigures, renderFigures } from './figures.js';
import { Fleet, removeLeftovers } from './fleet.js';
import { compile } from './helper.js';
import { parseOptions } from './options.js';
import type { BenchOptions, Load } from './options.js';
import { measureEmptyPoll, measurePoll } from './poll.js';
import { measurePosture, POSTURE_CONTAINERS, POSTURE_PROCESSES_EACH } from './posture.js';
import { measureRender, multiplied } from './render.js';
import { tableText } from './table.js';
import type { Figure } from './table.js';

/** What a process may hold whose limit of open files is low. */
const FEW_HELD_FILES = 4096;
/** The exit status that a shell gives a program that Ctrl-C ended. */
const INTERRUPTED = 130;
const LARGE_SERIES = 80_000;
/** Enough to hold every file of 10,000 containers. */
const DESCRIPTORS = 400_000;
const DESCRIPTORS_FOR_OTHERS = 200;
/** From `.cache/bench/bench/`, where this file is compiled to. */
const SOURCES = fileURLToPath(new URL('../../../bench', import.meta.url));

/** The compiled helpers, the directory that they and other short-lived files are in, and what processes do. */
interface Programs {
  readonly directory: string;
  readonly processes: string;
  readonly floor: string;
  readonly load: Load;
}

const options = parseOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else await run(options);

async function run(bench: BenchOptions): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(INTERRUPTED));
  const directory = mkdtempSync(join(tmpdir(), 'confined-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const programs = {
    directory,
    processes: compile(SOURCES, 'processes', directory),
    floor: compile(SOURCES, 'floor', directory),
    load: bench.load,
  };
  const figures: Figure[] = [];
  const emptyMicroseconds = polls(bench) ? await measureEmptyPoll() : 0;
  if (polls(bench)) figures.push(emptyPollFigure(emptyMicroseconds));
  for (const count of bench.containers)
    figures.push(...(await measure(count, bench, programs, emptyMicroseconds)));
  if (bench.parts.has('posture')) figures.push(...(await posture(programs)));
  const machine = `Linux ${release()}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`;
  process.stdout.write(
    bench.json ? `${JSON.stringify({ machine, figures })}\n` : `${machine}\n\n${tableText(figures)}\n`,
  );
}

/** Whether the poller runs in this process; rendering needs its samples. */
function polls({ parts }: Pick<BenchOptions, 'parts'>): boolean {
  return parts.has('poll') || parts.has('render');
}

function measure(
  count: number,
  { parts }: BenchOptions,
  programs: Programs,
  emptyMicroseconds: number,
): Promise<Figure[]> {
  if (!polls({ parts }) && !parts.has('daemon')) return Promise.resolve([]);
  return withFleet(count, 1, programs, async fleet => [
    ...(polls({ parts }) ? await inProcess(count, fleet, parts, programs.floor, emptyMicroseconds) : []),
    ...(parts.has('daemon')
      ? daemonFigures(count, await measureDaemon(fleet.containers, programs.directory))
      : []),
  ]);
}

function posture(programs: Programs): Promise<Figure[]> {
  return withFleet(POSTURE_CONTAINERS, POSTURE_PROCESSES_EACH, programs, async ({ containers }) =>
    postureFigures(containers.length, await measurePosture(containers, descriptorLimit())),
  );
}

async function withFleet(
  count: number,
  processesEach: number,
  programs: Programs,
  use: (fleet: Fleet) => Promise<Figure[]>,
): Promise<Figure[]> {
  const mounts = readFileSync('/proc/self/mountinfo');
  const hierarchies = hierarchiesOfMounts(parseMountinfo(mounts, mounts.length), '/sys/fs/cgroup');
  removeLeftovers(hierarchies);
  const fleet = new Fleet(count, programs.processes, hierarchies, processesEach, programs.load);
  const remove = (): void => fleet.remove();
  process.once('exit', remove);
  try {
    await fleet.start();
    return await use(fleet);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

async function inProcess(
  count: number,
  { containers }: Fleet,
  parts: BenchOptions['parts'],
  floor: string,
  emptyMicroseconds: number,
): Promise<Figure[]> {
  const poll = await measurePoll(containers, descriptorLimit(), floor, emptyMicroseconds);
  const figures = pollFigures(count, poll);
  if (poll.held > FEW_HELD_FILES) {
    const limited = await measurePoll(containers, FEW_HELD_FILES, floor, emptyMicroseconds);
    figures.push(...pollFigures(count, limited, FEW_HELD_FILES));
  }
  if (!parts.has('render')) return figures;
  for (const format of ['text', 'openmetrics'] as const) {
    const render = await measureRender(poll.samples, format);
    figures.push(...renderFigures(count, format, render));
    const times = Math.round(LARGE_SERIES / render.series);
    if (times <= 1) continue;
    const large = await measureRender(multiplied(poll.samples, times), format);
    figures.push(...renderFigures(count * times, format, large));
  }
  return figures;
}

/** How many kernel files this process may hold; the limit is raised as far as that is allowed. */
function descriptorLimit(): number {
  try {
    const raised = `--nofile=${DESCRIPTORS}:${DESCRIPTORS}`;
    execFileSync('prlimit', ['--pid', String(process.pid), raised], { stdio: 'ignore' });
  } catch {
    // Then the notes show how many are held.
  }
  const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return Number(limit) - DESCRIPTORS_FOR_OTHERS;
}
