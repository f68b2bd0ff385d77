import t from 'tap';
import type { Block } from '../../src/metrics/block.js';
import { labelled, metrics } from '../../src/metrics/metric.js';
import type { Metric } from '../../src/metrics/metric.js';
import { Renderer } from '../../src/metrics/render.js';
import type { RenderOptions } from '../../src/metrics/render.js';
import type { ContainerSample } from '../../src/model/sample.js';
import { blockBytes, blocksText } from '../support/block-bytes.js';
import { container } from '../support/container.js';
import { parseExposition } from '../support/exposition.js';
import { sample } from '../support/sample.js';

const OPTIONS: RenderOptions = {
  format: 'text',
  labels: { exports: () => true, maximumLength: 1024 },
  maximumSeries: 0,
};

const THREADS = metrics('processes', [
  {
    name: 'test_threads',
    type: 'gauge',
    help: 'Threads.',
    source: '',
    value: ({ tasks }) => tasks?.threads,
  },
]);
const FAULTS = metrics('memory', [
  labelled({
    name: 'test_faults_total',
    type: 'counter',
    help: 'Faults.',
    source: '',
    labels: ['kind', 'scope'],
    series: ({ memory }, emit) => {
      emit(memory?.pageFaults, 'minor', 'a,b');
      emit(memory?.majorPageFaults, 'major', '');
    },
  }),
]);
const ROWS: readonly Metric[] = [...THREADS, ...FAULTS];

const MEMORY = { pageFaults: 5, majorPageFaults: 0 } as ContainerSample['memory'];
const withThreads = (
  id: string,
  threads: number | undefined,
  of: Partial<ContainerSample> = {},
): ContainerSample =>
  sample({
    container: container({ id, name: `name-${id}`, image: '' }),
    tasks: { threads, threadsPeak: undefined, threadsMax: undefined },
    ...of,
  });

interface Rendered {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly rendered: number;
  readonly dropped: number;
}

function render(
  renderer: Renderer,
  samples: readonly ContainerSample[],
  groups?: ReadonlySet<string>,
): Rendered {
  const count = { rendered: 0, dropped: 0 };
  const blocks = [...renderer.render(samples, groups, count)];
  return { text: blocksText(blocks), blocks, ...count };
}

t.test('series under their header, metric by metric', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  const samples = [withThreads('a', 3, { memory: MEMORY }), withThreads('b', 0)];
  const { text, rendered, dropped } = render(renderer, samples);
  t.strictSame(
    text.split('\n').map(line => line.replace(/\{.*\}/, '')),
    [
      '# HELP test_threads Threads.',
      '# TYPE test_threads gauge',
      'test_threads 3',
      'test_threads 0',
      '# HELP test_faults_total Faults.',
      '# TYPE test_faults_total counter',
      'test_faults_total 5',
      'test_faults_total 0',
      '',
    ],
  );
  t.strictSame(
    parseExposition(text).series.map(({ labels }) => labels),
    [
      { id: '/docker/a', name: 'name-a' },
      { id: '/docker/b', name: 'name-b' },
      { kind: 'minor', scope: 'a,b', id: '/docker/a', name: 'name-a' },
      { kind: 'major', id: '/docker/a', name: 'name-a' },
    ],
  );
  t.equal(rendered, 4);
  t.equal(dropped, 0);
});

t.test('a metric without series has no header', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  t.equal(render(renderer, [sample()]).text, '');
  t.equal(render(renderer, []).text, '');
  t.strictSame(render(renderer, []).blocks, []);
  t.notMatch(render(renderer, [withThreads('a', 1)]).text, 'test_faults');
});

t.test('OpenMetrics', async t => {
  const renderer = new Renderer(ROWS, { ...OPTIONS, format: 'openmetrics' });
  const { text } = render(renderer, [withThreads('a', 1, { memory: MEMORY })]);
  t.match(text, '# TYPE test_faults counter\n');
  t.match(text, '\ntest_faults_total{');
  t.notMatch(text, '# EOF', 'the end is the registry’s to write');
});

