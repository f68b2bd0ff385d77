import t from 'tap';
import { parse } from 'yaml';
import { readDocument, readText } from './deployment.js';
import { durationSeconds, minuteAsSecond } from './minute-as-second.js';

/** Every wait of the shipped files, and what becomes of it. */
const SHORTER: Readonly<Record<string, string>> = {
  '10s': '167ms',
  '30s': '500ms',
  '1m': '1000ms',
  '2m': '2000ms',
  '5m': '5000ms',
  '6m': '6000ms',
  '10m': '10000ms',
  '15m': '15000ms',
  '4h': '240000ms',
  '12h': '720000ms',
  '4d': '5760000ms',
};
const WAIT = /^( *(?:for|interval|keep_firing_for|group_wait|group_interval|repeat_interval): )(\w+)$/gm;

for (const path of [
  'deploy/prometheus/alerts.yml',
  'deploy/prometheus/recording-rules.yml',
  'deploy/alertmanager/alertmanager.yml',
])
  t.test(`${path}: each wait is shorter, and all else is as it was`, async t => {
    const text = readText(path).replaceAll(
      WAIT,
      (_, key: string, wait: string) => key + String(SHORTER[wait]),
    );
    t.not(text, readText(path));
    t.strictSame(minuteAsSecond(readDocument(path)), parse(text));
  });

t.test('a duration that is not in one unit is a mistake', async t => {
  t.equal(durationSeconds('1h'), 3600);
  t.throws(() => durationSeconds('1h30m'), /not a duration/);
  t.throws(() => minuteAsSecond({ rules: [{ for: 5 }] }), /not a duration/);
});
