import type { YAMLMap } from 'yaml';
import { explainNode, explainSection, explainUnknownKey } from './explain-key.js';
import { environmentVariable, type Option } from './option.js';
import { parseYaml } from './parse-yaml.js';
import { show } from './quote.js';
import { findOption, isSection, type Setting, type Settings, type WrittenValue } from './setting.js';
import { yaml } from './yaml.js';

/**
 * Reads the configuration file: options by their dotted names (`web.listen-address: …`), nested by section
 * (`web: {listen-address: …}`), or mixed. Mistakes name file, line and column.
 */
export function fromFile(path: string, text: string): Settings {
  const parsed = parseYaml(path, text);
  if (parsed.kind === 'mistakes') {
    return { settings: new Map(), mistakes: parsed.mistakes };
  }
  const reader = new ContentReader(parsed.place);
  reader.read(parsed.content);
  return reader;
}

class ContentReader implements Settings {
  readonly settings = new Map<string, Setting>();
  readonly mistakes: string[] = [];
  readonly #placeOf: (offset: number) => string;

  constructor(placeOf: (offset: number) => string) {
    this.#placeOf = placeOf;
  }

  read(content: unknown): void {
    if (yaml().isMap(content)) {
      this.#readSection(content, '');
    } else if (content !== null && !(yaml().isScalar(content) && content.value === null)) {
      this.mistakes.push(`${this.#place(content)}: holds no options; write them as in poll.interval: 10s`);
    }
  }

  #readSection(section: YAMLMap, prefix: string): void {
    for (const { key, value } of section.items) {
      const name = `${prefix}${yaml().isScalar(key) ? (key.source ?? '') : '?'}`;
      const origin = `${this.#place(key)}: ${show(name)}`;
      const option = findOption(name);
      if (option !== undefined) {
        this.#readOption(option, origin, value);
      } else if (!isSection(name)) {
        this.mistakes.push(`${origin}: ${explainUnknownKey(name)}`);
      } else if (yaml().isMap(value)) {
        this.#readSection(value, `${name}.`);
      } else {
        this.mistakes.push(`${origin}: ${explainSection(name)}`);
      }
    }
  }

  #readOption(option: Option, origin: string, node: unknown): void {
    const { name } = option;
    const earlier = this.settings.get(name);
    if (option.notInFile) {
      this.mistakes.push(
        `${origin}: cannot be set in the file; write --${name} or ${environmentVariable(option)}`,
      );
    } else if (earlier !== undefined) {
      this.mistakes.push(`${origin}: is given twice, first at ${earlier.origin}; write it once`);
    } else {
      this.#set(option, origin, node);
    }
  }

  #set(option: Option, origin: string, node: unknown): void {
    const items: readonly unknown[] = yaml().isSeq(node) && option.kind.form === 'list' ? node.items : [node];
    const values: WrittenValue[] = [];
    for (const item of items) {
      const itemOrigin = `${this.#place(item)}: ${option.name}`;
      if (yaml().isScalar(item) && item.value !== null) {
        values.push({ text: item.source ?? '', origin: itemOrigin });
      } else {
        this.mistakes.push(`${itemOrigin}: ${explainNode(item, option)}`);
      }
    }
    if (values.length === items.length) {
      this.settings.set(option.name, { origin, values });
    }
  }

  #place(node: unknown): string {
    return this.#placeOf(yaml().isNode(node) ? (node.range?.[0] ?? 0) : 0);
  }
}
