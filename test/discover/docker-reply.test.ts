import * as fc from 'fast-check';
import t from 'tap';
import { DockerError } from '../../src/discover/docker-error.js';
import { parseEvent, parseInfo, parseList, parseVersion } from '../../src/discover/docker-reply.js';
import { parseInspect } from '../../src/discover/inspect-reply.js';

const Id = 'b2dfdd066678a2dc59127c914e42e32deb3353e208e6a2aa18d610f9b78ca1c9';
const none = (): boolean => false;

/** As Docker 20.10 answers, without what nobody reads. */
const running = {
  Id,
  Created: '2026-11-23T22:20:28.324841102Z',
  Name: '/two',
  Image: 'sha256:d0ab',
  RestartCount: 3,
  AppArmorProfile: 'docker-default',
  State: {
    Status: 'running',
    Running: true,
    Paused: false,
    OOMKilled: false,
    Pid: 12714,
    ExitCode: 0,
    StartedAt: '2026-11-23T22:20:28.710019415Z',
    FinishedAt: '0001-01-01T00:00:00Z',
  },
  HostConfig: {
    NetworkMode: 'none',
    RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    CapAdd: null,
    CapDrop: ['ALL'],
    SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ERRNO"}', 'no-new-privileges'],
    PidMode: '',
    Privileged: false,
    Memory: 67108864,
    NanoCpus: 1500000000,
    PidsLimit: -1,
  },
  Config: { User: '1000', Image: 'busybox:1', Env: ['A=secret'], Labels: { team: 'a', token: 'secret' } },
};

t.test('inspect: a running container', async t => {
  const { container, restartCount, allLabels } = parseInspect(running, name => name === 'team');
  t.same(container, {
    id: Id,
    name: 'two',
    image: 'busybox:1',
    imageId: 'sha256:d0ab',
    labels: new Map([['team', 'a']]),
    state: 'running',
    pid: 12714,
    createdAtSeconds: 1795472428.324841,
    startedAtSeconds: 1795472428.7100194,
    health: { status: 'none', failingStreak: 0 },
    source: 'docker',
    configuration: {
      capAdd: [],
      capDrop: ['ALL'],
      securityOptions: ['seccomp=custom', 'no-new-privileges'],
      networkMode: 'none',
      restartPolicy: 'always',
      privileged: false,
      user: '1000',
      appArmorProfile: 'docker-default',
      memoryLimitBytes: 67108864,
      cpuLimitCores: 1.5,
    },
  });
  t.notOk('oomKilled' in container, 'it never ended');
  t.equal(restartCount, 3);
  t.equal(allLabels.size, 2);
});

t.test('inspect: one that was killed', async t => {
  const State = {
    ...running.State,
    Status: 'exited',
    Running: false,
    OOMKilled: true,
    Pid: 0,
    ExitCode: 137,
    FinishedAt: '2026-11-23T23:20:28.5+01:00',
  };
  const { container } = parseInspect({ ...running, State }, none);
  t.match(container, { state: 'exited', exitCode: 137, oomKilled: true, finishedAtSeconds: 1795472428.5 });
  t.notOk('pid' in container);
});

t.test('inspect: Podman leaves empty what Docker leaves out', async t => {
  const { container } = parseInspect(
    {
      Id,
      Name: 'two',
      Created: '2026-11-23T22:20:28.3+01:00',
      State: {
        Status: 'stopped',
        Running: false,
        Pid: 0,
        Health: { Status: '', FailingStreak: 0, Log: null },
      },
      HostConfig: { CgroupnsMode: '', CapAdd: [], CapDrop: [], SecurityOpt: [], IpcMode: 'shareable' },
      Config: { Image: 'busybox', Labels: null },
    },
    none,
  );
  t.match(container, { name: 'two', state: 'exited', health: { status: 'none', failingStreak: 0 } });
  t.same(container.configuration, { capAdd: [], capDrop: [], securityOptions: [], ipcMode: 'shareable' });
});

t.test('inspect: health', async t => {
  const State = {
    ...running.State,
    Health: { Status: 'unhealthy', FailingStreak: 7, Log: [{ Output: 'secret' }] },
  };
  const { container } = parseInspect({ ...running, State }, none);
  t.same(container.health, { status: 'unhealthy', failingStreak: 7 });
});

