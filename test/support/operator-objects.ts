import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, type Fields } from './deployment.js';
import { runTool } from './run-tool.js';

/** Of the objects that the Prometheus operator brings to Kubernetes, which has no schemas of them itself. */
export const OPERATOR_VERSION = 'monitoring.coreos.com/v1';

const COMPILER = [
  '--ignoreConfig',
  '--noEmit',
  '--strict',
  '--skipLibCheck',
  '--target',
  'es2023',
  '--module',
  'nodenext',
];

/**
 * What the operator's own definitions have against some objects: names of fields by the types that are made of them, values
 * by their patterns and enumerations. They are read from the package that CONFINED_TEST_OPERATOR_MODELS names.
 */
export function operatorComplaints(objects: readonly Fields[]): string[] {
  // Beside the package, so that an import of it is found.
  const folder = mkdtempSync(join(modelsFolder(), '..', 'confined-'));
  try {
    const file = join(folder, 'objects.mts');
    writeFileSync(file, objects.map((object, index) => typed(object, index)).join('\n'));
    const types = runTool('node_modules/.bin/tsc', [...COMPILER, file]);
    const script = join(folder, 'objects.mjs');
    writeFileSync(script, objects.map((object, index) => validated(object, index)).join('\n'));
    const values = runTool(process.execPath, [script]);
    // There is no such kind.
    if (values.status !== 0) throw new Error(`${types.output}${values.stderr}`);
    return `${types.output}${values.stdout}`.split('\n').filter(line => line !== '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function typed(object: Fields, index: number): string {
  const kind = String(object['kind']);
  return `import type { I${kind} as Kind${index} } from '${moduleOf(kind)}';
export const object${index}: Kind${index} = ${JSON.stringify(object)};`;
}

/** Lines of a program that prints what is wrong with the object. */
function validated(object: Fields, index: number): string {
  const kind = String(object['kind']);
  return `import { ${kind} as Kind${index} } from '${moduleOf(kind)}';
try { new Kind${index}(${JSON.stringify(object)}).validate(); } catch (error) {
  console.log(${JSON.stringify(`${kind} ${String(at(object, 'metadata', 'name'))}: `)} + error.message.replaceAll('\\n', ' '));
}`;
}

function moduleOf(kind: string): string {
  return `@kubernetes-models/prometheus-operator/${OPERATOR_VERSION}/${kind}`;
}

function modelsFolder(): string {
  const folder = process.env['CONFINED_TEST_OPERATOR_MODELS'];
  if (folder === undefined) throw new Error('CONFINED_TEST_OPERATOR_MODELS is not set');
  return folder;
}
