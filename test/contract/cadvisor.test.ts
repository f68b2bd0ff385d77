import t from 'tap';
import { CADVISOR_METRICS, isOffered } from '../../src/metrics/cadvisor.js';
import { SELF_METRICS } from '../../src/metrics/self.js';
import type { SelfMetric } from '../../src/metrics/self.js';
import { CONTAINER_METRICS } from '../../src/metrics/table.js';

interface Row {
  readonly type: string;
  readonly labels?: readonly string[] | undefined;
}

const self: readonly SelfMetric[] = SELF_METRICS;
const ours = new Map<string, Row>([...CONTAINER_METRICS, ...self].map(row => [row.name, row]));

t.test('what is said to be as in cAdvisor is exported, with its type and labels', async t => {
  for (const { name, type, labels } of CADVISOR_METRICS.filter(isOffered)) {
    const row = ours.get(name);
    t.ok(row, `${name} is exported`);
    t.equal(row?.type, type, name);
    t.strictSame([...(row?.labels ?? [])].toSorted(), labels.toSorted(), name);
  }
});

t.test('what is said not to be offered is not exported under that name', async t => {
  const refused = CADVISOR_METRICS.filter(metric => !isOffered(metric)).map(({ name }) => name);
  t.strictSame(
    refused.filter(name => ours.has(name)),
    [],
  );
});
