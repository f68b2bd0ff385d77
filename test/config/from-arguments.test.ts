import t from 'tap';
import { configOf, load, messagesOf } from './support.js';

t.test('flags take their value after = or as the next word', async t => {
  t.equal(configOf({ argv: ['--poll.interval=5s'] }).pollIntervalSeconds, 5);
  t.equal(configOf({ argv: ['--poll.interval', '5s'] }).pollIntervalSeconds, 5);
  t.equal(
    configOf({ argv: ['--web.listen-address', ':1', '--web.listen-address=:2'] }).webListenAddresses.length,
    2,
  );
  t.equal(configOf({ argv: ['--container.include=label=team=shop'] }).containerInclude[0]?.key, 'team');
});

t.test('healthcheck is a command, wherever the flags stand', async t => {
  t.equal(configOf({ argv: ['healthcheck', '--log.level=debug'] }).command, 'healthcheck');
  t.equal(configOf({ argv: ['--log.level', 'debug', 'healthcheck'] }).command, 'healthcheck');
  t.equal(configOf({ argv: ['--', 'healthcheck'] }).command, 'healthcheck');
});

t.test('help and version come before any mistake', async t => {
  t.equal(load({ argv: ['--wrong', '-h'] }).kind, 'help');
  t.equal(load({ argv: ['--help', '--version'] }).kind, 'help');
  t.strictSame(load({ argv: ['--version', '--wrong'] }), { kind: 'version' });
  t.equal(load({ argv: ['--log.level', '--help'] }).kind, 'help');
});

