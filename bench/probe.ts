/**
 * Loaded into the daemon before its own code (`node --import`): answers the benchmark's questions about the process
 * that it runs in. Nothing of it runs between questions, unless it was told to watch the event loop.
 */
import { openSync, readSync } from 'node:fs';
import { cpuMilliseconds } from './statistics.js';

export interface ProbeReport {
  /** CPU time of all threads since the process started. */
  readonly cpuMilliseconds: number;
  readonly rssBytes: number;
  /** The longest the event loop was held since watching began: CPU time of its thread between two turns. */
  readonly stallMilliseconds: number;
}

const threadTimes = openSync('/proc/thread-self/schedstat', 'r');
const buffer = Buffer.alloc(128);
let timer: NodeJS.Timeout | undefined;
let last = 0;
let longest = 0;

process.on('message', question => {
  if (question === 'watch') watch();
  else process.send?.(report());
});
// The benchmark was ended before it could end this process.
process.on('disconnect', () => process.exit());
process.channel?.unref();

function watch(): void {
  last = threadMilliseconds();
  longest = 0;
  timer = setInterval(() => {
    const now = threadMilliseconds();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
}

function report(): ProbeReport {
  clearInterval(timer);
  return {
    cpuMilliseconds: cpuMilliseconds(),
    rssBytes: process.memoryUsage.rss(),
    stallMilliseconds: longest,
  };
}

/** CPU time and not the time on the clock, which other work on the machine would add to. */
function threadMilliseconds(): number {
  // The kernel brings the thread's time up to date for getrusage(2), but not for this file.
  process.cpuUsage();
  return Number.parseInt(buffer.toString('latin1', 0, readSync(threadTimes, buffer, 0, 128, 0)), 10) / 1e6;
}
