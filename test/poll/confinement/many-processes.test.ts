import t from 'tap';
import { openContainer } from './container-scene.js';

t.test('5,000 processes in slices, and none is lost', async t => {
  const processes = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [
      10 + index,
      { seccomp: index === 4999 ? 0 : 2, namespaces: {} },
    ]),
  );
  const { nextLook, sampler, files } = openContainer(t, processes, { held: 100 });
  let steps = 0;
  for (const _ of sampler.look(...nextLook())) steps += 1;
  t.equal(steps, 5000);
  t.equal(sampler.own?.processes.length, 5000);
  t.equal(sampler.own?.complete, true);
  t.strictSame(sampler.own?.all.seccompModes, [1, 0, 4999]);
  t.equal(files.held, 100);
  sampler.close();
  t.equal(files.held, 0);
});
