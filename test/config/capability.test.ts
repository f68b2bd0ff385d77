import t from 'tap';
import { parseCapability } from '../../src/config/capability.js';
import { configOf, messagesOf } from './support.js';

t.test('a capability, by its name with or without prefix, in any case, or by its number', async t => {
  const masks: [text: string, mask: bigint][] = [
    ['CAP_CHOWN', 1n],
    ['CHOWN', 1n],
    ['cap_sys_admin', 0x200000n],
    ['Net_Admin', 0x1000n],
    ['CAP_CHECKPOINT_RESTORE', 0x100_0000_0000n],
    ['CAP_41', 0x200_0000_0000n],
    ['63', 0x8000_0000_0000_0000n],
    ['docker', 0xa80425fbn],
  ];
  for (const [text, mask] of masks) t.equal(parseCapability(text), mask, text);
});

t.test('what is no capability', async t => {
  for (const text of ['', 'CAP_', 'SYSADMIN', 'CAP_64', '100', '-1', 'CAP_CAP_CHOWN', '0x1', 'ALL'])
    t.throws(
      () => parseCapability(text),
      { message: /is no capability; write one such as CAP_NET_ADMIN/ },
      text,
    );
});

const FLAG = '--confinement.capability-baseline';

t.test('the baseline', async t => {
  t.strictSame(configOf({}).confinementCapabilityBaseline, [0xa80425fbn], 'what Docker gives');
  t.strictSame(configOf({ argv: [`${FLAG}=docker`, `${FLAG}=NET_ADMIN`] }).confinementCapabilityBaseline, [
    0xa80425fbn,
    0x1000n,
  ]);
  t.strictSame(configOf({ argv: [`${FLAG}=none`] }).confinementCapabilityBaseline, []);
  t.match(
    messagesOf({ argv: [`${FLAG}=SYSADMIN`] })[0],
    /^--confinement\.capability-baseline: "SYSADMIN" is no capability/,
  );
});
