import t from 'tap';

import { selectCollectors } from '../../src/serve/collector-query.js';

const KNOWN = ['cpu', 'memory', 'security'];

t.test('no filter is all collectors', async t => {
  for (const url of ['/metrics', '/metrics?', '/metrics?debug=1', '/metrics?collect=cpu']) {
    t.same(selectCollectors(url, KNOWN), { collectors: undefined }, url);
  }
});

t.test('collect[] names those to run, exclude[] those not to', async t => {
  t.same(selectCollectors('/metrics?collect[]=cpu&collect[]=memory', KNOWN), {
    collectors: new Set(['cpu', 'memory']),
  });
  t.same(selectCollectors('/metrics?collect%5B%5D=cpu', KNOWN), { collectors: new Set(['cpu']) });
  t.same(selectCollectors('/metrics?exclude[]=cpu', KNOWN), { collectors: new Set(['memory', 'security']) });
});

t.test('mistakes are told', async t => {
  t.match(selectCollectors('/metrics?collect[]=cpu&exclude[]=memory', KNOWN), { error: /not allowed/ });
  t.same(selectCollectors('/metrics?collect[]=disk', KNOWN), {
    error: 'There is no collector "disk": use cpu, memory, security.',
  });
  t.match(selectCollectors('/metrics?exclude[]=disk', KNOWN), { error: /no collector "disk"/ });
  t.match(selectCollectors('/metrics?collect[]=', KNOWN), { error: /no collector ""/ });
  t.match(selectCollectors('/metrics?collect[]=__proto__', KNOWN), { error: /no collector/ });
});

t.test('a hostile name is shown on one line and cut', async t => {
  const result = selectCollectors(`/metrics?collect[]=a%0d%0ab${'x'.repeat(5000)}`, KNOWN);
  t.match(result, { error: /^[^\r\n]{1,200}$/ });
});
