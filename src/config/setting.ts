import type { Option } from './option.js';
import { OPTIONS } from './options.js';

/** One value of an option as a user wrote it. */
export interface WrittenValue {
  readonly text: string;
  /** Where it stands, for messages: `--poll.interval`, `CONFINED_POLL_INTERVAL`, `confined.yml:3:16: poll.interval`. */
  readonly origin: string;
}

/** An option as one source sets it; several values only where the option is a list. */
export interface Setting {
  readonly origin: string;
  readonly values: readonly WrittenValue[];
}

/** What one source sets, by the option's name, and what is wrong with its form. */
export interface Settings {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly mistakes: readonly string[];
}

const BY_NAME: ReadonlyMap<string, Option> = new Map(OPTIONS.map(option => [option.name, option]));

/** What holds options in a nested file and is none itself: `web`, `web.config`. */
export const SECTIONS: ReadonlySet<string> = new Set(OPTIONS.flatMap(option => sectionsOf(option.name)));

/** The option of that name, if there is one. */
export function findOption(name: string): Option | undefined {
  return BY_NAME.get(name);
}

export function isSection(name: string): boolean {
  return SECTIONS.has(name);
}

function sectionsOf(name: string): string[] {
  const parts = name.split('.').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
