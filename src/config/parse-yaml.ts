import { show } from './quote.js';
import { isDeeperThan } from './yaml-depth.js';
import { yaml } from './yaml.js';

const LONGEST_FILE = 262_144;
const DEEPEST_FILE = 32;
const EXAMPLE = 'poll.interval: 10s';

/** A YAML file's content as nodes, or what keeps it from being YAML. */
export type ParsedYaml =
  | { readonly kind: 'content'; readonly content: unknown; readonly place: (offset: number) => string }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly string[] };

/** Parses one YAML document; `place` turns an offset into `path:line:column`. Never throws. */
export function parseYaml(path: string, text: string): ParsedYaml {
  if (text.length > LONGEST_FILE) {
    return onlyMistake(`${show(path)}: is longer than 256 KiB; write options alone`);
  }
  if (isDeeperThan(DEEPEST_FILE, text)) {
    return onlyMistake(
      `${show(path)}: is nested too deeply; write one option on each line, such as ${EXAMPLE}`,
    );
  }
  const lineCounter = new (yaml().LineCounter)();
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${show(path)}:${line}:${col}`;
  };
  const document = yaml().parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const faults = [...document.errors, ...document.warnings].map(
    ({ pos, message }) => `${place(pos[0])}: ${show(message)}; write YAML such as ${EXAMPLE}`,
  );
  return faults.length > 0
    ? { kind: 'mistakes', mistakes: faults }
    : { kind: 'content', content: document.contents, place };
}

function onlyMistake(mistake: string): ParsedYaml {
  return { kind: 'mistakes', mistakes: [mistake] };
}
