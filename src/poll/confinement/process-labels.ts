import type { Control } from '../../model/confinement/controls.js';
import { securityLabel } from '../../model/confinement/security-label.js';
import type { SecurityLabel } from '../../model/confinement/security-label.js';
import { ParseError, text } from '../../parse/scan.js';
import type { ReadFailure } from '../../read/files.js';
import { failureOf } from '../../read/kernel-file.js';
import type { KernelFile } from '../../read/kernel-file.js';
import type { LabelFile } from './host-confinement.js';
import type { ProcessContext } from './process-files.js';

/** One file with a process's security label, and what it said last. */
interface Label {
  readonly source: LabelFile;
  readonly file: KernelFile;
  content: string | undefined;
  label: SecurityLabel;
  failure: ReadFailure | undefined;
}

/** Reads the labels that Linux security modules give a process, poll after poll. */
export class ProcessLabels {
  private readonly labels: readonly Label[];
  private readonly context: ProcessContext;

  constructor(directory: string, context: ProcessContext, sources: readonly LabelFile[]) {
    this.context = context;
    this.labels = sources.map(source => ({
      source,
      file: context.files.open(`${directory}/${source.file}`, 'first'),
      content: undefined,
      label: {},
      failure: undefined,
    }));
  }

  /** Answers whether anything changed; `retry` asks again for what could not be read. */
  read(retry: boolean): boolean {
    let changed = false;
    for (const label of this.labels) {
      if (retry) label.file.retry();
      changed = this.readOne(label) || changed;
    }
    return changed;
  }

  get label(): SecurityLabel {
    return Object.assign({}, ...this.labels.map(({ label }) => label)) as SecurityLabel;
  }

  /** Tells each control that remains unverified, and why. */
  tellUnverified(tell: (control: Control, reason: string) => void): void {
    for (const { source, label, failure } of this.labels) {
      const reason = reasonOf(label, failure);
      if (reason !== undefined)
        for (const control of source.controls) tell(control, `${source.file}: ${reason}`);
    }
  }

  close(): void {
    for (const { file } of this.labels) file.close();
  }

  private readOne(label: Label): boolean {
    const length = label.file.read();
    if (length < 0) {
      const failure = failureOf(length);
      if (label.failure === failure) return false;
      Object.assign(label, { failure, label: {}, content: undefined });
      return true;
    }
    const content = text(this.context.files.bytes, 0, length);
    if (label.content === content) return false;
    label.content = content;
    try {
      label.label = securityLabel(content, label.source.selinuxEnforced);
      label.failure = undefined;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      label.label = {};
      label.failure = 'other';
      this.context.reporter.parseFailed('confinement', label.source.file, error.message, label.file.path);
    }
    return true;
  }
}

/** A module that does not answer, or whose file is not there, is one that this kernel does not have. */
function reasonOf({ selinux }: SecurityLabel, failure: ReadFailure | undefined): string | undefined {
  if (failure === 'unsupported' || failure === 'missing') return undefined;
  if (failure === undefined && selinux !== undefined && selinux.confined === undefined)
    return 'whether SELinux is enforced is not known';
  return failure;
}
