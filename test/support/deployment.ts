import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** The root of the repository. */
export const ROOT = new URL('../../', import.meta.url);

/** What YAML holds, before anybody has looked at it. */
export type Fields = Readonly<Record<string, unknown>>;

export function readText(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The files below a folder whose names end like this, by their paths in the repository. */
export function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' })
    .map(path => `${folder}/${path}`)
    .filter(path => ending.test(path))
    .sort();
}

/** All documents of a YAML file; throws where one has a mistake or a key twice. */
export function readDocuments(path: string): Fields[] {
  return parseDocuments(readText(path), path);
}

export function readDocument(path: string): Fields {
  const [document, ...others] = readDocuments(path);
  if (document === undefined || others.length > 0) throw new Error(`${path} is not one document`);
  return document;
}

export function parseDocuments(text: string, name: string, { uniqueKeys = true } = {}): Fields[] {
  return [...parseAllDocuments(text, { merge: true, uniqueKeys })].map(document => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new Error(`${name}: ${problem.message}`);
    return fields(document.toJS());
  });
}

/** A value that is a mapping; empty where there is none. */
export function fields(value: unknown): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`${JSON.stringify(value)} is not a mapping`);
  }
  return value as Fields;
}

/** What is found below these keys, one inside the other. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => fields(inner)[key], value);
}

/** A value that is a list; empty where there is none. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not a list`);
  return value;
}

export function strings(value: unknown): string[] {
  return list(value).map(String);
}
