import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import * as fc from 'fast-check';
import t, { type Test } from 'tap';
import { createLogger, logOnChange, type LogFormat, type LogLevel } from '../src/log.js';

/** A logger that keeps its lines, without their times. */
function recorder(format: LogFormat, level: LogLevel = 'info') {
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line.replace(/^time=\S+ |"time":"[^"]+",/u, ''));
  };
  return { lines, logger: createLogger(level, format, { write }) };
}

t.test('logfmt', async t => {
  t.test('puts time, level and message first', async t => {
    const lines: string[] = [];
    const logger = createLogger('info', 'logfmt', { write: line => lines.push(line) });
    logger.child({ stage: 'discover' }).info({ containers: 3 }, 'Found containers');
    t.match(
      lines[0],
      /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=info msg="Found containers" stage=discover containers=3\n$/u,
    );
  });

  t.test('quotes values where needed', async t => {
    const { lines, logger } = recorder('logfmt');
    logger.warn(
      {
        plain: '/proc/1/stat',
        empty: '',
        equals: 'a=b',
        quote: 'say "x"',
        list: [1, 2],
        none: null,
        on: true,
      },
      'x',
    );
    t.strictSame(lines, [
      String.raw`level=warn msg=x plain=/proc/1/stat empty="" equals="a=b" quote="say \"x\"" list=[1,2] none=null on=true` +
        '\n',
    ]);
  });

  t.test('keeps hostile names on one line and away from the terminal', async t => {
    const { lines, logger } = recorder('logfmt');
    logger.info({ name: 'x\nlevel=error msg=forged', 'bad key\n': '\u001B[2J\u202E' }, 'a\r\nb');
    t.strictSame(lines, [
      String.raw`level=info msg="a\r\nb" name="x\nlevel=error msg=forged" bad_key_="\u001b[2J\u202e"` + '\n',
    ]);
  });

  t.test('joins the names of nested fields, and describes errors', async t => {
    const { lines, logger } = recorder('logfmt');
    const error = Object.assign(new Error('connect EACCES /run/docker.sock'), {
      code: 'EACCES',
      json: { Env: ['TOKEN=secret'] },
    });
    logger.error({ err: error, host: { kernel: { release: '6.1' } } }, 'Docker does not answer');
    t.strictSame(lines, [
      'level=error msg="Docker does not answer" err.type=Error err.message="connect EACCES /run/docker.sock" err.code=EACCES host.kernel.release=6.1\n',
    ]);
  });

  t.test('takes anything that was thrown', async t => {
    const { lines, logger } = recorder('logfmt');
    logger.error({ err: 'just text' }, 'x');
    logger.error({ err: undefined }, 'x');
    t.strictSame(lines, ['level=error msg=x err="just text"\n', 'level=error msg=x\n']);
  });

  t.test('writes one printable line for any field', async t => {
    const { lines, logger } = recorder('logfmt');
    const fields = fc.dictionary(fc.string({ unit: 'binary', minLength: 1 }), fc.jsonValue());
    t.doesNotThrow(() =>
      fc.assert(
        fc.property(fields, fc.string({ unit: 'binary' }), (fields, message) => {
          lines.length = 0;
          logger.info({ fields }, message);
          return lines.length === 1 && /^[^\p{C}\p{Zl}\p{Zp}]+\n$/u.test(lines[0] ?? '');
        }),
      ),
    );
  });

  t.test('cuts values that are very long', async t => {
    const { lines, logger } = recorder('logfmt');
    logger.info({ label: 'x'.repeat(60_000) }, 'x');
    t.ok((lines[0]?.length ?? 0) < 5000);
  });
});

