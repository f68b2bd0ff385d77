import { get } from 'node:http';
import type { DockerReplies } from '../../support/replay-docker-api.js';

/** What the Docker API says about a host, reply by reply, unchanged. */
export async function fetchDockerReplies(socketPath: string): Promise<DockerReplies> {
  const version = await getJson(socketPath, '/version');
  const info = await getJson(socketPath, '/info');
  const list = (await getJson(socketPath, '/containers/json?all=1')) as { Id: string }[];
  const inspect: Record<string, unknown> = {};
  for (const { Id: id } of list) inspect[id] = await getJson(socketPath, `/containers/${id}/json`);
  return { version, info, list, inspect };
}

/** The raw counters behind `docker stats`, by container id; without the wait for a second sample. */
export async function fetchDockerStats(socketPath: string, ids: readonly string[]): Promise<unknown> {
  const stats: Record<string, unknown> = {};
  for (const id of ids) {
    stats[id] = await getJson(socketPath, `/containers/${id}/stats?stream=false&one-shot=true`);
  }
  return stats;
}

async function getJson(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path, headers: { host: 'docker' } }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(body));
        else reject(new Error(`GET ${path} answered ${response.statusCode}: ${body}`));
      });
    }).on('error', reject);
  });
}
