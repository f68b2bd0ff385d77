import t from 'tap';
import type { Answer, View } from '../../grafana/preview/answers.js';
import { queryPanels, readDashboards, type Panel } from '../../grafana/preview/dashboard-file.js';
import { drawDashboard } from '../../grafana/preview/draw.js';
import { interpolate, legendOf } from '../../grafana/preview/interpolate.js';
import { tableRows } from '../../grafana/preview/table-rows.js';
import { shown } from '../../grafana/preview/value-text.js';

const NOW = 1_800_000_000;
const view: View = { endSeconds: NOW, rangeSeconds: 600, stepSeconds: 15, scrapeSeconds: 15, values: {} };
const dashboards = readDashboards();

t.test('values are written with their units', async t => {
  const text = (value: number, unit: string, decimals?: number): string =>
    shown(value, { unit, ...(decimals !== undefined && { decimals }) }, NOW).text;
  t.strictSame(
    [
      text(0.256, 'percentunit'),
      text(1024 * 1024 * 1.5, 'bytes'),
      text(0, 'bytes'),
      text(1500, 'Bps'),
      text(0.0123, 's'),
      text(3600, 's'),
      text(7200, 's'),
      text(1234, 'short'),
      text(4026531835, 'none'),
      text(0.5, 'reqps'),
      text(1000 * (NOW - 120), 'dateTimeFromNow'),
      text(2 / 3, 'short', 3),
    ],
    [
      '25.6%',
      '1.5 MiB',
      '0 B',
      '1.5 kB/s',
      '12.3 ms',
      '1 hour',
      '2 hours',
      '1.23 K',
      '4026531835',
      '0.5 req/s',
      '2 mins ago',
      '0.667',
    ],
  );
});

t.test('words and colours come from mappings, and else from thresholds', async t => {
  const config = {
    mappings: [
      { type: 'value' as const, options: { '-1': { text: 'unverified', color: 'purple' } } },
      { type: 'range' as const, options: { from: 1, to: null, result: { color: 'red' } } },
    ],
    thresholds: { steps: [{ value: null, color: 'green' }] },
  };
  t.strictSame(shown(-1, config, NOW), { text: 'unverified', colour: 'purple' });
  t.strictSame(shown(3, config, NOW), { text: '3', colour: 'red' });
  t.strictSame(shown(0, config, NOW), { text: '0', colour: 'green' });
});

t.test('variables are replaced as Grafana replaces them', async t => {
  const overview = dashboards.find(({ uid }) => uid === 'confined-overview');
  if (overview === undefined) throw new Error('no overview');
  t.equal(
    interpolate('rate(a{job=~"$job", name=~"$container"}[$__rate_interval])', overview, { job: 'x' }, view),
    'rate(a{job=~"x", name=~".*"}[60s])',
  );
  t.throws(() => interpolate('a{b="$nobody"}', overview, {}, view), /\$nobody is no variable/);
  t.equal(legendOf('{{name}} on {{ instance }}{{nothing}}', { name: 'web', instance: 'a' }), 'web on a');
});

t.test('series with the same labels share the row of a table', async t => {
  const panel: Panel = {
    id: 1,
    type: 'table',
    title: 'T',
    gridPos: { x: 0, y: 0, w: 24, h: 8 },
    targets: ['A', 'B'].map(refId => ({
      refId,
      expr: 'x',
      legendFormat: '',
      datasource: { type: '', uid: '' },
    })),
    options: { sortBy: [{ displayName: 'Number', desc: true }] },
    transformations: [
      {
        id: 'organize',
        options: {
          indexByName: { id: 0, name: 1, 'Value #A': 2, 'Value #B': 3 },
          renameByName: { name: 'Container', 'Value #A': 'Number', 'Value #B': 'Other' },
        },
      },
    ],
    fieldConfig: {
      defaults: {},
      overrides: [
        { matcher: { id: 'byName', options: 'id' }, properties: [{ id: 'custom.hidden', value: true }] },
      ],
    },
  };
  const answer = (refId: string, name: string, value: number): Answer => ({
    refId,
    name: '',
    labels: { id: `/${name}`, name },
    points: [[NOW, value]],
  });
  const { columns, rows } = tableRows(panel, [
    answer('A', 'web', 1),
    answer('A', 'db', 2),
    answer('B', 'web', 3),
  ]);
  t.strictSame(
    columns.map(({ title }) => title),
    ['Container', 'Number', 'Other'],
  );
  t.strictSame(rows, [
    ['db', 2, undefined],
    ['web', 1, 3],
  ]);
});

t.test('a picture holds nothing of what a container calls itself but text', async t => {
  const name = '</text><script>alert(1)</script>&\u0000';
  for (const dashboard of dashboards) {
    const answers = new Map(
      queryPanels(dashboard).map(panel => [
        panel.id,
        (panel.targets ?? []).map(({ refId }): Answer => ({
          refId,
          name,
          labels: { name, instance: name, id: name, control: name },
          points: [
            [NOW - 60, 1],
            [NOW, Number.NaN],
          ],
        })),
      ]),
    );
    const picture = drawDashboard(dashboard, answers, view);
    t.notMatch(picture, /<script/u, dashboard.title);
    t.notOk(picture.includes('\u0000'));
    t.match(picture, '&lt;/text');
    t.equal(picture.match(/<text /gu)?.length, picture.match(/<\/text>/gu)?.length);
    const empty = drawDashboard(dashboard, new Map(), view);
    for (const { fieldConfig } of queryPanels(dashboard))
      if (fieldConfig?.defaults.noValue !== undefined)
        t.ok(
          empty.includes(fieldConfig.defaults.noValue.slice(0, 12).replaceAll('&', '&amp;')),
          fieldConfig.defaults.noValue,
        );
  }
});
