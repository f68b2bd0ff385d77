import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { getJson } from './get-json.js';
import { type DockerReplies, type ReplayDockerApi, replayDockerApi } from './replay-docker-api.js';

const REPLIES: DockerReplies = {
  version: { Version: '20.10.24', ApiVersion: '1.41' },
  info: { CgroupVersion: '2' },
  list: [
    { Id: 'aaa1', State: 'running' },
    { Id: 'bbb2', State: 'exited' },
    { Id: 'ccc3', State: 'paused' },
  ],
  inspect: { aaa1: { Id: 'aaa1', Name: '/web' }, bbb2: { Id: 'bbb2', Name: '/old' } },
};

/** Not `t.testdir`: its names are longer than a socket's may be. */
function socketDirectory(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'confined-docker-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(t: Test): Promise<ReplayDockerApi> {
  const api = await replayDockerApi(join(socketDirectory(t), 'docker.sock'), REPLIES);
  t.teardown(api.close);
  return api;
}

async function openEvents(t: Test, api: ReplayDockerApi): Promise<IncomingMessage> {
  const sent = request({ socketPath: api.socketPath, path: '/v1.41/events?filters=%7B%7D' });
  t.teardown(() => sent.destroy());
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}

t.test('answers what was recorded, with and without a version in the path', async t => {
  const { socketPath } = await start(t);
  for (const prefix of ['', '/v1.24', '/v1.53']) {
    t.same(await getJson(socketPath, `${prefix}/_ping`), { status: 200, body: 'OK' });
    t.same(await getJson(socketPath, `${prefix}/version`), { status: 200, body: REPLIES.version });
    t.same(await getJson(socketPath, `${prefix}/info`), { status: 200, body: REPLIES.info });
    t.same(await getJson(socketPath, `${prefix}/containers/json?all=1`), { status: 200, body: REPLIES.list });
    t.same(await getJson(socketPath, `${prefix}/containers/aaa1/json`), {
      status: 200,
      body: REPLIES.inspect['aaa1'],
    });
  }
});

t.test('lists only what is alive unless all is asked for', async t => {
  const { socketPath } = await start(t);
  const alive = { status: 200, body: [REPLIES.list[0], REPLIES.list[2]] };
  t.same(await getJson(socketPath, '/containers/json'), alive);
  t.same(await getJson(socketPath, '/containers/json?all=0'), alive);
  t.same(await getJson(socketPath, '/containers/json?all=false'), alive);
  t.same(await getJson(socketPath, '/containers/json?all=true'), { status: 200, body: REPLIES.list });
});

t.test('finds a container by name and by the beginning of its id', async t => {
  const { socketPath } = await start(t);
  t.match(await getJson(socketPath, '/containers/web/json'), { status: 200, body: { Id: 'aaa1' } });
  t.match(await getJson(socketPath, '/containers/bb/json'), { status: 200, body: { Id: 'bbb2' } });
});

t.test('refuses as Docker does what it cannot answer', async t => {
  const { socketPath } = await start(t);
  t.same(await getJson(socketPath, '/containers/zzz/json'), {
    status: 404,
    body: { message: 'No such container: zzz' },
  });
  t.equal((await getJson(socketPath, '/containers/aaa1/logs')).status, 404);
  t.equal((await getJson(socketPath, '/containers/create', 'POST')).status, 405);
});

t.test('answers with new replies once they are replaced, and remembers the requests', async t => {
  const api = await start(t);
  t.equal(((await getJson(api.socketPath, '/v1.41/containers/json?all=1')).body as unknown[]).length, 3);
  api.replies = { ...REPLIES, list: [] };
  t.same((await getJson(api.socketPath, '/containers/json?all=1')).body, []);
  t.same(api.requests, ['/containers/json?all=1', '/containers/json?all=1']);
});

t.test('an event reaches every open stream as one line', async t => {
  const api = await start(t);
  const streams = [await openEvents(t, api), await openEvents(t, api)];
  t.equal(api.eventStreams, 2);
  const event = { Type: 'container', Action: 'die', Actor: { ID: 'aaa1', Attributes: { exitCode: '137' } } };
  api.emit(event);
  for (const stream of streams) {
    const [line] = (await once(stream, 'data')) as [string];
    t.equal(line, `${JSON.stringify(event)}\n`);
  }
});

t.test('event streams stay open until they are ended', async t => {
  const api = await start(t);
  const stream = await openEvents(t, api);
  stream.resume();
  t.equal(api.eventStreams, 1);
  const ended = once(stream, 'end');
  api.endEventStreams();
  await ended;
  t.equal((await getJson(api.socketPath, '/version')).status, 200, 'the rest still answers');
});

t.test('closes in spite of open event streams', async t => {
  const api = await replayDockerApi(join(socketDirectory(t), 'docker.sock'), REPLIES);
  const stream = await openEvents(t, api);
  const cut = once(stream, 'error');
  stream.resume();
  await api.close();
  t.match(await cut, [{ code: 'ECONNRESET' }]);
  await t.rejects(getJson(api.socketPath, '/version'));
});

t.test('a socket path that cannot be had is an error', async t => {
  await t.rejects(replayDockerApi(join(socketDirectory(t), 'missing/docker.sock'), REPLIES));
});
