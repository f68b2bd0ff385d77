import t from 'tap';
import { helpText } from '../../src/config/help.js';
import { environmentVariable } from '../../src/config/option.js';
import { OPTIONS } from '../../src/config/options.js';

t.test('begins with what confined is and how it is configured', async t => {
  t.equal(
    helpText().slice(0, helpText().indexOf('Configuration file:')),
    `Usage: confined [healthcheck] [OPTION]...

Tells Prometheus what every container on this host uses and what the kernel really
confines it to.

Each option can be a flag, an environment variable, or a line of the YAML file named by
--config.file; a flag wins over the environment, the environment over the file, the file
over the default. In the environment, commas separate the values of a repeatable option.

A DURATION is written as in Prometheus: 500ms, 10s, 1m30s. In a GLOB, * is any text and ?
one character.

Commands:
  healthcheck
      Ask the confined that listens at --web.listen-address whether it is healthy; exit
      with 0 if it is, with 1 if not.

General:
  -h, --help
      Show this text.
  --version
      Show the version.

`,
  );
});

t.test('shows what an option takes, its default and its environment variable', async t => {
  const entries = [
    `  --log.level=debug|info|warn|error
      Log only messages of this severity or above.
      Default: info. Environment: CONFINED_LOG_LEVEL.
`,
    `  --poll.max-age=DURATION
      A scrape is answered from values up to this old; 0s reads all containers for every
      scrape.
      From 0s to 1d. Default: 1s. Environment: CONFINED_POLL_MAX_AGE.
`,
    `  --docker.host=URL
      Where the Docker API listens; unset, Docker's usual sockets are tried.
      A unix://, tcp://, http:// or https:// address. No default. Environment:
      CONFINED_DOCKER_HOST, then DOCKER_HOST.
`,
    `  --container.label=GLOB
      Export container labels that match one of these globs, as container_label_*.
      Repeatable. none alone empties the list. Default: com.docker.compose.project,
      com.docker.compose.service, com.docker.swarm.service.name. Environment:
      CONFINED_CONTAINER_LABEL.
`,
    `  --[no-]collector.disk
      Export the size of each writable layer, which is slow to measure.
      Off by default. Environment: CONFINED_COLLECTOR_DISK.
`,
  ];
  for (const entry of entries) {
    t.ok(helpText().includes(entry), entry);
  }
});

t.test('names every option and every variable, in lines of at most 90 columns', async t => {
  const help = helpText();
  for (const option of OPTIONS) {
    t.match(help, new RegExp(`^  --(\\[no-\\])?${option.name.replaceAll('.', '\\.')}(=|$)`, 'mu'));
    t.ok(help.includes(environmentVariable(option)), environmentVariable(option));
  }
  for (const line of help.split('\n')) {
    t.ok(line.length <= 90 && line === line.trimEnd(), JSON.stringify(line));
  }
  t.ok(help.endsWith('.\n'));
});
