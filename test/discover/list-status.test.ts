import t from 'tap';
import { parseListStatus } from '../../src/discover/list-status.js';

/** The forms that `docker ps` prints. */
const forms: [status: string, words: string, ageSeconds: number | undefined][] = [
  ['Up Less than a second', 'Up', 0],
  ['Up 1 second', 'Up', 1],
  ['Up 59 seconds', 'Up', 59],
  ['Up About a minute', 'Up', 60],
  ['Up 59 minutes', 'Up', 3540],
  ['Up About an hour', 'Up', 3600],
  ['Up 46 hours', 'Up', 165_600],
  ['Up 2 days', 'Up', 172_800],
  ['Up 2 weeks', 'Up', 1_209_600],
  ['Up 2 months', 'Up', 5_184_000],
  ['Up 2 years', 'Up', 63_072_000],
  ['Up 5 minutes (healthy)', 'Up (healthy)', 300],
  ['Up 2 seconds (health: starting)', 'Up (health: starting)', 2],
  ['Up 5 minutes (Paused)', 'Up (Paused)', 300],
  ['Exited (137) 3 hours ago', 'Exited (137)', 10_800],
  ['Exited (0) Less than a second ago', 'Exited (0)', 0],
  ['Restarting (1) 4 seconds ago', 'Restarting (1)', 4],
  ['Created', 'Created', undefined],
  ['Removal In Progress', 'Removal In Progress', undefined],
  ['', '', undefined],
];
for (const [status, words, ageSeconds] of forms) {
  t.test(status, async t => t.same(parseListStatus(status), { words, ageSeconds }));
}
