import * as fc from 'fast-check';
import t from 'tap';

import { negotiateFormat } from '../../src/serve/accept.js';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const OPENMETRICS_DRAFT = 'application/openmetrics-text; version=0.0.1; charset=utf-8';

const cases: [string, string | undefined, string][] = [
  ['no header', undefined, TEXT],
  ['an empty header', '', TEXT],
  ['curl', '*/*', TEXT],
  [
    'Prometheus 2.42',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    OPENMETRICS,
  ],
  [
    'Prometheus 2.5',
    'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    OPENMETRICS_DRAFT,
  ],
  ['Prometheus 2.4', 'text/plain;version=0.0.4;q=1,*/*;q=0.1', TEXT],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    OPENMETRICS,
  ],
  [
    'Prometheus 3 with protobuf first',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    OPENMETRICS,
  ],
  [
    'Prometheus 3 that prefers text',
    'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5',
    TEXT,
  ],
  [
    'protobuf alone',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
    TEXT,
  ],
  ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', TEXT],
  ['OpenMetrics without a version', 'application/openmetrics-text', OPENMETRICS],
  ['OpenMetrics with a charset', 'application/openmetrics-text; version=1.0.0; charset=utf-8', OPENMETRICS],
  ['a quoted version', 'application/openmetrics-text; version="1.0.0"', OPENMETRICS],
  ['capitals', 'Application/OpenMetrics-Text; Version=1.0.0; Q=0.9, text/plain;q=0.8', OPENMETRICS],
  [
    'an OpenMetrics that we do not speak',
    'application/openmetrics-text;version=2.0.0, text/plain;q=0.1',
    TEXT,
  ],
  [
    'a new version first, a known one second',
    'application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.9',
    OPENMETRICS,
  ],
  ['OpenMetrics refused', 'application/openmetrics-text;q=0', TEXT],
  ['OpenMetrics refused with decimals', 'application/openmetrics-text;q=0.000, */*;q=0.1', TEXT],
  ['everything refused', '*/*;q=0', TEXT],
  ['the same weight: the first', 'text/plain, application/openmetrics-text', TEXT],
  ['the same weight: the named one before a wildcard', '*/*, application/openmetrics-text', OPENMETRICS],
  ['a wildcard of more weight', 'application/openmetrics-text;q=0.5, */*;q=0.9', TEXT],
  ['text of any kind', 'text/*, application/openmetrics-text;q=0.9', TEXT],
  ['a weight above 1', 'application/openmetrics-text;q=7, text/plain;q=0.1', TEXT],
  ['a weight that is no number', 'application/openmetrics-text;q=high, text/plain;q=0.1', TEXT],
  ['garbage', ';;;,,=,q=1;q=,"', TEXT],
  ['garbage around a good entry', ',,;q=1, application/openmetrics-text;;version=1.0.0;=;, x', OPENMETRICS],
];

for (const [name, accept, contentType] of cases) {
  t.test(`fault 47, Accept: ${name}`, async t => {
    t.equal(negotiateFormat(accept).contentType, contentType);
    t.equal(negotiateFormat(accept).format, contentType === TEXT ? 'text' : 'openmetrics');
  });
}

t.test('any text at all gets one of the formats', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), accept =>
        [TEXT, OPENMETRICS, OPENMETRICS_DRAFT].includes(negotiateFormat(accept).contentType),
      ),
    ),
  );
});