t.test('only what was asked for', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  const samples = [withThreads('a', 1, { memory: MEMORY })];
  t.notMatch(render(renderer, samples, new Set(['memory'])).text, 'test_threads');
  t.match(render(renderer, samples, new Set(['memory'])).text, 'test_faults');
  t.equal(render(renderer, samples, new Set()).text, '');
  t.equal(render(renderer, samples, new Set(['memory'])).rendered, 2);
});

t.test('series past the limit are dropped and counted', async t => {
  const renderer = new Renderer(ROWS, { ...OPTIONS, maximumSeries: 3 });
  const samples = [1, 2, 3, 4].map(threads => withThreads(`c${threads}`, threads, { memory: MEMORY }));
  const { text, rendered, dropped } = render(renderer, samples);
  t.equal(parseExposition(text).series.length, 3);
  t.equal(rendered, 3);
  t.equal(dropped, 4 + 8 - 3);
  t.notMatch(text, 'test_faults', 'no header of what was dropped altogether');
  t.equal(render(renderer, samples.slice(0, 1)).dropped, 0, 'each rendering counts anew');
});

t.test('series of a part of the sample are kept while it is the same object', async t => {
  let evaluated = 0;
  const rows = metrics('confinement', [
    labelled({
      name: 'test_mode',
      type: 'gauge',
      help: 'Mode.',
      source: '',
      labels: ['scope'],
      series: ({ confinement }, emit) => {
        evaluated += 1;
        emit(confinement?.init?.seccompMode, 'init');
        emit(confinement?.all.seccompMode, 'any');
      },
    }),
  ]);
  const renderer = new Renderer(rows, OPTIONS);
  const confined = (init: number, any: number): ContainerSample['confinement'] =>
    ({ init: { seccompMode: init }, all: { seccompMode: any } }) as ContainerSample['confinement'];
  const [a, b] = [container({ id: 'a', name: 'a' }), container({ id: 'b', name: 'b' })];
  const strict = confined(2, 0);
  const samples = [sample({ container: a, confinement: strict }), sample({ container: b })];
  for (const turn of ['first', 'second']) {
    const { text, rendered } = render(renderer, samples);
    t.equal(rendered, 2, turn);
    t.equal(parseExposition(text).value('test_mode', { name: 'a', scope: 'init' }), 2, turn);
  }
  t.equal(evaluated, 1);
  const now = [
    sample({ container: b, confinement: strict }),
    sample({ container: a, confinement: confined(1, 1) }),
  ];
  const exposition = parseExposition(render(renderer, now).text);
  t.equal(exposition.value('test_mode', { name: 'b', scope: 'any' }), 0, 'with the labels of its container');
  t.equal(exposition.value('test_mode', { name: 'a', scope: 'init' }), 1);
  t.equal(evaluated, 2);
  const limited = new Renderer(rows, { ...OPTIONS, maximumSeries: 3 });
  const { text, rendered, dropped } = render(limited, now);
  t.strictSame([parseExposition(text).series.length, rendered, dropped], [3, 3, 1]);
  t.equal(parseExposition(text).value('test_mode', { name: 'a', scope: 'init' }), 1);
});

