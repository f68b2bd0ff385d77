import type { Test } from 'tap';
import { at, fields, list, strings, type Fields } from './deployment.js';

/** What every object of Kubernetes has, and what refers to what inside a DaemonSet. */
export function checkObject(t: Test, object: Fields, name: string): void {
  t.match(object['apiVersion'], /^([a-z0-9.]+\/)?v1$/, `${name} has a version`);
  t.match(object['kind'], /^[A-Z][A-Za-z]+$/, `${name} has a kind`);
  t.type(at(object, 'metadata', 'name'), 'string', `${name} has a name`);
}

export function podOf(daemonSet: Fields): Fields {
  return fields(at(daemonSet, 'spec', 'template', 'spec'));
}

export function containersOf(daemonSet: Fields): Fields[] {
  return list(podOf(daemonSet)['containers']).map(fields);
}

/** Asserts what holds for each container of the pod, whatever it is for. */
export function checkContainer(t: Test, container: Fields, pod: Fields): void {
  const name = String(container['name']);
  t.match(
    container['securityContext'],
    {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    `${name} is hardened`,
  );
  t.notOk(at(container, 'securityContext', 'privileged'), `${name} is not privileged`);
  t.strictSame(
    strings(at(container, 'securityContext', 'capabilities', 'add')),
    name === 'confined' ? ['SYS_PTRACE'] : [],
  );
  for (const resource of ['cpu', 'memory']) {
    t.ok(at(container, 'resources', 'limits', resource), `${name} has a limit of ${resource}`);
    t.ok(at(container, 'resources', 'requests', resource), `${name} asks for ${resource}`);
  }
  t.match(container['image'], /:v?\d+\.\d+\.\d+$/, `${name} has a version`);
  const volumes = new Set(list(pod['volumes']).map(volume => at(volume, 'name')));
  for (const mount of list(container['volumeMounts']).map(fields)) {
    t.ok(volumes.has(mount['name']), `${String(mount['name'])} is a volume`);
    const own = name === 'docker-proxy' && mount['name'] === 'docker-api';
    t.equal(mount['readOnly'] ?? false, !own, `${name} writes to ${String(mount['name'])} or does not`);
  }
}
