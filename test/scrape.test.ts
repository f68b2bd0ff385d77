import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';
import { loadConfig } from '../src/config/load.js';
import type { Config } from '../src/config/config.js';
import { systemClock } from '../src/discover/clock.js';
import { createSelfRegistry } from '../src/metrics/registry.js';
import type { Snapshot } from '../src/model/sample.js';
import type { Poller } from '../src/poll/poller.js';
import { createScrapeSource, keepsLabel } from '../src/scrape.js';
import type { ScrapeRequest, ScrapeSource } from '../src/serve/scrape-source.js';
import { container } from './support/container.js';
import { blockBytes } from './support/block-bytes.js';
import { parseExposition } from './support/exposition.js';
import { sample } from './support/sample.js';
import { openScene } from './poll/support.js';
import type { Scene } from './poll/support.js';

const TEXT: ScrapeRequest = { format: 'text', collectors: undefined, timeoutSeconds: undefined };

function configOf(...argv: string[]): Config {
  const result = loadConfig({ argv, env: {}, readTextFile: () => '' });
  if (result.kind !== 'config') throw new Error(JSON.stringify(result));
  return result.config;
}

/** A scrape source on a recorded host. */
async function openSource(
  t: Test,
  flags: readonly string[] = [],
  replaced: { poller?: Poller; discovered?: Promise<void> } = {},
): Promise<{ source: ScrapeSource; scene: Scene; lines: string[] }> {
  const lines: string[] = [];
  const scene = await openScene(t, 'v2-systemd-apparmor');
  const source = createScrapeSource({
    config: configOf(...flags),
    poller: scene.poller,
    registry: createSelfRegistry({ defaultMetrics: false }),
    files: scene.files,
    host: scene.facts,
    discovery: { dockerHost: undefined },
    discovered: Promise.resolve(),
    clock: systemClock,
    logger: pino({}, { write: (line: string) => void lines.push(line) }),
    ...replaced,
  });
  return { source, scene, lines };
}

async function scrape(source: ScrapeSource, request: Partial<ScrapeRequest> = {}): Promise<string> {
  const parts: Buffer[] = [];
  for await (const block of await source.scrape({ ...TEXT, ...request })) parts.push(blockBytes(block));
  return Buffer.concat(parts).toString('utf8');
}

const isContainers = (name: string): boolean => name.startsWith('container_');

t.test('containers, then the daemon itself', async t => {
  const { source, scene } = await openSource(t);
  const exposition = parseExposition(await scrape(source));
  const names = exposition.series.map(one => one.name);
  t.ok(names.findLastIndex(isContainers) < names.findIndex(name => name.startsWith('confined_')));
  t.equal(exposition.value('confined_series'), names.filter(isContainers).length);
  t.equal(exposition.value('confined_series_dropped_total'), 0);
  t.equal(exposition.value('confined_file_descriptors_held'), scene.files.held);
  t.equal(exposition.value('confined_snapshot_age_seconds'), 0);
  t.equal(exposition.value('machine_cpu_cores'), 2, 'the recorded machine');
  t.ok(exposition.value('machine_memory_bytes') > 1e9);
});

