import { createHash } from 'node:crypto';

import t from 'tap';

import { landingPage } from '../../src/serve/landing-page.js';

t.test('name, description, version and links', async t => {
  const { html } = landingPage('/metrics', '1.2.3');
  t.match(html, '<h1>confined</h1>');
  t.match(html, 'what the kernel really confines it to');
  t.match(html, 'Version 1.2.3');
  for (const path of ['/metrics', '/-/ready', '/-/healthy']) t.match(html, `<a href="${path}">`);
});

t.test('readable by assistive technology', async t => {
  const { html } = landingPage('/metrics', '1.2.3');
  t.match(html, '<html lang="en">');
  t.match(html, '<title>confined</title>');
  t.match(html, 'name="viewport"');
  for (const landmark of ['header', 'main', 'nav']) t.match(html, new RegExp(`<${landmark}[ >]`));
});

t.test('whatever the operator wrote cannot become markup', async t => {
  const { html } = landingPage(`/"><script>alert('x')</script>&`, '<img src=x onerror=alert(1)>&"');
  t.notMatch(html, /<script|<img/);
  t.match(html, 'Version &lt;img src=x onerror=alert(1)&gt;&amp;&quot;');
});

t.test('works under its own content security policy, which allows this style and nothing else', async t => {
  const { html, contentSecurityPolicy } = landingPage('/metrics', '1.2.3');
  const style = /<style>(?<css>[\s\S]*)<\/style>/.exec(html)?.groups?.['css'] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  t.match(contentSecurityPolicy, `style-src 'sha256-${hash}'`);
  t.match(contentSecurityPolicy, "default-src 'none'");
  t.notMatch(
    html,
    / style=|<script|<link|src=|url\(|@import/,
    'nothing inline but the style, nothing fetched',
  );
});
