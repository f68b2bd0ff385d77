import { describe } from './describe.js';
import { environmentVariable, flagSyntax, GROUPS, type Option } from './option.js';
import { OPTIONS } from './options.js';

const COLUMNS = 90;

const INTRODUCTION = [
  'Tells Prometheus what every container on this host uses and what the kernel really confines it to.',
  '',
  'Each option can be a flag, an environment variable, or a line of the YAML file named by --config.file; a flag wins over the environment, the environment over the file, the file over the default. In the environment, commas separate the values of a repeatable option.',
  '',
  'A DURATION is written as in Prometheus: 500ms, 10s, 1m30s. In a GLOB, * is any text and ? one character.',
];

/** The text of `--help`: every option by group, with its default and its environment variable. */
export function helpText(): string {
  return [
    'Usage: confined [healthcheck] [OPTION]...',
    '',
    ...INTRODUCTION.flatMap(paragraph => wrap(paragraph, '')),
    '',
    'Commands:',
    ...entry('healthcheck', [
      'Ask the confined that listens at --web.listen-address whether it is healthy; exit with 0 if it is, with 1 if not.',
    ]),
    '',
    'General:',
    ...entry('-h, --help', ['Show this text.']),
    ...entry('--version', ['Show the version.']),
    ...GROUPS.flatMap(group => ['', `${group}:`].concat(optionsOf(group).flatMap(optionEntry))),
    '',
  ].join('\n');
}

function optionsOf(group: string): readonly Option[] {
  return OPTIONS.filter(option => option.group === group);
}

function optionEntry(option: Option): string[] {
  const facts = describe(option, text => text);
  const { fallbackVariable } = option;
  const variables = [
    environmentVariable(option),
    ...(fallbackVariable === undefined ? [] : [fallbackVariable]),
  ];
  return entry(flagSyntax(option), [
    option.help,
    [...facts.takes, facts.default, `Environment: ${variables.join(', then ')}.`].join(' '),
  ]);
}

function entry(heading: string, paragraphs: readonly string[]): string[] {
  return [`  ${heading}`, ...paragraphs.flatMap(paragraph => wrap(paragraph, '      '))];
}

function wrap(paragraph: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > COLUMNS) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line === '' ? '' : indent + line];
}