t.test('both formats say the same', async t => {
  const { source } = await openSource(t);
  const text = await scrape(source);
  const openmetrics = await scrape(source, { format: 'openmetrics' });
  t.match(openmetrics, /\n# EOF\n$/);
  t.equal(openmetrics.indexOf('# EOF'), openmetrics.length - '# EOF\n'.length, 'it stands once');
  t.notMatch(text, '# EOF');
  const seriesOf = (exposition: string): string[] =>
    exposition.split('\n').filter(line => line.startsWith('container_'));
  t.strictSame(seriesOf(openmetrics), seriesOf(text));
});

t.test('only the collectors that a scrape asks for, and only those that are switched on', async t => {
  const { source } = await openSource(t, ['--no-collector.memory']);
  t.notOk(source.collectorNames.includes('memory'));
  t.notOk(source.collectorNames.includes('disk'), 'it is off unless it is asked for');
  t.ok(source.collectorNames.includes('cpu'));
  t.notMatch(await scrape(source), 'container_memory_usage_bytes');
  const cpu = await scrape(source, { collectors: new Set(['cpu']) });
  t.match(cpu, 'container_cpu_usage_seconds_total');
  t.notMatch(cpu, 'container_threads');
  t.match(cpu, 'confined_series ', 'the daemon speaks of itself all the same');
  t.notMatch(await scrape(source, { collectors: new Set(['memory']) }), 'container_memory_usage_bytes');
});

t.test('more series than are allowed are dropped, and counted from scrape to scrape', async t => {
  const { source } = await openSource(t);
  const all = parseExposition(await scrape(source)).value('confined_series');
  const { source: limited, lines } = await openSource(t, ['--metrics.max-series=100']);
  for (const turn of [1, 2]) {
    const exposition = parseExposition(await scrape(limited));
    t.equal(exposition.series.filter(one => isContainers(one.name)).length, 100);
    t.equal(exposition.value('confined_series'), 100);
    t.equal(exposition.value('confined_series_dropped_total'), turn * (all - 100));
  }
  t.equal(lines.length, 1, 'said once');
  t.match(lines[0], /--metrics\.max-series/);
});

t.test('a scrape before the containers are known waits for them', async t => {
  let known = (): void => undefined;
  const discovered = new Promise<void>(resolve => (known = resolve));
  const { source } = await openSource(t, [], { discovered });
  let answered = false;
  const answer = scrape(source).finally(() => (answered = true));
  await new Promise(resolve => setTimeout(resolve, 30));
  t.equal(answered, false);
  known();
  t.match(await answer, 'container_info{');
});

t.test('readiness depends on the age of the latest values', async t => {
  const { source, scene } = await openSource(t, ['--poll.interval=10s']);
  t.strictSame(source.readiness(), { ready: false, reason: 'The first poll has not ended yet.' });
  await scene.poll();
  t.equal(source.readiness().ready, true);
  scene.time.seconds += 29;
  t.equal(source.readiness().ready, true);
  scene.time.seconds += 2;
  const { ready, reason } = source.readiness();
  t.equal(ready, false);
  t.match(reason, '31.0 s old');
  t.match(reason, 'every 10 s');
  await scene.poll();
  t.equal(source.readiness().ready, true);
});

t.test('a scrape takes a snapshot that is young enough, and else a fresh one', async t => {
  const { source, scene } = await openSource(t, ['--poll.max-age=1s']);
  await scrape(source);
  const first = scene.poller.latest;
  scene.time.seconds += 0.5;
  await scrape(source);
  t.equal(scene.poller.latest, first);
  scene.time.seconds += 0.5;
  await scrape(source);
  t.not(scene.poller.latest, first);
});

/** A poll that does not end. */
function stuckPoller(latest: Snapshot | undefined): Poller {
  const poller = { latest, snapshot: () => new Promise<never>(() => undefined), ageSeconds: () => 42 };
  return poller as unknown as Poller;
}

t.test('when a poll takes too long, the latest values come before Prometheus gives up', async t => {
  const latest = { takenAtSeconds: 0, containers: [sample({ container: container({ name: 'old' }) })] };
  const { source } = await openSource(t, [], { poller: stuckPoller(latest) });
  const begun = performance.now();
  const exposition = parseExposition(await scrape(source, { timeoutSeconds: 2 }));
  const seconds = (performance.now() - begun) / 1000;
  t.ok(seconds > 1.5 && seconds < 2, `${seconds} s`);
  t.equal(exposition.value('container_info', { name: 'old' }), 1);
  t.equal(exposition.value('confined_snapshot_age_seconds'), 42, 'and say how old they are');
});

t.test('without any values there is nothing to answer with', async t => {
  const { source } = await openSource(t, [], { poller: stuckPoller(undefined) });
  const answer = scrape(source, { timeoutSeconds: 0.05 }).then(() => 'answered');
  const waited = new Promise(resolve => setTimeout(resolve, 150, 'still waiting'));
  t.equal(await Promise.race([answer, waited]), 'still waiting');
});

t.test('labels that are kept: those that are exported, and those that container_info shows', async t => {
  const keeps = keepsLabel(configOf('--container.label=org.example.*'));
  t.ok(keeps('org.example.team'));
  t.ok(keeps('com.docker.compose.project'));
  t.ok(keeps('com.docker.compose.service'));
  t.notOk(keeps('com.docker.swarm.service.name'));
  t.notOk(keeps('secret'));
});
