import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { containerOfCgroup } from '../src/discover/cgroup-id.js';
import { openRecordedHost, recordedHostNames } from './support/recorded-host.js';
import { compareProcess } from './support/process-truth.js';

t.setTimeout(300_000);

for (const name of recordedHostNames())
  t.test(`${name}: what is decoded of each process is what the shell says`, async t => {
    const host = await openRecordedHost(name);
    t.teardown(() => host.close());
    const inContainers = readdirSync(host.procfs)
      .filter(entry => /^\d+$/.test(entry) && entry !== '1')
      .filter(pid =>
        readFileSync(join(host.procfs, pid, 'cgroup'), 'utf8')
          .split('\n')
          .some(line => containerOfCgroup(line.split(':').slice(2).join(':')) !== undefined),
      );
    t.ok(inContainers.length > 5, `${inContainers.length} processes`);
    for (const pid of inContainers) compareProcess(t, host, Number(pid), pid);
  });
