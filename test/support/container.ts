import type { Container } from '../../src/discover/container.js';

/** A running container as Docker would describe it, but for what a test says otherwise. */
export function container(of: Partial<Container> = {}): Container {
  return {
    id: '8f3b2a6c'.repeat(8),
    name: 'web',
    image: 'nginx:1.27',
    labels: new Map(),
    state: 'running',
    configuration: {},
    source: 'docker',
    ...of,
  };
}
