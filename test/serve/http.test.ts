import t from 'tap';

import { fixedSource, request, serve } from './support.js';

t.test('/-/healthy is 200 while the process answers', async t => {
  const { http } = await serve(t);
  const answer = await request(`${http}/-/healthy`);
  t.equal(answer.status, 200);
  t.equal(answer.text, 'Healthy.\n');
});

t.test('/-/ready tells the reason either way', async t => {
  let readiness = { ready: false, reason: 'No snapshot was\ntaken yet.' };
  const { http } = await serve(t, { ...fixedSource(), readiness: () => readiness });
  const before = await request(`${http}/-/ready`);
  t.equal(before.status, 503);
  t.equal(before.text, 'No snapshot was taken yet.\n', 'on one line');
  readiness = { ready: true, reason: 'The last snapshot is 1 s old.' };
  const after = await request(`${http}/-/ready`);
  t.equal(after.status, 200);
  t.equal(after.text, 'The last snapshot is 1 s old.\n');
});

t.test('an unknown path is 404 in plain text and does not show the path', async t => {
  const { http } = await serve(t);
  for (const path of [
    '/metricsx',
    '/metrics/',
    '/METRICS',
    '/<script>',
    '/-/reload',
    '/..%2f..%2fetc/passwd',
  ]) {
    const answer = await request(http + path);
    t.equal(answer.status, 404, path);
    t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8', path);
    t.notMatch(answer.text, /script|etc|METRICS/, path);
  }
});

t.test('a malformed path is refused without a stack', async t => {
  const { http, lines } = await serve(t);
  const answer = await request(`${http}/%`);
  t.ok([400, 404].includes(answer.status), String(answer.status));
  t.notMatch(answer.text, /Error|\.js/);
  t.same(
    lines.filter(line => line.level > 30),
    [],
    'and without noise in the log',
  );
});

t.test('another method is 405 and says which are allowed', async t => {
  const { http } = await serve(t);
  for (const path of ['/', '/metrics', '/-/healthy', '/-/ready']) {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
      const answer = await request(http + path, { method });
      t.equal(answer.status, 405, `${method} ${path}`);
      t.equal(answer.headers.allow, 'GET, HEAD', `${method} ${path}`);
    }
  }
});

t.test('there is no reload over HTTP', async t => {
  const { http } = await serve(t);
  t.equal((await request(`${http}/-/reload`, { method: 'POST' })).status, 404);
});

t.test('HEAD has the headers of GET and no body', async t => {
  const { http } = await serve(t);
  for (const path of ['/', '/metrics', '/-/healthy']) {
    const get = await request(http + path);
    const head = await request(http + path, { method: 'HEAD' });
    t.equal(head.status, 200, path);
    t.equal(head.headers['content-type'], get.headers['content-type'], path);
    t.equal(head.body.length, 0, path);
    t.not(get.body.length, 0, path);
  }
});

t.test('every answer has sane security headers and does not say what serves it', async t => {
  const { http } = await serve(t);
  for (const path of ['/', '/metrics', '/-/ready', '/nowhere']) {
    const { headers } = await request(http + path);
    t.match(headers, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'deny',
      'referrer-policy': 'no-referrer',
      'content-security-policy': /^default-src 'none';/,
    });
    t.notOk('x-powered-by' in headers, path);
    t.notOk('server' in headers, path);
    t.notOk('etag' in headers, path);
  }
});

t.test('the metrics path is free to choose, and taken literally', async t => {
  for (const telemetryPath of ['/prometheus', '/a/b', '/metrics(v1)', '/:any', '/x*', '/']) {
    const { http } = await serve(t, fixedSource(), { telemetryPath });
    t.equal((await request(http + telemetryPath)).text, 'up 1\n', telemetryPath);
    t.equal((await request(`${http}/anything`)).status, 404, telemetryPath);
    t.equal((await request(`${http}/metrics`)).status, 404, telemetryPath);
  }
});

t.test('the landing page leads to the metrics', async t => {
  const { http } = await serve(t, fixedSource(), { telemetryPath: '/prometheus' });
  const { text, headers } = await request(`${http}/`);
  t.equal(headers['content-type'], 'text/html; charset=utf-8');
  t.match(text, 'href="/prometheus"');
});
