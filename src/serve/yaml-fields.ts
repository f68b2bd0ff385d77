import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

import { isDeeperThan } from '../config/yaml-depth.js';

/** A value of a YAML file that is still to be checked: its dotted key and where it stands. */
export interface Field {
  readonly key: string;
  readonly line: number;
  readonly node: Node | undefined;
}

const MAX_FILE_LENGTH = 1024 * 1024;
const MAX_DEPTH = 16;
const QUOTED_LENGTH = 80;

/** Why a text is not given to the parser at all. */
function excessOf(text: string): string | undefined {
  if (text.length > MAX_FILE_LENGTH) return 'the file is larger than 1 MiB';
  return isDeeperThan(MAX_DEPTH, text) ? 'the file is nested too deeply: write keys and values' : undefined;
}

/**
 * Reads the values of one YAML file. Whatever is wrong is added to `errors`, one line each:
 * `web.yml:3: tls_server_config.min_version: "TLS111" is not …`. An absent or empty value is `undefined`.
 */
export class YamlFields {
  readonly root: Field;
  readonly #problems: { readonly line: number; readonly text: string }[] = [];
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string, file: string) {
    this.#file = file;
    const excess = excessOf(text);
    this.#document = parseDocument(excess === undefined ? text : '', {
      lineCounter: this.#lines,
      prettyErrors: false,
    });
    if (excess !== undefined) this.fail({ line: 1, key: '' }, excess);
    for (const error of this.#document.errors) {
      this.fail(
        { line: this.#lineAt(error.pos[0]), key: '' },
        `not YAML: ${error.message.replace(/\s+/g, ' ')}`,
      );
    }
    this.root = { key: '', line: 1, node: this.#document.contents ?? undefined };
  }

  /** What is wrong so far, in the order of the lines. */
  get errors(): string[] {
    return this.#problems.toSorted((a, b) => a.line - b.line).map(({ text }) => text);
  }

  fail(field: Omit<Field, 'node'>, problem: string): void {
    const place = `${this.#file}:${field.line}: `;
    const text = field.key === '' ? `${place}${problem}` : `${place}${field.key}: ${problem}`;
    this.#problems.push({ line: field.line, text });
  }

  /** The fields of a mapping, of which only the known keys are allowed (all, if none are given). */
  mapping(field: Field | undefined, known?: readonly string[]): Map<string, Field> {
    const fields = new Map<string, Field>();
    const node = this.#resolve(field);
    if (field === undefined || node === undefined) return fields;
    if (!isMap(node)) {
      this.fail(field, `is not a mapping: write keys and values${known ? `, of ${known.join(', ')}` : ''}`);
      return fields;
    }
    for (const { key: keyNode, value } of node.items) {
      const name = isScalar(keyNode) ? String(keyNode.value) : '?';
      const line = this.#lineOf(keyNode, field.line);
      const entry = { key: field.key === '' ? name : `${field.key}.${name}`, line, node: asNode(value) };
      if (known && !known.includes(name)) this.fail(entry, `unknown key: use one of ${known.join(', ')}`);
      else fields.set(name, entry);
    }
    return fields;
  }

  string(field: Field | undefined): string | undefined {
    const node = this.#resolve(field);
    if (field === undefined || node === undefined) return undefined;
    if (isScalar(node))
      return typeof node.value === 'string' ? node.value || undefined : (node.source ?? undefined);
    this.fail(field, 'is not a text: write one value');
    return undefined;
  }

  /** One of the given texts. */
  choice<T extends string>(field: Field | undefined, choices: readonly T[]): T | undefined {
    const text = this.string(field);
    if (field === undefined || text === undefined) return undefined;
    const found = choices.find(choice => choice === text);
    if (found === undefined) this.fail(field, `${quote(text)} is not known: use ${choices.join(', ')}`);
    return found;
  }

  boolean(field: Field | undefined): boolean | undefined {
    const text = this.choice(field, ['true', 'false']);
    return text === undefined ? undefined : text === 'true';
  }

  /** The elements of a sequence, each a field with its own line. */
  sequence(field: Field | undefined): Field[] {
    const node = this.#resolve(field);
    if (field === undefined || node === undefined) return [];
    if (!isSeq(node)) {
      this.fail(field, 'is not a list: write one "- value" per line');
      return [];
    }
    return node.items.map(item => ({
      key: field.key,
      line: this.#lineOf(item, field.line),
      node: asNode(item),
    }));
  }

  #resolve(field: Field | undefined): Node | undefined {
    const node = field?.node;
    const target = isAlias(node) ? node.resolve(this.#document) : node;
    return isScalar(target) && target.value === null ? undefined : target;
  }

  #lineOf(node: unknown, otherwise: number): number {
    const start = asNode(node)?.range?.[0];
    return start === undefined ? otherwise : this.#lineAt(start);
  }

  #lineAt(offset: number): number {
    return this.#lines.linePos(offset).line;
  }
}

/** A value as a message shows it: quoted, on one line, of bounded length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : undefined;
}
