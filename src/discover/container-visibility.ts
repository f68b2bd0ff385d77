import type { ContainerFilter } from '../config/container-filter.js';

/** What `--container.include` and `--container.exclude` look at. */
export interface FilterSubject {
  readonly name: string;
  readonly image: string;
  readonly labels: ReadonlyMap<string, string>;
}

export interface ContainerFilters {
  readonly include: readonly ContainerFilter[];
  readonly exclude: readonly ContainerFilter[];
}

/** A container that carries this label with the value `true` is not shown. */
export const IGNORE_LABEL = 'confined.ignore';

/** Shown: not ignored by its own label, matched by no exclude, and by an include where there are any. */
export function isShown(subject: FilterSubject, { include, exclude }: ContainerFilters): boolean {
  const matches = (filter: ContainerFilter): boolean => matchesFilter(subject, filter);
  return (
    subject.labels.get(IGNORE_LABEL)?.toLowerCase() !== 'true' &&
    !exclude.some(matches) &&
    (include.length === 0 || include.some(matches))
  );
}

function matchesFilter(subject: FilterSubject, { field, key, pattern }: ContainerFilter): boolean {
  const value = field === 'label' ? subject.labels.get(key ?? '') : subject[field];
  return value !== undefined && pattern.test(value);
}
