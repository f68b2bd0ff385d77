import { COLLECTORS } from './collectors.js';
import { describe } from './describe.js';
import { environmentVariable, flagSyntax, GROUPS, type Option } from './option.js';
import { FIELD_OPTIONS } from './options.js';
import { PAGE_INTRODUCTION } from './page-introduction.js';

/** The text of docs/configuration.md. */
export function configurationPage(): string {
  return [PAGE_INTRODUCTION, ...GROUPS.map(groupSection)].join('\n');
}

function groupSection(group: string): string {
  const options = FIELD_OPTIONS.filter(option => option.group === group);
  const sections = options.map(optionSection);
  return [`## ${group}\n`, ...(group === 'Collectors' ? [collectorSection()] : []), ...sections].join('\n');
}

function optionSection(option: Option): string {
  const { default: byDefault, takes } = describe(option, code);
  return `### \`${flagSyntax(option)}\`

${escapeMarkdown(option.help)}

${[...takes, byDefault].join(' ')} ${whereElse(option)}
`;
}

function whereElse(option: Option): string {
  const { name, notInFile, fallbackVariable } = option;
  const variable = `Environment: ${code(environmentVariable(option))}`;
  const fallback =
    fallbackVariable === undefined ? '' : `, and ${code(fallbackVariable)} where nothing else is set`;
  const file = notInFile ? ' Not in the file.' : ` File: ${code(name)}.`;
  return `${variable}${fallback}.${file}`;
}

function collectorSection(): string {
  const rows = COLLECTORS.map(collector => [
    code(collector.name),
    collector.default === 'true' ? 'on' : 'off',
    escapeMarkdown(collector.help),
  ]);
  return `Each collector is a switch: \`--collector.cpu\`, \`--no-collector.cpu\`, \`CONFINED_COLLECTOR_CPU=false\`, or
\`collector.cpu: false\` in the file.

${table(['Collector', 'Default', 'What it does'], rows)}
`;
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map(row => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(heading), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Puts backticks around what Markdown would take for emphasis: `container_label_*`, `label=KEY`. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\w/]+[_*=][\w*="/]*/gu, code);
}
