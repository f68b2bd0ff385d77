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
    ['a{', [['a']], []],
  ];

for (const [expression, selectors, grouping] of CASES)
  t.strictSame(
    namesIn(expression),
    { selectors: selectors.map(([metric, ...labels]) => ({ metric, labels })), grouping },
    expression,
  );

t.strictSame(
  labelsInTemplate('{{ with $labels.name }}{{ . }}{{ else }}{{ $labels.id }}{{ end }} {{ $value }} $label.x'),
  ['name', 'id'],
);
