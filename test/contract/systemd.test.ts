import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from '../../src/config/load.js';
import { OPTIONS } from '../../src/config/options.js';
import { at, readText } from '../support/deployment.js';
import { runTool } from '../support/run-tool.js';
import { skipWithout } from '../support/skip-reason.js';
import { parseUnit } from '../support/unit-file.js';

const PATH = 'deploy/systemd/confined.service';
const unit = parseUnit(readText(PATH), PATH);
const service = unit.get('Service') ?? new Map<string, string[]>();
const all = (key: string): string[] => service.get(key) ?? [];
const one = (key: string): string => all(key).join('\n');

/** By section, what the unit may say; all of it is in systemd 252, which Debian 12 has. */
const KNOWN: Readonly<Record<string, string>> = {
  Unit: 'Description After',
  Service: `Type User Group SupplementaryGroups ExecStart ExecReload Environment Restart RestartSec RestartPreventExitStatus
    LimitNOFILE LimitCORE MemoryMax TasksMax AmbientCapabilities CapabilityBoundingSet NoNewPrivileges
    ProtectProc ProcSubset PrivateUsers ProtectControlGroups ProtectSystem ProtectHome PrivateTmp PrivateDevices DevicePolicy
    ProtectKernelTunables ProtectKernelModules ProtectKernelLogs ProtectClock ProtectHostname RestrictNamespaces
    RestrictSUIDSGID RestrictRealtime LockPersonality RemoveIPC KeyringMode UMask RestrictAddressFamilies IPAddressDeny
    IPAddressAllow SystemCallArchitectures SystemCallFilter SystemCallErrorNumber`,
  Install: 'WantedBy',
};

const SHUT = [
  'ProtectHome',
  'ProtectKernelTunables',
  'ProtectKernelModules',
  'ProtectKernelLogs',
  'ProtectClock',
  'ProtectHostname',
  'PrivateTmp',
  'PrivateDevices',
  'RestrictNamespaces',
  'RestrictSUIDSGID',
  'RestrictRealtime',
  'LockPersonality',
  'RemoveIPC',
];

t.test('the unit says what systemd knows', async t => {
  t.strictSame([...unit.keys()], Object.keys(KNOWN));
  for (const [section, keys] of unit) {
    const known = new Set(KNOWN[section]?.split(/\s+/));
    for (const [key, values] of keys) {
      t.ok(known.has(key), `${key} in [${section}]`);
      if (key !== 'SystemCallFilter') t.equal(values.length, 1, `${key} once`);
    }
  }
});

t.test('it starts what the build makes, with options that are some', async t => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
  const started = /exec node (.*)$/.exec(scripts['start'] ?? '')?.[1]?.split(' ') ?? [];
  const [program, ...words] = one('ExecStart').split(' ');
  t.equal(program, '/usr/bin/node');
  const own = words.slice(0, started.length).map(word => word.replace(/^\/opt\/confined\//, ''));
  t.strictSame(own, started, 'as npm start does');
  const result = loadConfig({ argv: words.slice(started.length), env: {}, readTextFile: readText });
  t.match(result, { kind: 'config', config: { readHeldFiles: Number } });
  t.match(JSON.stringify(at(result, 'config', 'webListenAddresses')), '127.0.0.1', 'on the loopback address');
  t.equal(one('RestartPreventExitStatus'), /EXIT_USAGE = (\d)/.exec(readText('src/main.ts'))?.[1]);
});

t.test('it is not root and has one capability', async t => {
  const [, user] = /^u (\w+) /m.exec(readText('deploy/systemd/confined.sysusers.conf')) ?? [];
  t.strictSame([one('User'), one('Group')], [user, user]);
  t.equal(one('AmbientCapabilities'), 'CAP_SYS_PTRACE');
  t.equal(one('CapabilityBoundingSet'), 'CAP_SYS_PTRACE');
  t.equal(one('NoNewPrivileges'), 'yes');
});

t.test('nothing blinds it', async t => {
  t.strictSame([one('ProtectProc'), one('ProcSubset'), one('PrivateUsers')], ['default', 'all', 'no']);
  t.equal(one('ProtectControlGroups'), 'yes', 'read-only, and the tree of the host');
  for (const key of ['PrivatePIDs', 'PrivateNetwork', 'PrivateIPC', 'RootDirectory', 'InaccessiblePaths']) {
    t.strictSame(all(key), [], key);
  }
  t.match(
    one('RestrictAddressFamilies').split(' '),
    ['AF_UNIX', 'AF_INET', 'AF_INET6'],
    'for Docker and Prometheus',
  );
  t.strictSame(all('MemoryDenyWriteExecute'), [], 'Node.js compiles');
});

t.test('everything else is shut', async t => {
  for (const key of SHUT) t.equal(one(key), 'yes', key);
  t.equal(one('ProtectSystem'), 'strict');
  t.match(all('SystemCallFilter'), [/^@system-service/, /^~@debug .*process_vm_readv process_vm_writev/]);
  t.strictSame([one('IPAddressDeny'), one('IPAddressAllow')], ['any', 'localhost']);
});

t.test('its limits leave room for the files that it holds open', async t => {
  const held = Number(OPTIONS.find(({ name }) => name === 'read.held-files')?.default);
  t.ok(Number(one('LimitNOFILE')) >= held + 2048);
  t.match(one('MemoryMax'), /^\d+M$/);
});

t.test('systemd-analyze agrees', { skip: skipWithout('systemd-analyze') }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'confined-unit-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'confined.service');
  // Where it is installed there are these two; here are others.
  const text = readText(PATH).replace('/usr/bin/node', process.execPath).replace('/opt/confined/', '/');
  writeFileSync(file, text);
  const verified = runTool('systemd-analyze', ['verify', '--man=no', file]);
  const complaints = verified.stderr.split('\n').filter(line => line.includes('confined.service'));
  t.strictSame(complaints, []);
  const options = ['security', '--offline=true', '--threshold=25', '--no-pager', file];
  const { status, stdout, stderr } = runTool('systemd-analyze', options);
  t.equal(status, 0, `at most 2.5: ${stdout.trim().split('\n').at(-1)} ${stderr}`);
});

t.test(
  'systemd-sysusers makes a user that cannot log in',
  { skip: skipWithout('systemd-sysusers') },
  async t => {
    const root = t.testdir({
      etc: {},
      usr: { lib: { 'sysusers.d': { 'confined.conf': readText('deploy/systemd/confined.sysusers.conf') } } },
    });
    const { status, output } = runTool('systemd-sysusers', [`--root=${root}`]);
    t.equal(status, 0, output);
    t.match(
      readFileSync(join(root, 'etc/passwd'), 'utf8'),
      /^confined:[^:]*:([1-9]\d*):\1:Prometheus exporter for containers:\/:\/usr\/sbin\/nologin$/m,
    );
  },
);
