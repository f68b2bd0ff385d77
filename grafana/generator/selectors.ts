/** The matchers of the variables that every dashboard has. */
const TARGET = 'job=~"$job", instance=~"$instance"';
const COMPOSE =
  'container_label_com_docker_compose_project=~"$project", container_label_com_docker_compose_service=~"$service"';
/** The root cgroup is exported as a container without a name; everything else is one. */
const NOT_ROOT = 'id!="/"';

/** Labels that tell one container from all others; `name` and `image` say which it is. */
const CONTAINER_KEYS = ['job', 'instance', 'id', 'name'] as const;

/** A metric of the exporter or its host, of the hosts that are chosen. */
export function ofHosts(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [TARGET, ...matchers]);
}

/** A metric of containers, of the containers that are chosen. */
export function ofContainers(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [TARGET, COMPOSE, 'name=~"$container"', NOT_ROOT, ...matchers]);
}

/** A metric of containers, of the one container that is chosen. */
export function ofContainer(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [TARGET, 'name=~"$container"', 'id=~"$id"', NOT_ROOT, ...matchers]);
}

/** A counter's growth in a second, over as many scrapes as the panel's resolution asks for. */
export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

/** A counter's growth within each step of the graph. */
export function increase(counter: string): string {
  return `increase(${counter}[$__rate_interval])`;
}

/** One value for each container, or for each of these labels of it, whatever else its series are split by. */
export function perContainer(
  operator: 'max' | 'sum' | 'count',
  expression: string,
  ...labels: readonly string[]
): string {
  return `${operator} by (${[...CONTAINER_KEYS, ...labels].join(', ')}) (${expression})`;
}

/**
 * Zero where nothing was found, but only where somebody looked: `seen` is a metric that is there when the exporter could
 * read what the answer depends on.
 */
export function orZeroIf(seen: string, expression: string): string {
  return `${expression} or 0 * ${seen}`;
}

function selector(metric: string, matchers: readonly string[]): string {
  return `${metric}{${matchers.join(', ')}}`;
}
