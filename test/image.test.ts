import { readFileSync, existsSync } from 'node:fs';
import t from 'tap';
import { parseDockerfile, words, type Instruction } from './support/dockerfile.js';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const stages = parseDockerfile(read('Dockerfile'));
const final = stages.at(-1)?.instructions ?? [];
const all = stages.flatMap(stage => stage.instructions);
const manifest: {
  main?: string;
  bin: Record<string, string>;
  scripts: Record<string, string>;
  license: string;
} = JSON.parse(read('package.json'));

t.test('the runtime stage never runs as root', async t => {
  const users = named(final, 'USER');
  t.equal(users.length, 1);
  t.match(users[0], /^[1-9]\d*(:[1-9]\d*)?$/, 'a number, so that Kubernetes can verify it is not root');
});

t.test('the runtime stage needs no shell', async t => {
  t.strictSame(named(final, 'RUN'), []);
  t.strictSame(named(final, 'SHELL'), []);
  t.strictSame(named(final, 'CMD'), []);
  t.equal(execForm(one(final, 'ENTRYPOINT')).length > 0, true);
  t.equal(execForm(healthCommand()).length > 0, true);
});

t.test('entry point and health check start what the build makes and package.json names', async t => {
  const program = manifest.bin['confined'];
  const started = /exec node (.*)$/.exec(manifest.scripts['start'] ?? '')?.[1]?.split(' ') ?? [];
  t.strictSame(execForm(one(final, 'ENTRYPOINT')), ['/nodejs/bin/node', ...started], 'as npm start does');
  t.equal(started.at(-1), program);
  t.strictSame(execForm(healthCommand()), ['/nodejs/bin/node', program, 'healthcheck']);
  const { rootDir, outDir } = JSON.parse(read('tsconfig.build.json')).compilerOptions;
  const source = program?.replace(`${outDir}/`, `${rootDir}/`).replace(/\.js$/, '.ts') ?? '';
  t.ok(existsSync(new URL(source, root)), `${source} exists`);
  t.ok(
    named(final, 'COPY').includes(`--from=build /app/${outDir} ./${outDir}`),
    'and is copied to where it is started',
  );
  t.ok(named(all, 'RUN').includes('npm run build') && 'build' in manifest.scripts);
});

t.test('bases are arguments with a tag that is not latest', async t => {
  const defaults = new Map(named(stages[0]?.preamble ?? [], 'ARG').map(text => pair(text)));
  for (const { base } of stages) {
    const argument = /^\$\{(\w+)\}$/.exec(base)?.[1] ?? '';
    const image = defaults.get(argument) ?? '';
    t.match(image, /^[a-z0-9./-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/, `${base} is ${image}`);
    t.notMatch(image, /:latest/);
  }
});

t.test('the same Node.js builds and runs', async t => {
  const majors = named(stages[0]?.preamble ?? [], 'ARG').map(text => /node(?:js|:)(\d+)/.exec(text)?.[1]);
  t.equal(new Set(majors).size, 1, majors.join());
});

t.test('nothing is downloaded past the lock file, and no install script runs', async t => {
  t.strictSame(named(all, 'ADD'), []);
  for (const command of named(all, 'RUN')) {
    t.match(command, /^npm (ci|run|pkg set) /);
    t.notMatch(command, /curl|wget|npx|npm install/);
  }
  const installs = named(all, 'RUN').filter(command => command.startsWith('npm ci'));
  t.ok(
    installs.every(command => command.includes('--ignore-scripts')),
    installs.join(),
  );
  t.ok(named(final, 'COPY').includes('--from=dependencies /app/node_modules ./node_modules'));
  const dependencies = stages.find(({ name }) => name === 'dependencies')?.instructions ?? [];
  t.match(named(dependencies, 'RUN'), ['npm ci --omit=dev --ignore-scripts']);
});

t.test('no secret and no configuration is baked in', async t => {
  const variables = named(all, 'ENV').flatMap(text => words(text).map(word => pair(word)[0]));
  t.strictSame(variables, ['NODE_ENV']);
  t.equal(one(final, 'ENV'), 'NODE_ENV=production');
});

t.test('the image says what it is', async t => {
  const labels = new Map(words(one(final, 'LABEL')).map(word => pair(word)));
  const label = (name: string) => labels.get(`org.opencontainers.image.${name}`);
  t.equal(label('title'), 'confined');
  t.equal(label('licenses'), manifest.license);
  for (const name of ['version', 'revision', 'created']) {
    t.equal(label(name), `\${${name.toUpperCase()}}`);
    t.ok(
      named(final, 'ARG').some(text => text.startsWith(`${name.toUpperCase()}=`)),
      `${name} is an argument of the stage that uses it`,
    );
  }
});

t.test('the port of the image is the default port of the program', async t => {
  t.equal(one(final, 'EXPOSE'), '10401');
  t.match(read('src/config/options.ts'), "default: [':10401']");
});

t.test('the build context holds what is copied and nothing else', async t => {
  const lines = read('.dockerignore')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
  t.equal(lines[0], '*');
  const copied = named(all, 'COPY')
    .filter(text => !text.startsWith('--from'))
    .flatMap(text => words(text).slice(0, -1));
  t.strictSame(new Set(lines.slice(1)), new Set(copied.map(path => `!${path}`)));
  for (const path of copied) {
    t.ok(existsSync(new URL(path, root)), `${path} exists`);
  }
});

function healthCommand(): string {
  return one(final, 'HEALTHCHECK').replace(/^.*?\bCMD /s, '');
}

/** The arguments of an instruction in exec form; empty for the shell form, which Docker would pass to `/bin/sh -c`. */
function execForm(text: string): string[] {
  return text.startsWith('[') ? JSON.parse(text) : [];
}

function named(instructions: readonly Instruction[], name: string): string[] {
  return instructions.filter(instruction => instruction.name === name).map(({ text }) => text);
}

function one(instructions: readonly Instruction[], name: string): string {
  const [text, ...others] = named(instructions, name);
  if (text === undefined || others.length > 0) {
    throw new Error(`expected one ${name}`);
  }
  return text;
}

function pair(text: string): [string, string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1).replaceAll('"', '')];
}
