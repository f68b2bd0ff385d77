/** How confined stands to one of cAdvisor's metrics. */
export type Correspondence =
  /** Same name, type, unit, labels and meaning. */
  | 'same'
  /** Same name, type and unit, so that queries keep working; one sentence says what is better. */
  | { readonly better: string }
  /** Not exported; says why, and what to use instead. */
  | { readonly notOffered: string };

/** One metric of cAdvisor's Prometheus endpoint. */
export interface CadvisorMetric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  /** Besides the identity of a container (`id`, `name`, `image`) or of a machine. */
  readonly labels: readonly string[];
  readonly ours: Correspondence;
}

/** The metrics that cAdvisor switches on and off together. */
export interface CadvisorGroup {
  readonly title: string;
  /** Its name in cAdvisor's `-disable_metrics` and `-enable_metrics`; absent for what is always on. */
  readonly option?: string;
  /** Whether cAdvisor exports it when nothing is said. */
  readonly onByDefault: boolean;
  readonly metrics: readonly CadvisorMetric[];
}

export function gauge(name: string, labels: readonly string[], ours: Correspondence): CadvisorMetric {
  return { name, type: 'gauge', labels, ours };
}

export function counter(name: string, labels: readonly string[], ours: Correspondence): CadvisorMetric {
  return { name, type: 'counter', labels, ours };
}
