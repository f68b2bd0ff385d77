/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly name: string | undefined;
  readonly base: string;
  readonly instructions: readonly Instruction[];
  /** What stands before the first FROM of the file; empty for the later stages. */
  readonly preamble: readonly Instruction[];
}

/** Parses the part of the Dockerfile syntax that has no here-documents and no parser directives but `syntax`. */
export function parseDockerfile(text: string): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const preamble: Instruction[] = [];
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === 'FROM') {
      const [, base, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.text) ?? [];
      stages.push({
        name,
        base: base ?? '',
        instructions: [],
        preamble: stages.length === 0 ? preamble : [],
      });
    } else {
      (stages.at(-1)?.instructions ?? preamble).push(instruction);
    }
  }
  return stages;
}

function instructionsOf(text: string): Instruction[] {
  return text
    .split('\n')
    .filter(line => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map(line => {
      const [, name, rest] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { name: (name ?? '').toUpperCase(), text: rest ?? '' };
    });
}

/** The words of an instruction's text; quotes hold a word together. */
export function words(text: string): string[] {
  return text.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
}
