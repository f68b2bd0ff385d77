import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const SOURCES = ['deploy/prometheus/recording-rules.yml', 'deploy/prometheus/alerts.yml'];

/** The rules as the Prometheus operator takes them, by the path of their file. */
export function prometheusRule(): [path: string, text: string] {
  const groups = SOURCES.flatMap(path => (parse(readFileSync(path, 'utf8')) as { groups: unknown[] }).groups);
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'confined', namespace: 'confined', labels: { 'app.kubernetes.io/name': 'confined' } },
    spec: { groups },
  };
  const text = `# Made from deploy/prometheus/*.yml by npm run docs.\n${stringify(object, { lineWidth: 0 })}`;
  return ['deploy/kubernetes/base/prometheusrule.yaml', text];
}
