import type { Container } from '../src/discover/container.js';
import type { DockerReplies } from '../test/support/replay-docker-api.js';

/** What a Docker daemon would say of these containers. */
export function dockerReplies(containers: readonly Container[]): DockerReplies {
  return {
    version: { Version: '29.0.0', ApiVersion: '1.44', MinAPIVersion: '1.24', Os: 'linux' },
    info: { CgroupDriver: 'cgroupfs', CgroupVersion: '1' },
    list: containers.map(({ id, name, image }) => ({
      Id: id,
      Names: [`/${name}`],
      Image: image,
      State: 'running',
      Status: 'Up 5 minutes',
    })),
    inspect: Object.fromEntries(containers.map(container => [container.id, inspectReply(container)])),
  };
}

function inspectReply({ id, name, image, imageId, labels, pid, configuration }: Container): unknown {
  return {
    Id: id,
    Name: `/${name}`,
    Image: imageId,
    Created: '2026-01-01T00:00:00Z',
    RestartCount: 0,
    State: { Status: 'running', Running: true, Pid: pid, StartedAt: '2026-01-01T00:00:01Z' },
    Config: { Image: image, Labels: Object.fromEntries(labels) },
    HostConfig: {
      Runtime: configuration.runtime,
      RestartPolicy: { Name: configuration.restartPolicy },
      NetworkMode: configuration.networkMode,
    },
  };
}
