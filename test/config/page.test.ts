import { readFileSync } from 'node:fs';
import { check } from 'prettier';
import t from 'tap';
import { COLLECTORS } from '../../src/config/collectors.js';
import { loadConfig } from '../../src/config/load.js';
import { environmentVariable } from '../../src/config/option.js';
import { OPTIONS } from '../../src/config/options.js';
import { configurationPage } from '../../src/config/page.js';

const PAGE = configurationPage();

t.test('describes every option with its variable and its key', async t => {
  for (const option of OPTIONS.filter(
    ({ name }) => !COLLECTORS.some(collector => name === `collector.${collector.name}`),
  )) {
    t.match(
      PAGE,
      new RegExp(`^### \`--(\\[no-\\])?${option.name.replaceAll('.', '\\.')}(=[^\`]+)?\`$`, 'mu'),
    );
    t.ok(PAGE.includes(`\`${environmentVariable(option)}\``), option.name);
  }
  for (const { name } of COLLECTORS) {
    t.match(PAGE, new RegExp(`^\\| \`${name}\` +\\| (on |off) +\\| [A-Z].*\\. +\\|$`, 'mu'), name);
  }
});

t.test('shows an option like this', async t => {
  t.ok(
    PAGE.includes(`
### \`--poll.max-age=DURATION\`

A scrape is answered from values up to this old; 0s reads all containers for every scrape.

From 0s to 1d. Default: \`1s\`. Environment: \`CONFINED_POLL_MAX_AGE\`. File: \`poll.max-age\`.
`),
  );
});

t.test('the example of a file is a valid one', async t => {
  const result = loadConfig({ argv: ['--config.file=x'], env: {}, readTextFile: () => example('yaml') });
  t.match(result, {
    kind: 'config',
    config: {
      pollIntervalSeconds: 5,
      webConfigFile: '/etc/confined/web.yml',
      webListenAddresses: [{}, { host: '::1' }],
    },
  });
});

t.test('the examples of mistakes are what confined prints', async t => {
  const result = loadConfig({
    argv: ['--config.file=/etc/confined/confined.yml', '--poll.intervall=5s'],
    env: { CONFINED_LOG_LEVEL: 'loud' },
    readTextFile: () => `${'\n'.repeat(8)}poll.interval: 5\n`,
  });
  t.strictSame(result, { kind: 'errors', messages: example('text').trimEnd().split('\n') });
});

t.test('is formatted as the repository is', async t => {
  const options = JSON.parse(readFileSync(new URL('../../.prettierrc.json', import.meta.url), 'utf8'));
  t.ok(await check(PAGE, { ...options, parser: 'markdown' }));
});

function example(language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'su').exec(PAGE)?.[1] ?? '';
}