/** The words of a command line, and the one message that they cause. */
const COMMAND_LINES: readonly (readonly [line: string, message: string])[] = [
  ['--poll.intervall=5s', '--poll.intervall: is not an option; write --poll.interval'],
  ['--listen-address=:1', '--listen-address: is not an option; write --web.listen-address'],
  ['-poll.interval=5s', '-poll.interval: is not an option; write --poll.interval'],
  ['--no-colector.cpu', '--no-colector.cpu: is not an option; write --no-collector.cpu'],
  ['--storage.tsdb.path=/x', '--storage.tsdb.path: is not an option; see confined --help'],
  ['-v', '-v: is not an option; see confined --help'],
  ['--poll.interval', '--poll.interval: has no value; write --poll.interval=DURATION'],
  ['--poll.interval --log.level=warn', '--poll.interval: has no value; write --poll.interval=DURATION'],
  [
    '--poll.interval=',
    '--poll.interval: "" is not a duration; write numbers with units, such as 10s, 1m30s or 500ms',
  ],
  ['--poll.interval=5', '--poll.interval: "5" has no unit; write 5s for seconds'],
  [
    '--poll.interval=0.5s',
    '--poll.interval: "0.5s" has a decimal point; write whole numbers, such as 1s500ms',
  ],
  ['--poll.interval=500ms', '--poll.interval: "500ms" is too small; write 1s or more'],
  ['--poll.interval=25h', '--poll.interval: "25h" is too large; write 1d or less'],
  ['--poll.interval=5s --poll.interval=6s', '--poll.interval: is given twice; write it once'],
  [
    '--no-collector.cpu --collector.cpu',
    '--collector.cpu: contradicts --no-collector.cpu; write one of them',
  ],
  [
    '--no-poll.interval',
    '--no-poll.interval: is not a switch; write --poll.interval=DURATION or leave it out',
  ],
  ['--no-collector.cpu=1', '--no-collector.cpu: takes no value, but has "1"; write --no-collector.cpu alone'],
  ['--collector.cpu=off', '--collector.cpu: "off" is neither on nor off; write true or false'],
  [
    '--collector.cpu false',
    '--collector.cpu: takes no value, but is followed by "false"; write --collector.cpu or --no-collector.cpu alone',
  ],
  ['serve', '"serve": is not a command; leave it out, serving is what confined does without a command'],
  ['healtcheck', '"healtcheck": is not a command; write healthcheck'],
  ['healthcheck healthcheck', '"healthcheck": is not the first word; write the command once'],
  ['help', '"help": is not a command; write --help'],
  ['web.listen-address=:1', '"web.listen-address=:1": is not a command; write --web.listen-address'],
  ['frobnicate', '"frobnicate": is not a command; the only command is healthcheck'],
  ['--log.level=loud', '--log.level: "loud" is not one of its values; write debug, info, warn or error'],
  ['--log.format=text', '--log.format: "text" is not one of its values; write logfmt or json'],
  ['--discovery=podman', '--discovery: "podman" is not one of its values; write auto, docker or cgroup'],
  ['--web.max-requests=many', '--web.max-requests: "many" is not a whole number; write digits alone'],
  ['--web.max-requests=-1', '--web.max-requests: "-1" is not a whole number; write digits alone'],
  ['--read.held-files=1048577', '--read.held-files: "1048577" is too large; write 1048576 or less'],
  ['--container.label-max-length=0', '--container.label-max-length: "0" is too small; write 1 or more'],
  ['--path.procfs=proc', '--path.procfs: "proc" is not an absolute path; write one that starts with /'],
  [
    '--web.config.file=',
    '--web.config.file: "" is not the path of a file; write one, or leave the option out',
  ],
  [
    '--web.telemetry-path=metrics',
    '--web.telemetry-path: "metrics" is not a path of this server; write one that starts with /, such as /metrics',
  ],
  [
    '--web.telemetry-path=/',
    '--web.telemetry-path: "/" is taken by the landing page or the health checks; write another, such as /metrics',
  ],
  [
    '--web.telemetry-path=/-/metrics',
    '--web.telemetry-path: "/-/metrics" is taken by the landing page or the health checks; write another, such as /metrics',
  ],
  [
    '--web.telemetry-path=/a/../b?c',
    '--web.telemetry-path: "/a/../b?c" is not a plain path; write letters, digits, _ . ~ or - between single slashes, such as /metrics',
  ],
  [
    '--docker.host=/run/docker.sock',
    '--docker.host: "/run/docker.sock" has no scheme; write unix:///run/docker.sock',
  ],
  [
    '--docker.host=localhost:2375',
    '--docker.host: "localhost:2375" has no scheme; write unix:///var/run/docker.sock or tcp://127.0.0.1:2375',
  ],
  [
    '--docker.host=npipe:////./pipe/docker_engine',
    '--docker.host: "npipe:////./pipe/docker_engine" speaks npipe, which confined does not; write unix:///var/run/docker.sock or tcp://127.0.0.1:2375',
  ],
  [
    '--docker.host=unix://docker.sock',
    '--docker.host: "unix://docker.sock" does not name a socket by its absolute path; write unix:///var/run/docker.sock',
  ],
  [
    '--docker.host=tcp://:2375',
    '--docker.host: "tcp://:2375" is not an address; write unix:///var/run/docker.sock or tcp://127.0.0.1:2375',
  ],
  ['--docker.host=tcp://proxy', '--docker.host: "tcp://proxy" names no port; write tcp://HOST:2375'],
  [
    '--docker.host=tcp://me:secret@proxy:1',
    '--docker.host: "tcp://***@proxy:1" holds a user name or password, which Docker does not take; write the address alone',
  ],
  [
    '--container.include=images=nginx',
    '--container.include: "images=nginx" looks at an unknown property "images"; write image=',
  ],
  [
    '--container.label=none --container.label=team',
    '--container.label: "none" stands beside other values; write it alone, or leave it out',
  ],
  ['--web.listen-address=10401', '--web.listen-address: "10401" is not a listen address; write ":10401"'],
  [
    '--web.listen-address=:1 --web.listen-address=:1',
    '--web.listen-address: ":1" is given twice; write it once',
  ],
  [
    '--poll.slow-interval=5s',
    '--poll.slow-interval: "5s" is shorter than poll.interval, which is 10s; write 10s or more',
  ],
  [
    '--docker.timeout=1m',
    '--docker.timeout: "1m" is longer than docker.reconcile-interval, which is 30s; write 30s or less',
  ],
  [
    '--discovery=cgroup --docker.host=tcp://proxy:1',
    '--docker.host: is not used, because discovery is cgroup; leave it out, or write --discovery=docker',
  ],
  [
    '--collector.disable-defaults',
    '--collector.disable-defaults: no collector is left; switch one on, such as --collector.cpu',
  ],
];

t.test('mistakes on the command line', async t => {
  for (const [line, message] of COMMAND_LINES) {
    t.strictSame(messagesOf({ argv: line.split(' ') }), [message], line);
  }
});
