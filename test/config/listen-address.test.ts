import t from 'tap';

import { parseListenAddress } from '../../src/config/listen-address.js';

t.test('addresses as Go and the exporter-toolkit write them', async t => {
  const good: [string, string | undefined, number][] = [
    [':10401', undefined, 10_401],
    ['127.0.0.1:9', '127.0.0.1', 9],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:9', '::1', 9],
    ['[::]:0', '::', 0],
    ['[fe80::1%eth0]:80', 'fe80::1%eth0', 80],
    ['localhost:9', 'localhost', 9],
    ['metrics.example.org:10401', 'metrics.example.org', 10_401],
  ];
  for (const [text, host, port] of good) t.same(parseListenAddress(text), { host, port }, text);
});

t.test('mistakes name the option, the value and the fix', async t => {
  const bad: [string, RegExp][] = [
    ['10401', /write ":10401"/],
    ['localhost', /add the port/],
    ['', /add the port/],
    ['::1', /brackets/],
    ['::1:10401', /brackets/],
    ['[::1]', /add the port/],
    ['[localhost]:9', /IPv6 address between the brackets/],
    [':http', /number from 0 to 65535/],
    [':65536', /number from 0 to 65535/],
    [':-1', /number from 0 to 65535/],
    [':', /number from 0 to 65535/],
    ['256.1.1.1:9', /write an address/],
    ['1.2.3:9', /write an address/],
    ['*:9', /write an address/],
    ['a b:9', /write an address/],
    ['unix:/run/confined.sock', /only TCP is served/],
    ['http://localhost:9', /only TCP is served/],
  ];
  for (const [text, fix] of bad) {
    t.throws(() => parseListenAddress(text), { message: fix }, `${text}: the fix`);
    t.throws(
      () => parseListenAddress(text),
      { message: `--web.listen-address=${JSON.stringify(text)} ` },
      text,
    );
  }
});