t.test('json', async t => {
  t.test('has an ISO time, the level as a word, and neither pid nor host name', async t => {
    const lines: string[] = [];
    const logger = createLogger('info', 'json', { write: line => lines.push(line) });
    logger.child({ stage: 'serve' }).warn({ port: 1 }, 'a "b"\n');
    const { time, ...line } = JSON.parse(lines[0] ?? '');
    t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    t.strictSame(line, { level: 'warn', stage: 'serve', port: 1, msg: 'a "b"\n' });
    t.equal(lines[0]?.trimEnd().includes('\n'), false);
  });

  t.test('leaves the reply of Docker out of an error, and keeps the stack of a fault of ours', async t => {
    const { lines, logger } = recorder('json');
    logger.error(
      Object.assign(new Error('no such container'), { statusCode: 404, json: { Env: ['TOKEN=secret'] } }),
    );
    logger.error(new TypeError('x is not a function'));
    t.strictSame(JSON.parse(lines[0] ?? ''), {
      level: 'error',
      err: { type: 'Error', message: 'no such container', code: 404 },
      msg: 'no such container',
    });
    t.match(JSON.parse(lines[1] ?? ''), { err: { type: 'TypeError', stack: /log\.test\.ts/u } });
  });
});

t.test('messages below the level are not written', async t => {
  const { lines, logger } = recorder('logfmt', 'warn');
  logger.info('no');
  logger.warn('yes');
  t.strictSame(lines, ['level=warn msg=yes\n']);
});

t.test('logs on change', async t => {
  t.test('once when it begins, once when the reason changes, once when it is over', async t => {
    const { lines, logger } = recorder('logfmt');
    const log = logOnChange(logger);
    log.recovered('docker', 'Docker answers again');
    log.failing('docker', 'Docker does not answer', { reason: 'ECONNREFUSED' });
    log.failing('docker', 'Docker does not answer', { reason: 'ECONNREFUSED' });
    log.failing('docker', 'Docker refuses access');
    log.recovered('docker', 'Docker answers again');
    log.recovered('docker', 'Docker answers again');
    log.failing('docker', 'Docker does not answer');
    t.strictSame(lines, [
      'level=warn msg="Docker does not answer" reason=ECONNREFUSED\n',
      'level=warn msg="Docker refuses access"\n',
      'level=info msg="Docker answers again"\n',
      'level=warn msg="Docker does not answer"\n',
    ]);
  });

  t.test('each key for itself, and not at all once forgotten', async t => {
    const { lines, logger } = recorder('logfmt');
    const log = logOnChange(logger);
    log.failing('a', 'broken');
    log.failing('b', 'broken');
    log.forget('a');
    log.recovered('a', 'whole');
    t.strictSame(lines, ['level=warn msg=broken\n', 'level=warn msg=broken\n']);
  });

  t.test('remembers a bounded number of keys, and says so once', async t => {
    const { lines, logger } = recorder('logfmt');
    const log = logOnChange(logger, 2);
    for (let round = 0; round < 3; round += 1) {
      for (const key of ['a', 'b', 'c', 'd']) {
        log.failing(key, `${key} is broken`);
      }
    }
    t.strictSame(lines, [
      'level=warn msg="a is broken"\n',
      'level=warn msg="b is broken"\n',
      'level=warn msg="Too many things fail at once; further failures are counted but not logged" failing=2\n',
    ]);
  });
});

/** Logs a lot in a process of its own, and says on standard error that it came to the end. */
const PROGRAM = `
  const { createLogger } = await import(${JSON.stringify(new URL('../src/log.ts', import.meta.url).href)});
  for (const format of ['logfmt', 'json']) {
    const logger = createLogger('info', format);
    for (let line = 0; line < 2000; line += 1) {
      logger.info({ line }, 'x'.repeat(1000));
      if (line % 100 === 0) await new Promise(resolve => setTimeout(resolve, 1));
    }
  }
  process.stderr.write('alive');
`;

t.test('survives a full disk as standard output', async t => {
  await survives(t, openSync('/dev/full', 'w'));
});

t.test('survives a pipe that nobody reads any more as standard output', async t => {
  await survives(t, 'pipe');
});

async function survives(t: Test, stdout: number | 'pipe'): Promise<void> {
  const argv = [...process.execArgv, '--input-type=module', '--eval', PROGRAM];
  const child: ChildProcess = spawn(process.execPath, argv, { stdio: ['ignore', stdout, 'pipe'] });
  child.stdout?.destroy();
  let said = '';
  child.stderr?.on('data', chunk => (said += String(chunk)));
  const [code] = await once(child, 'close');
  t.equal(code, 0);
  t.match(said, /alive$/u);
}
