import type { Command } from './config.js';
import { explainPositional, explainUnknownFlag } from './explain-argument.js';
import { flagSyntax, type Option } from './option.js';
import { quote } from './quote.js';
import { findOption, type Setting, type Settings } from './setting.js';

export interface Arguments extends Settings {
  readonly command: Command;
  /** Whether `--help` or `-h` is among them. */
  readonly help: boolean;
  readonly version: boolean;
}

/** Reads a command line, without the program's own name: `--name=value`, `--name value`, `--no-name`. */
export function fromArguments(argv: readonly string[]): Arguments {
  const reader = new ArgumentReader(argv);
  reader.read();
  return reader;
}

class ArgumentReader implements Arguments {
  readonly settings = new Map<string, Setting>();
  readonly mistakes: string[] = [];
  command: Command = 'serve';
  help = false;
  version = false;
  readonly #argv: readonly string[];
  #next = 0;
  #positionals = 0;

  constructor(argv: readonly string[]) {
    this.#argv = argv;
  }

  read(): void {
    let flagsEnded = false;
    for (let word = this.#take(); word !== undefined; word = this.#take()) {
      if (flagsEnded || !word.startsWith('-') || word === '-') {
        this.#readPositional(word);
      } else if (word === '--') {
        flagsEnded = true;
      } else {
        this.#readFlag(word);
      }
    }
  }

  #take(): string | undefined {
    const word = this.#argv[this.#next];
    this.#next += 1;
    return word;
  }

  #readPositional(word: string): void {
    this.#positionals += 1;
    if (word === 'healthcheck' && this.#positionals === 1) {
      this.command = word;
    } else {
      this.mistakes.push(explainPositional(word, this.#argv[this.#next - 2]));
    }
  }

  #readFlag(word: string): void {
    const equals = word.indexOf('=');
    const flag = equals === -1 ? word : word.slice(0, equals);
    const value = equals === -1 ? undefined : word.slice(equals + 1);
    if (word === '-h' || word === '--help') {
      this.help = true;
    } else if (word === '--version') {
      this.version = true;
    } else if (!this.#readOption(flag, value) && !this.#readNegation(flag, value)) {
      this.mistakes.push(explainUnknownFlag(word));
    }
  }

  #readOption(flag: string, value: string | undefined): boolean {
    const option = flag.startsWith('--') ? findOption(flag.slice('--'.length)) : undefined;
    if (option === undefined) {
      return false;
    }
    const text = value ?? (option.kind.form === 'switch' ? 'true' : this.#takeValue());
    if (text === undefined) {
      this.mistakes.push(`${flag}: has no value; write ${flagSyntax(option)}`);
    } else {
      this.#set(option, flag, text);
    }
    return true;
  }

  /** The next word, unless it is a flag itself. */
  #takeValue(): string | undefined {
    const word = this.#argv[this.#next];
    return word === undefined || word.startsWith('--') || word === '-h' ? undefined : this.#take();
  }

  #readNegation(flag: string, value: string | undefined): boolean {
    const option = flag.startsWith('--no-') ? findOption(flag.slice('--no-'.length)) : undefined;
    if (option === undefined) {
      return false;
    }
    if (option.kind.form !== 'switch') {
      this.mistakes.push(`${flag}: is not a switch; write ${flagSyntax(option)} or leave it out`);
    } else if (value !== undefined) {
      this.mistakes.push(`${flag}: takes no value, but has ${quote(value)}; write ${flag} alone`);
    } else {
      this.#set(option, flag, 'false');
    }
    return true;
  }

  #set({ name, kind }: Option, origin: string, text: string): void {
    const earlier = this.settings.get(name);
    if (earlier !== undefined && kind.form !== 'list') {
      const again =
        earlier.origin === origin
          ? 'is given twice; write it once'
          : `contradicts ${earlier.origin}; write one of them`;
      this.mistakes.push(`${origin}: ${again}`);
      return;
    }
    this.settings.set(name, { origin, values: [...(earlier?.values ?? []), { text, origin }] });
  }
}
