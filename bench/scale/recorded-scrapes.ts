import { gzipSync } from 'node:zlib';
import { clockOf, flagsFor, startTestDaemon } from '../../test/support/daemon.js';
import { openRecordedHost, recordedHostNames } from '../../test/support/recorded-host.js';

/** The daemon's. */
const GZIP_LEVEL = 1;

/** What the daemon answers on a recorded host. */
export interface RecordedScrape {
  readonly host: string;
  readonly text: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly series: number;
  /** Running ones, with confinement to tell of. */
  readonly containers: number;
}

/** The whole scrape of the real daemon on each recorded host, with these flags. */
export async function recordedScrapes(flags: readonly string[] = []): Promise<RecordedScrape[]> {
  const scrapes: RecordedScrape[] = [];
  for (const name of recordedHostNames()) {
    const host = await openRecordedHost(name);
    const daemon = await startTestDaemon([...flagsFor(host), ...flags], { clock: clockOf(host) });
    const { text, series } = await daemon.scrape();
    const containers = series.filter(one => one.name === 'container_processes').length;
    scrapes.push({
      host: name,
      text,
      bytes: Buffer.byteLength(text),
      gzipBytes: gzipSync(text, { level: GZIP_LEVEL }).length,
      series: series.length,
      containers,
    });
    await daemon.stop();
    await host.close();
  }
  return scrapes;
}
