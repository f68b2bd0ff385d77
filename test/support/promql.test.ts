import t from 'tap';
import { labelsInTemplate, namesIn } from './promql.js';

const CASES: readonly (readonly [string, readonly (readonly [string, ...string[]])[], readonly string[]])[] =
  [
    ['up', [['up']], []],
    ['up == 0', [['up']], []],
    ['job:up:ratio{job="a", x!~"b|c{d}",}', [['job:up:ratio', 'job', 'x']], []],
    ['a{b=\'}\', c=`}`, d="\\"}"} > 1e3', [['a', 'b', 'c', 'd']], []],
    ['sum by (x, y) (rate(a_total{b="c"}[5m]))', [['a_total', 'b']], ['x', 'y']],
    ['sum(a) by (x)', [['a']], ['x']],
    ['count without(x)(a) # by (z)', [['a']], ['x']],
    ['a and on (x) b unless ignoring (y) c offset 1h', [['a'], ['b'], ['c']], ['x', 'y']],
    ['a / on (x) group_left (y) b', [['a'], ['b']], ['x', 'y']],
    ['a / on () group_left b', [['a'], ['b']], []],
    ['a > bool 0 or vector(1) + time() - Inf', [['a']], []],
    ['max_over_time(a[1h:5m] @ start())', [['a']], []],
    ['SUM(a) AND b', [['a'], ['b']], []],
    ['sum_total{sum="by"}', [['sum_total', 'sum']], []],
  ];

for (const [expression, selectors, grouping] of CASES) {
  const names = namesIn(expression);
  t.strictSame(
    names.selectors.map(({ metric, matchers }) => [metric, ...matchers.map(({ label }) => label)]),
    selectors,
    expression,
  );
  t.strictSame(names.grouping, grouping, expression);
}

t.match(namesIn('1 - (rate((a_total{b=~"$c"}[5m] offset 1h)))').selectors, [
  {
    metric: 'a_total',
    range: '5m',
    within: 'rate',
    matchers: [{ label: 'b', operator: '=~', value: '"$c"' }],
  },
]);
t.match(namesIn('sum(a)').selectors, [{ metric: 'a', range: undefined, within: undefined }]);
for (const wrong of ['a{', 'rate(a[$__rate_interval])', 'sum by (', '1 +'])
  t.throws(() => namesIn(wrong), /not PromQL at \d+/, wrong);

t.strictSame(
  labelsInTemplate('{{ with $labels.name }}{{ . }}{{ else }}{{ $labels.id }}{{ end }} {{ $value }} $label.x'),
  ['name', 'id'],
);
