import t from 'tap';
import { InvalidValue } from '../../src/config/invalid-value.js';
import { parseListenOption } from '../../src/config/listen-option.js';

t.test('reads a listen address', async t => {
  t.strictSame(parseListenOption('[::1]:10401'), { host: '::1', port: 10_401 });
});

t.test('its messages repeat neither the option nor the value', async t => {
  for (const text of ['10401', 'a b:1', '::1:10401', 'x:99999', '"\n":1', 'unix:/run/confined.sock']) {
    t.throws(() => parseListenOption(text), InvalidValue, text);
    t.throws(() => parseListenOption(text), { message: /^is not a listen address; [^\n]+$/u }, text);
  }
});
