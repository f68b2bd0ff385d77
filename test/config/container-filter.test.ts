import t from 'tap';
import { parseContainerFilter } from '../../src/config/container-filter.js';
import { InvalidValue } from '../../src/config/invalid-value.js';

t.test('reads every form of a filter', async t => {
  t.match(parseContainerFilter('web-*'), { field: 'name', key: undefined });
  t.ok(parseContainerFilter('web-*').pattern.test('web-1'));
  t.match(parseContainerFilter('name=web'), { field: 'name', key: undefined });
  t.match(parseContainerFilter('image=nginx:*'), { field: 'image', key: undefined });
  t.ok(parseContainerFilter('image=nginx:*').pattern.test('nginx:1.27'));
  t.match(parseContainerFilter('label=com.example.team=shop'), { field: 'label', key: 'com.example.team' });
  t.notOk(parseContainerFilter('label=com.example.team=shop').pattern.test('shopping'));
});

t.test('a label without a value only has to exist', async t => {
  const { field, key, pattern } = parseContainerFilter('label=com.example.ignore');
  t.equal(field, 'label');
  t.equal(key, 'com.example.ignore');
  t.ok(pattern.test(''));
  t.ok(pattern.test('any\nvalue'));
});

t.test("everything behind the label's key is its value", async t => {
  t.ok(parseContainerFilter('label=args=a=b').pattern.test('a=b'));
});

t.test('says what is wrong', async t => {
  const mistakes: readonly (readonly [string, string])[] = [
    ['', 'is an empty glob; write a name, or * for all'],
    ['name=', 'is an empty glob; write a name, or * for all'],
    ['label=', 'names no label; write label=KEY or label=KEY=GLOB'],
    ['label==x', 'names no label; write label=KEY or label=KEY=GLOB'],
    ['images=x', 'looks at an unknown property "images"; write image='],
    ['com.example.team=x', 'looks at an unknown property "com.example.team"; write name=, image= or label='],
  ];
  for (const [text, message] of mistakes) {
    t.throws(() => parseContainerFilter(text), new InvalidValue(message), text);
  }
});
