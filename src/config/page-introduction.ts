/** What docs/configuration.md says before it lists the options. */
export const PAGE_INTRODUCTION = `# Configuration

<!-- Written by \`npm run docs\` from src/config/options.ts. -->

confined runs without any configuration. Each option below can be given in three places, and they can be mixed:

- **Command line**: \`--poll.interval=5s\` or \`--poll.interval 5s\`, and switches as \`--name\` or \`--no-name\`.
- **Environment**: \`CONFINED_POLL_INTERVAL=5s\`, and switches as \`true\` or \`false\`.
- **YAML file**: \`poll.interval: 5s\`, in the file that \`--config.file\` or \`CONFINED_CONFIG_FILE\` names.

## Precedence

Option by option, **a flag wins over the environment, the environment over the file, and the file over the default**. A
list is taken whole from the first place that sets it; lists are not joined.

## How values are written

- A **repeatable** option is a list: repeat the flag, separate values by commas or line breaks in the environment
  variable, or write a YAML list.
- An environment variable that is set but **empty** counts as unset.
- A **DURATION** is written as in Prometheus, in whole numbers with units: \`500ms\`, \`10s\`, \`1m30s\`, \`1h\`, \`1d\`.
- In a **GLOB**, \`*\` stands for any text and \`?\` for one character. It has to match as a whole and tells upper from
  lower case.
- A **FILTER** is \`name=GLOB\`, \`image=GLOB\`, \`label=KEY\` (the label exists) or \`label=KEY=GLOB\`. A bare \`GLOB\` is a
  container's name.

## The file

Options can be written by their full names, nested by section, or both:

\`\`\`yaml
web:
  listen-address:
    - 127.0.0.1:10401
    - '[::1]:10401'
  config.file: /etc/confined/web.yml
poll.interval: 5s
container.exclude:
  - name=buildkit-*
  - label=com.example.ignore
collector:
  disk: true
\`\`\`

## Mistakes

confined does not start with a configuration that it does not understand. It prints every mistake it finds, one on each
line, with where it stands and what to write instead:

\`\`\`text
--poll.intervall: is not an option; write --poll.interval
CONFINED_LOG_LEVEL: "loud" is not one of its values; write debug, info, warn or error
/etc/confined/confined.yml:9:16: poll.interval: "5" has no unit; write 5s for seconds
\`\`\`

Variables that start with \`CONFINED_\` and name no option are mistakes too, except those that Kubernetes sets for a
service called confined.
`;