t.test('many containers come in several blocks, each of whole lines, and every series once', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  const ids = Array.from({ length: 5000 }, (_, index) => index.toString(16).padStart(64, '0'));
  const samples = ids.map((id, index) => withThreads(id, index, { memory: MEMORY }));
  const { text, blocks, rendered } = render(renderer, samples);
  const parts = blocks.map(blockBytes);
  t.ok(parts.length > 2, `${parts.length} blocks`);
  t.ok(parts.every(part => part.at(-1) === '\n'.charCodeAt(0)));
  t.ok(Math.max(...parts.map(part => part.length)) < 1 << 20, 'none is a large part of the whole');
  t.equal(text.match(/^# TYPE /gm)?.length, 2, 'a header stands once');
  const { series } = parseExposition(text);
  t.equal(rendered, 15_000);
  t.equal(new Set(series.map(one => `${one.name} ${one.labels['kind']} ${one.labels['id']}`)).size, 15_000);
  const threads = series.filter(one => one.name === 'test_threads');
  t.ok(threads.every((one, index) => one.value === index && one.labels['id'] === `/docker/${ids[index]}`));
});

t.test('a block is another object when one of its series has changed, and only then', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  const ids = Array.from({ length: 2000 }, (_, index) => `c${index}`);
  const containers = ids.map(id => container({ id, name: id, image: '' }));
  const samplesOf = (changed: number): ContainerSample[] =>
    containers.map((container, index) => ({
      ...withThreads('', index === changed ? -1 : index, { memory: MEMORY }),
      container,
    }));
  const root = sample({ container: undefined, cgroupPath: '/', tasks: withThreads('', 7).tasks });
  const first = render(renderer, [root, ...samplesOf(-1)]);
  const again = render(renderer, [root, ...samplesOf(-1)]);
  t.ok(first.blocks.length > 8);
  t.ok(again.blocks.every((block, index) => block === first.blocks[index]));
  const now = render(renderer, [root, ...samplesOf(1000)]);
  const others = now.blocks.filter((block, index) => block !== first.blocks[index]);
  t.equal(others.length, 1);
  t.match(blocksText(others), '\ntest_threads{id="/docker/",name="c1000"} -1\n');
  const fresh = render(new Renderer(ROWS, OPTIONS), [root, ...samplesOf(1000)]);
  t.equal(now.text, fresh.text);
  t.equal(blocksText(first.blocks), first.text, 'a block that was given away is never altered');
  const fewer = [root, ...samplesOf(-1).slice(1)];
  t.equal(render(renderer, fewer).text, render(new Renderer(ROWS, OPTIONS), fewer).text);
});

t.test('one container with more labels than a chunk holds', async t => {
  const labels = new Map(Array.from({ length: 800 }, (_, index) => [`label${index}`, 'x'.repeat(1000)]));
  const renderer = new Renderer(ROWS, OPTIONS);
  const samples = [
    withThreads('a', 1),
    sample({ ...withThreads('b', 2), container: container({ id: 'b', labels }) }),
  ];
  const exposition = parseExposition(render(renderer, samples).text);
  t.strictSame(exposition.values('test_threads'), [1, 2]);
  t.equal(exposition.series[1]?.labels['container_label_label799'], 'x'.repeat(1000));
});

t.test('rendering again says what is so now', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  const web = container({ id: 'a', name: 'web' });
  const of = (threads: number): ContainerSample =>
    sample({ container: web, tasks: { threads, threadsPeak: undefined, threadsMax: undefined } });
  t.equal(parseExposition(render(renderer, [of(1)]).text).value('test_threads', { name: 'web' }), 1);
  t.equal(parseExposition(render(renderer, [of(2)]).text).value('test_threads', { name: 'web' }), 2);
  const renamed = sample({ ...of(3), container: { ...web, name: 'shop' } });
  t.equal(parseExposition(render(renderer, [renamed]).text).value('test_threads', { name: 'shop' }), 3);
  const moved = sample({ ...of(4), cgroupPath: '/elsewhere' });
  t.equal(parseExposition(render(renderer, [moved]).text).value('test_threads', { id: '/elsewhere' }), 4);
  t.strictSame(render(renderer, []).text, '');
});

t.test('two renderings at once do not disturb each other', async t => {
  const renderer = new Renderer(ROWS, OPTIONS);
  const samples = Array.from({ length: 5000 }, (_, index) => withThreads(`c${index}`, index));
  const first = renderer.render(samples, undefined, { rendered: 0, dropped: 0 });
  const second = renderer.render(samples, undefined, { rendered: 0, dropped: 0 });
  const parts: [Block[], Block[]] = [[], []];
  for (let done = 0; done < 2;) {
    done = 0;
    for (const [index, generator] of [first, second].entries()) {
      const next = generator.next();
      if (next.done === true) done += 1;
      else parts[index]?.push(next.value);
    }
  }
  const [one, other] = parts.map(blocksText);
  t.equal(one, other);
  t.equal(parseExposition(one ?? '').series.length, 5000);
});
