import t from 'tap';
import { configOf, messagesOf } from './support.js';

t.test('the file may be flat, nested, mixed, or empty', async t => {
  const files = [
    'web.config.file: a.yml\nweb.max-requests: 3\n',
    'web:\n  config:\n    file: a.yml\n  max-requests: 3\n',
    'web: {config.file: "a.yml"}\nweb.max-requests: 3 # a comment\n',
    '{"web": {"config": {"file": "a.yml"}, "max-requests": "3"}}',
  ];
  for (const file of files) {
    const { webConfigFile, webMaxRequests } = configOf({ file });
    t.strictSame({ webConfigFile, webMaxRequests }, { webConfigFile: 'a.yml', webMaxRequests: 3 }, file);
  }
  for (const file of ['', '# nothing yet\n', '---\n', '{}']) {
    t.equal(configOf({ file }).webMaxRequests, 40, JSON.stringify(file));
  }
});

t.test('a list in the file is a YAML list, or one value', async t => {
  const file = 'container.include: [web-*, "image=nginx:*"]\ncontainer.exclude: web-9\ncontainer.label: []';
  const config = configOf({ file });
  t.strictSame(
    config.containerInclude.map(({ field }) => field),
    ['name', 'image'],
  );
  t.equal(config.containerExclude.length, 1);
  t.strictSame(config.containerLabels, []);
});

const FILES: readonly (readonly [file: string, message: string])[] = [
  [
    'log:\n  level: loud\n',
    'confined.yml:2:10: log.level: "loud" is not one of its values; write debug, info, warn or error',
  ],
  ['poll.interval: 5\n', 'confined.yml:1:16: poll.interval: "5" has no unit; write 5s for seconds'],
  [
    'collector.cpu: yes\n',
    'confined.yml:1:16: collector.cpu: "yes" is neither on nor off; write true or false',
  ],
  ['# one\r\npol.interval: 5s\r\n', 'confined.yml:2:1: pol.interval: is not an option; write poll.interval'],
  [
    'web:\n  listen-adress: :1\n',
    'confined.yml:2:3: web.listen-adress: is not an option; write web.listen-address',
  ],
  ['wbe:\n  max-requests: 1\n', 'confined.yml:1:1: wbe: is not an option; write web'],
  ['scrape_configs: []\n', 'confined.yml:1:1: scrape_configs: is not an option; see confined --help'],
  [
    'config.file: x\n',
    'confined.yml:1:1: config.file: cannot be set in the file; write --config.file or CONFINED_CONFIG_FILE',
  ],
  ['web: :1\n', 'confined.yml:1:1: web: is a section; write options below it, such as listen-address'],
  [
    'poll.interval:\n',
    'confined.yml:1:15: poll.interval: has no value; write poll.interval: 10s, or remove the line',
  ],
  [
    'docker.host: ~\n',
    'confined.yml:1:14: docker.host: has no value; write docker.host: URL, or remove the line',
  ],
  [
    'poll.interval: [5s]\n',
    'confined.yml:1:16: poll.interval: takes one value, not a list; write poll.interval: 10s',
  ],
  [
    'poll.interval: {a: 5s}\n',
    'confined.yml:1:16: poll.interval: takes a value, not a section; write poll.interval: 10s',
  ],
  [
    'container.include:\n  - web\n  - [db]\n',
    'confined.yml:3:5: container.include: takes one value, not a list; write container.include: FILTER',
  ],
  [
    'container.include:\n  - web\n  - nam=db\n',
    'confined.yml:3:5: container.include: "nam=db" looks at an unknown property "nam"; write name=',
  ],
  [
    'web.listen-address: []\n',
    'confined.yml:1:1: web.listen-address: is an empty list; write at least one value',
  ],
  [
    'docker.timeout: &t 5s\npoll.interval: *t\n',
    'confined.yml:2:16: poll.interval: is an alias; write the value itself',
  ],
  [
    'poll.interval: 5s\npoll:\n  interval: 6s\n',
    'confined.yml:3:3: poll.interval: is given twice, first at confined.yml:1:1: poll.interval; write it once',
  ],
  ['- poll.interval: 5s\n', 'confined.yml:1:1: holds no options; write them as in poll.interval: 10s'],
  ['[1]: 2\n', 'confined.yml:1:1: ?: is not an option; see confined --help'],
  [
    'poll.interval: !duration 5s\n',
    'confined.yml:1:16: Unresolved tag: !duration; write YAML such as poll.interval: 10s',
  ],
  [
    'web: {max-requests: 1\n',
    'confined.yml:2:1: Flow map in block collection must be sufficiently indented and end with a }; write YAML such as poll.interval: 10s',
  ],
  [
    '['.repeat(20_000),
    'confined.yml: is nested too deeply; write one option on each line, such as poll.interval: 10s',
  ],
  [
    '- '.repeat(20_000),
    'confined.yml: is nested too deeply; write one option on each line, such as poll.interval: 10s',
  ],
  ['#'.repeat(262_145), 'confined.yml: is longer than 256 KiB; write options alone'],
];

t.test('mistakes in the file', async t => {
  for (const [file, message] of FILES) {
    t.strictSame(messagesOf({ file }), [message], file.slice(0, 80));
  }
});

t.test('a file with very many mistakes does not flood the terminal', async t => {
  const file = Array.from({ length: 5000 }, (_, index) => `key-${index}: 1\n`).join('');
  const messages = messagesOf({ file });
  t.equal(messages.length, 101);
  t.equal(messages.at(-1), '… and 4900 more');
});
