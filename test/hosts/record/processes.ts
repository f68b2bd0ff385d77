import type { Recording } from './recording.js';

/** Neither `environ` nor `cmdline`: they hold secrets, and nothing may read them. */
const FILES = [
  'cgroup',
  'comm',
  'gid_map',
  'limits',
  'mountinfo',
  'net/dev',
  'oom_score_adj',
  'setgroups',
  'stat',
  'statm',
  'status',
  'uid_map',
];

const MAX_THREADS = 4;
const MAX_DESCRIPTORS = 64;

/** The files of one process that tell what it uses and what confines it. */
export function recordProcess(recording: Recording, pid: number): void {
  const directory = `proc/${pid}`;
  for (const name of FILES) recording.file(`${directory}/${name}`);
  recordAttributes(recording, `${directory}/attr`);
  for (const name of recording.list(`${directory}/ns`)) recording.symlink(`${directory}/ns/${name}`);
  recording.symlink(`${directory}/root`);
  for (const fd of recording.list(`${directory}/fd`).slice(0, MAX_DESCRIPTORS)) {
    recording.symlink(`${directory}/fd/${fd}`);
  }
  for (const tid of recording.list(`${directory}/task`).slice(0, MAX_THREADS)) {
    recording.file(`${directory}/task/${tid}/stat`);
  }
}

function recordAttributes(recording: Recording, directory: string): void {
  for (const name of ['current', 'prev', 'exec']) recording.file(`${directory}/${name}`);
  for (const module of ['apparmor', 'smack']) recording.file(`${directory}/${module}/current`);
}
