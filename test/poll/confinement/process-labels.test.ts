import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import type { LabelFile } from '../../../src/poll/confinement/host-confinement.js';
import { ProcessLabels } from '../../../src/poll/confinement/process-labels.js';
import { KernelFiles } from '../../../src/read/kernel-file.js';
import { asNobody } from '../../read/as-nobody.js';
import { freshDirectory } from '../../serve/support.js';
import { recordingReporter } from '../support.js';
import { APPARMOR, writeProcess } from './support.js';

const OWN_FILE: LabelFile = { ...APPARMOR, file: 'attr/apparmor/current' };
const SELINUX: LabelFile = { file: 'attr/current', controls: ['selinux'], selinuxEnforced: true };
const EITHER: LabelFile = {
  file: 'attr/current',
  controls: ['apparmor', 'selinux'],
  selinuxEnforced: undefined,
};

function open(t: Test, sources: readonly LabelFile[], files: Record<string, string | undefined>) {
  const directory = writeProcess(freshDirectory(t), 7, { files });
  chmodSync(directory, 0o755);
  const reports: string[] = [];
  const context = { procfs: '', files: new KernelFiles(4), reporter: recordingReporter(reports) };
  return { directory, ...watch(t, directory, sources, context), reports };
}

function watch(
  t: Test,
  directory: string,
  sources: readonly LabelFile[],
  context = { procfs: '', files: new KernelFiles(4), reporter: recordingReporter([]) },
) {
  const labels = new ProcessLabels(directory, context, sources);
  t.teardown(() => labels.close());
  const unverified = (): Record<string, string> => {
    const told: Record<string, string> = {};
    labels.tellUnverified((control, reason) => (told[control] = reason));
    return told;
  };
  return { labels, unverified };
}

t.test('AppArmor answers in its own file, and SELinux in the one that modules share', async t => {
  const { labels, unverified } = open(t, [OWN_FILE, SELINUX], {
    'attr/apparmor/current': 'docker-default (enforce)\n',
    'attr/current': 'system_u:system_r:container_t:s0:c1,c2\0',
  });
  t.equal(labels.read(false), true);
  t.equal(labels.label.apparmor?.profile, 'docker-default');
  t.strictSame(labels.label.selinux, {
    user: 'system_u',
    role: 'system_r',
    type: 'container_t',
    level: 's0:c1,c2',
    confined: true,
  });
  t.strictSame(unverified(), {});
  t.equal(labels.read(false), false, 'nothing has changed');
  t.equal(labels.read(true), false);
});

t.test('a label that becomes another', async t => {
  const { labels, directory } = open(t, [APPARMOR], {});
  labels.read(false);
  writeFileSync(join(directory, 'attr/current'), 'docker-default (complain)\n');
  t.equal(labels.read(false), true);
  t.strictSame(labels.label, { apparmor: { profile: 'docker-default', mode: 'complain', confined: false } });
});

t.test('a file that is not there belongs to a module that this kernel does not have', async t => {
  const { labels, unverified, directory } = open(t, [APPARMOR], { 'attr/current': undefined });
  labels.read(false);
  t.strictSame(labels.label, {});
  t.strictSame(unverified(), {});
  writeFileSync(join(directory, 'attr/current'), 'unconfined\n');
  t.equal(labels.read(false), false, 'it is not asked for at each look');
  t.equal(labels.read(true), true);
  t.equal(labels.label.apparmor?.confined, false);
});

const answer = spawnSync('cat', ['/proc/self/attr/current'], { encoding: 'utf8' }).stderr;
const skip = answer.includes('Invalid argument') ? false : 'this kernel has a security module';
t.test('a file that answers "invalid argument" does too', { skip }, async t => {
  const { labels, unverified } = watch(t, '/proc/self', [EITHER]);
  labels.read(false);
  t.strictSame(labels.label, {});
  t.strictSame(unverified(), {});
});

t.test('what may not be read is unverified', async t => {
  const { labels, unverified, directory } = open(t, [EITHER], {});
  chmodSync(join(directory, 'attr/current'), 0o000);
  asNobody(() => labels.read(false));
  t.strictSame(labels.label, {});
  const reason = 'attr/current: forbidden';
  t.strictSame(unverified(), { apparmor: reason, selinux: reason });
  chmodSync(join(directory, 'attr/current'), 0o444);
  t.equal(labels.read(true), true);
  t.strictSame(unverified(), {});
});

t.test('what is no file, and what is no label', async t => {
  const { labels, unverified, reports, directory } = open(t, [APPARMOR], { 'attr/current': 'no label\n' });
  labels.read(false);
  t.strictSame(labels.label, {});
  t.strictSame(unverified(), { apparmor: 'attr/current: other' });
  t.strictSame(reports, ['parseFailed confinement attr/current']);
  labels.read(false);
  t.equal(reports.length, 1, 'the same text is not parsed again');
  rmSync(join(directory, 'attr/current'));
  mkdirSync(join(directory, 'attr/current'));
  const { labels: again, unverified: then } = watch(t, directory, [APPARMOR]);
  again.read(false);
  t.strictSame(then(), { apparmor: 'attr/current: other' });
});

t.test('a label is not kept when it can no longer be read', async t => {
  const { directory } = open(t, [], {});
  const context = { procfs: '', files: new KernelFiles(0), reporter: recordingReporter([]) };
  const { labels, unverified } = watch(t, directory, [APPARMOR], context);
  labels.read(false);
  t.equal(labels.label.apparmor?.confined, true);
  rmSync(join(directory, 'attr/current'));
  mkdirSync(join(directory, 'attr/current'));
  t.equal(labels.read(false), true);
  t.strictSame(labels.label, {});
  t.strictSame(unverified(), { apparmor: 'attr/current: other' });
});

t.test('SELinux of which nobody says whether it is enforced', async t => {
  const { labels, unverified } = open(t, [{ ...SELINUX, selinuxEnforced: undefined }], {
    'attr/current': 'system_u:system_r:container_t:s0\0',
  });
  labels.read(false);
  t.equal(labels.label.selinux?.confined, undefined);
  t.strictSame(unverified(), { selinux: 'attr/current: whether SELinux is enforced is not known' });
});
