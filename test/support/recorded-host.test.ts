import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { getJson } from './get-json.js';
import { openRecordedHost, type RecordedHost, recordedHostNames } from './recorded-host.js';

interface Inspect {
  readonly Id: string;
  readonly State: { readonly Pid: number };
}

t.ok(recordedHostNames().length > 0, 'there are recorded hosts');

for (const name of recordedHostNames()) {
  t.test(name, async t => {
    const host = await openRecordedHost(name);
    t.teardown(host.close);
    t.test("has the kernel's files for what Docker says is running", async t => checkProcesses(t, host));
    t.test('knows when it was recorded', async t => checkTime(t, host));
    t.test('holds what other programs said about its own processes', async t => checkTruth(t, host));
    t.test('has no environment and no command line of a process', async t => {
      const archive = readFileSync(join(host.directory, 'host.ttar'), 'latin1');
      t.notOk(/^Path: proc\/\d+\/(environ|cmdline)$/m.test(archive));
    });
  });
}

t.test('closing takes the socket and the files away, and leaves other openings alone', async t => {
  const [name = ''] = recordedHostNames();
  const first = await openRecordedHost(name);
  const second = await openRecordedHost(name);
  t.teardown(second.close);
  t.ok(existsSync(first.dockerSocket));
  t.ok(existsSync(first.procfs));
  await first.close();
  t.notOk(existsSync(first.dockerSocket));
  t.notOk(existsSync(first.root));
  t.equal((await getJson(second.dockerSocket, '/version')).status, 200);
  t.ok(existsSync(second.procfs));
});

t.test('an unknown host is an error', async t => {
  await t.rejects(openRecordedHost('no-such-host'), { code: 'ENOENT' });
});

async function checkProcesses(t: Test, { dockerSocket, procfs }: RecordedHost): Promise<void> {
  const running = (await getJson(dockerSocket, '/v1.41/containers/json')).body as { Id: string }[];
  t.ok(running.length >= 3, 'at least three containers run');
  for (const { Id: id } of running) {
    const { Id, State } = (await getJson(dockerSocket, `/containers/${id}/json`)).body as Inspect;
    t.equal(Id, id);
    const process = join(procfs, String(State.Pid));
    t.match(readFileSync(join(process, 'status'), 'latin1'), /^CapBnd:\t[0-9a-f]{16}$/m);
    t.match(readFileSync(join(process, 'cgroup'), 'latin1'), id);
    t.match(readlinkSync(join(process, 'ns/net')), /^net:\[\d+\]$/);
  }
}

async function checkTime(t: Test, host: RecordedHost): Promise<void> {
  const [uptimeSeconds] = readFileSync(join(host.procfs, 'uptime'), 'utf8').split(' ').map(Number);
  t.ok(Math.abs(host.recordedAtSeconds - host.bootedAtSeconds - (uptimeSeconds ?? NaN)) < 5);
  t.equal(readFileSync(join(host.procfs, 'sys/kernel/osrelease'), 'utf8').trim(), host.kernel);
}

async function checkTruth(t: Test, { docker, procfs, truth }: RecordedHost): Promise<void> {
  const ids = Object.keys(docker.replies.inspect);
  t.ok(truth.dockerStats.length > 0);
  for (const { ID, Name, PIDs } of truth.dockerStats) {
    t.ok(ids.includes(ID), Name);
    t.match(truth.dockerStatsApi[ID], { pids_stats: { current: Number(PIDs) } }, Name);
  }
  t.ok(truth.capabilities.length > 0);
  for (const { pid, set, mask } of truth.capabilities) {
    const status = readFileSync(join(procfs, String(pid), 'status'), 'latin1');
    t.match(status, `${set}:\t${mask.slice(2)}`);
  }
}
