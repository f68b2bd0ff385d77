import t from 'tap';
import { environmentVariable } from '../../src/config/option.js';
import { FIELD_OPTIONS, OPTIONS } from '../../src/config/options.js';
import { isSection } from '../../src/config/setting.js';

t.test('every option is in a group of --help', async t => {
  t.ok(OPTIONS.length > FIELD_OPTIONS.length);
  for (const option of FIELD_OPTIONS) {
    t.ok(
      OPTIONS.some(({ name }) => name === option.name),
      option.name,
    );
  }
});

t.test('names, fields and environment variables are unique, and no option is a section', async t => {
  const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;
  t.ok(unique(OPTIONS.map(({ name }) => name)));
  t.ok(unique(OPTIONS.map(environmentVariable)));
  t.ok(unique(FIELD_OPTIONS.map(({ field }) => field)));
  t.notOk(OPTIONS.some(({ name }) => isSection(name)));
  t.notOk(OPTIONS.some(({ name }) => name.startsWith('no-')));
});

t.test('every help text is one sentence', async t => {
  for (const { name, help } of OPTIONS) {
    t.match(help, /^[A-Z][^\n]*[^.]\.$/u, name);
    t.notMatch(help, /\. [A-Z]/u, name);
  }
});

t.test("every field has its option's name, and the unit of a bare number", async t => {
  for (const { name, field, kind } of FIELD_OPTIONS) {
    const words = name.replaceAll(/[.-](\w)/gu, (_, letter: string) => letter.toUpperCase());
    t.ok(field.startsWith(words), field);
    if (kind.form === 'value' && kind.placeholder === 'DURATION') {
      t.ok(field.endsWith('Seconds'), field);
    }
  }
});
