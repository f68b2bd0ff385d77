import t from 'tap';
import { labelled, metrics } from '../../src/metrics/metric.js';
import { Renderer } from '../../src/metrics/render.js';
import { blocksText } from '../support/block-bytes.js';
import { parseExposition } from '../support/exposition.js';
import { sample } from '../support/sample.js';
import { expose } from './support.js';

t.test('more different label values than are remembered', async t => {
  const many = metrics('processes', [
    labelled({
      name: 'test_many',
      type: 'gauge',
      help: 'Many.',
      source: '',
      labels: ['n'],
      series: (_, emit) => {
        for (let n = 0; n < 45_000; n += 1) emit(n, String(n));
      },
    }),
  ]);
  const renderer = new Renderer(many, {
    format: 'text',
    labels: { exports: () => true, maximumLength: 1024 },
    maximumSeries: 0,
  });
  for (const turn of ['first', 'second']) {
    const { series } = parseExposition(
      blocksText(renderer.render([sample()], undefined, { rendered: 0, dropped: 0 })),
    );
    t.equal(series.length, 45_000, turn);
    t.ok(
      series.every(one => one.labels['n'] === String(one.value)),
      turn,
    );
  }
});

t.test('label values that only look alike when they are joined', async t => {
  const rows = metrics('processes', [
    labelled({
      name: 'test_pairs',
      type: 'gauge',
      help: 'Pairs.',
      source: '',
      labels: ['a', 'b'],
      series: (_, emit) => {
        emit(1, 'x', 'yz');
        emit(2, 'xy', 'z');
        emit(3, '', 'xyz');
        emit(4, 'xyz', '');
      },
    }),
  ]);
  const exposition = expose(rows, {});
  t.equal(exposition.value('test_pairs', { a: 'x', b: 'yz' }), 1);
  t.equal(exposition.value('test_pairs', { a: 'xy', b: 'z' }), 2);
  t.equal(exposition.value('test_pairs', { b: 'xyz' }), 3);
  t.equal(exposition.value('test_pairs', { a: 'xyz' }), 4);
});
