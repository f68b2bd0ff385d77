import * as fc from 'fast-check';
import t from 'tap';
import { containerLabels, labelPairs } from '../../src/metrics/label-text.js';
import type { LabelPolicy } from '../../src/metrics/label-text.js';
import { container } from '../support/container.js';
import { parseExposition } from '../support/exposition.js';
import { sample } from '../support/sample.js';

const ALL: LabelPolicy = { exports: () => true, maximumLength: 1024 };

function parsed(labels: string): Readonly<Record<string, string>> {
  const [series] = parseExposition(`x{${labels}} 1\n`).series;
  if (series === undefined) throw new Error(`not a series: ${labels}`);
  return series.labels;
}

function labelsOf(own: Record<string, string>, policy = ALL): Readonly<Record<string, string>> {
  return parsed(
    containerLabels(sample({ container: container({ labels: new Map(Object.entries(own)) }) }), policy),
  );
}

t.test('the labels of every series', async t => {
  const labels = containerLabels(sample({ container: container({ id: 'a1' }) }), ALL);
  t.strictSame(parsed(labels), { id: '/docker/a1', name: 'web', image: 'nginx:1.27' });
  t.equal(containerLabels(sample({ container: undefined }), ALL), 'id="/"', 'the root cgroup has no name');
  const found = containerLabels(sample({ container: container({ id: 'a1', image: '' }) }), ALL);
  t.strictSame(Object.keys(parsed(found)).toSorted(), ['id', 'name'], 'an image that is not known');
});

t.test('label names as Prometheus allows them', async t => {
  const labels = labelsOf({ 'com.docker.compose.project': 'shop', 'a-b/c d': '1', ünïcode: '2', '': '3' });
  t.match(labels, {
    container_label_com_docker_compose_project: 'shop',
    container_label_a_b_c_d: '1',
    container_label__n_code: '2',
    container_label_: '3',
  });
});

t.test('of labels that become the same name the first one stands', async t => {
  t.equal(labelsOf({ 'a.b': 'first', 'a-b': 'second', a_b: 'third' })['container_label_a_b'], 'first');
});

t.test('only chosen labels are exported', async t => {
  const labels = labelsOf({ keep: '1', secret: '2' }, { ...ALL, exports: label => label === 'keep' });
  t.match(labels, { container_label_keep: '1' });
  t.notMatch(JSON.stringify(labels), 'secret');
  const shadowed = labelsOf(
    { 'a.b': 'not exported', 'a-b': 'exported' },
    { ...ALL, exports: label => label === 'a-b' },
  );
  t.equal(shadowed['container_label_a_b'], 'exported', 'one that is not exported takes no name');
});

t.test('an empty value is no label', async t => {
  t.strictSame(Object.keys(labelsOf({ empty: '' })).toSorted(), ['id', 'image', 'name']);
  t.equal(
    labelPairs([
      ['a', ''],
      ['b', 'x'],
      ['c', ''],
    ]),
    'b="x"',
  );
  t.equal(labelPairs([]), '');
});

t.test('quotes, backslashes and line ends are escaped', async t => {
  t.equal(labelPairs([['a', 'say "hi"\\n\n']]), String.raw`a="say \"hi\"\\n\n"`);
});

t.test('long values are cut, between characters and by their length in UTF-8', async t => {
  const cut = (value: string, maximumLength: number): string | undefined =>
    labelsOf({ a: value }, { ...ALL, maximumLength })['container_label_a'];
  t.equal(cut('abcdef', 6), 'abcdef');
  t.equal(cut('abcdef', 5), 'abcde');
  t.equal(cut('ääää', 5), 'ää');
  t.equal(cut('a😀b', 5), 'a😀');
  t.equal(cut('a😀b', 4), 'a');
  t.equal(cut('😀', 3), undefined, 'nothing is left of it');
});

t.test('what tells containers apart is never cut', async t => {
  const one = sample({ container: container({ id: `${'ab'.repeat(31)}01`, name: 'shop-backend-1' }) });
  const other = sample({ container: container({ id: `${'ab'.repeat(31)}02`, name: 'shop-backend-2' }) });
  const policy = { ...ALL, maximumLength: 4 };
  t.not(containerLabels(one, policy), containerLabels(other, policy));
  t.match(parsed(containerLabels(one, policy)), { id: one.cgroupPath, name: 'shop-backend-1' });
});

t.test('any labels read back as they were', async t => {
  const key = fc.string({ unit: 'grapheme' });
  const value = fc.string({ unit: 'grapheme', maxLength: 60 });
  const property = fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }), own => {
    const labels = parsed(containerLabels(sample({ container: container({ labels: new Map(own) }) }), ALL));
    const expected = new Map<string, string>();
    for (const [name, text] of own) {
      const sanitised = `container_label_${name.replaceAll(/\W/g, '_')}`;
      if (!expected.has(sanitised)) expected.set(sanitised, text);
    }
    return [...expected].every(([name, text]) => (labels[name] ?? '') === text);
  });
  t.doesNotThrow(() => fc.assert(property));
});
