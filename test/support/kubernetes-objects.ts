import { at, parseDocuments, type Fields } from './deployment.js';
import { outputOf } from './run-tool.js';

export const CHART = 'deploy/kubernetes/chart';

/** The objects that kustomize makes of a folder. */
export function kustomize(folder: string): Fields[] {
  return parseDocuments(outputOf('kustomize', 'build', folder), folder);
}

/** The objects that Helm makes of a chart in the namespace `confined`, for a version of Kubernetes, with options of `helm template`. */
export function renderChart({
  chart = CHART,
  kubernetes = '1.30',
  options = [] as readonly string[],
} = {}): Fields[] {
  const where = [chart, '--namespace=confined', `--kube-version=${kubernetes}`];
  const text = outputOf('helm', 'template', 'confined', ...where, ...options);
  return parseDocuments(text, `${chart} ${options.join(' ')}`).filter(
    object => Object.keys(object).length > 0,
  );
}

/** The one object of a kind; throws where there is none or another. */
export function onlyOfKind(objects: readonly Fields[], kind: string): Fields {
  const [object, ...others] = objects.filter(other => other['kind'] === kind);
  if (object === undefined || others.length > 0) throw new Error(`there is not one ${kind}`);
  return object;
}

/** `ConfigMap confined-dashboard-fleet`: how objects are told apart in a namespace. */
export function nameOf(object: Fields): string {
  return `${String(object['kind'])} ${String(at(object, 'metadata', 'name'))}`;
}