t.test('inspect: paths that are hidden or read-only, none, and not told', async t => {
  const pathsOf = (of: object): unknown[] => {
    const { maskedPaths, readonlyPaths } = parseInspect(
      { ...running, HostConfig: { ...running.HostConfig, ...of } },
      none,
    ).container.configuration;
    return [maskedPaths, readonlyPaths];
  };
  t.same(pathsOf({ MaskedPaths: ['/proc/kcore'], ReadonlyPaths: ['/proc/sys', 7] }), [
    ['/proc/kcore'],
    ['/proc/sys'],
  ]);
  t.same(pathsOf({ MaskedPaths: [], ReadonlyPaths: [] }), [[], []], 'systempaths=unconfined');
  t.same(
    pathsOf({ MaskedPaths: null, ReadonlyPaths: null }),
    [undefined, undefined],
    'privileged, and Podman',
  );
  t.same(pathsOf({}), [undefined, undefined]);
});

t.test('inspect: labels and names are bounded', async t => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`label${index}`, 'x']));
  const Config = { Labels: { ...many, label0: 'x'.repeat(60_000) } };
  const { container } = parseInspect({ ...running, Config, Name: `/${'n'.repeat(9000)}` }, () => true);
  t.ok(container.labels.size <= 1024);
  t.ok((container.labels.get('label0')?.length ?? 0) <= 4096);
  t.ok(container.name.length <= 4096);
});

t.test('list', async t => {
  const [listed] = parseList([
    {
      Id,
      Names: ['/other/alias', '/web'],
      Image: 'busybox',
      State: 'paused',
      Status: 'Up 2 minutes (Paused)',
    },
  ]);
  t.same(listed, { id: Id, name: 'web', image: 'busybox', state: 'paused', status: 'Up 2 minutes (Paused)' });
  t.match(parseList([{ Id, Names: null, State: 'removing' }]), [{ name: 'b2dfdd066678', state: 'removing' }]);
});

t.test('events', async t => {
  const event = (fields: object): string =>
    JSON.stringify({ Type: 'container', Actor: { ID: Id }, ...fields });
  t.same(parseEvent(event({ Action: 'start', time: 1795472428 })), {
    action: 'start',
    id: Id,
    timeSeconds: 1795472428,
  });
  t.match(parseEvent(event({ Action: 'health_status: unhealthy' })), { action: 'health_status' });
  t.match(parseEvent(event({ Action: 'exec_start: sh -c "echo: secret"' })), { action: 'exec_start' });
  t.match(parseEvent(event({ Action: 'died' })), { action: 'die' }, 'Podman');
  t.match(parseEvent(event({ Action: 'exec' })), { action: 'exec_start' }, 'Podman');
  t.match(parseEvent(JSON.stringify({ status: 'start', id: Id, time: 5 })), {
    action: 'start',
    timeSeconds: 5,
  });
  t.equal(parseEvent(JSON.stringify({ Type: 'network', Action: 'connect', Actor: { ID: 'x' } })), undefined);
  for (const line of [
    'garbage',
    '{"Type":"container"',
    'null',
    '[]',
    '{"Type":"container","Action":"start"}',
  ]) {
    t.throws(() => parseEvent(line), { code: 'malformed' }, line);
  }
});

t.test('a message about a malformed answer does not quote it', async t => {
  t.throws(() => parseEvent('{"secret"'), { message: /^(?!.*secret)/ });
});

t.test('version and info', async t => {
  t.same(parseVersion({ Version: '29.0.0', ApiVersion: '1.52', MinAPIVersion: '1.44' }), {
    engine: 'docker',
    version: '29.0.0',
    apiVersion: '1.52',
    minApiVersion: '1.44',
  });
  t.match(parseVersion({ Version: '4.3.1', Components: [{ Name: 'Podman Engine' }] }), { engine: 'podman' });
  t.same(
    parseInfo({
      Name: 'vm',
      CgroupVersion: '2',
      SecurityOptions: ['name=rootless'],
      LiveRestoreEnabled: true,
    }),
    {
      name: 'vm',
      cgroupVersion: 2,
      securityOptions: ['name=rootless'],
      rootless: true,
      liveRestore: true,
    },
  );
  t.equal(parseInfo({ CgroupVersion: '3' }).cgroupVersion, undefined);
});

t.test('whatever is sent, nothing but DockerError is thrown', async t => {
  const parsers = [parseList, parseVersion, parseInfo, (value: unknown) => parseInspect(value, () => true)];
  const like = fc.record(
    {
      Id: fc.oneof(fc.constant(Id), fc.anything()),
      Names: fc.anything(),
      Components: fc.anything(),
      State: fc.anything(),
      HostConfig: fc.anything(),
      Config: fc.dictionary(fc.string(), fc.anything()),
    },
    { requiredKeys: [] },
  );
  for (const parse of parsers) {
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(fc.oneof(fc.anything(), like, fc.array(like)), value => {
          try {
            parse(value);
            return true;
          } catch (error) {
            return error instanceof DockerError && error.code === 'malformed';
          }
        }),
      ),
    );
  }
});
