import { readFileSync } from 'node:fs';
import t from 'tap';
import { generatedPages } from '../../src/pages.js';

for (const [path, text] of generatedPages())
  t.same(readFileSync(path, 'utf8').split('\n'), text.split('\n'), `${path} is current, or run npm run docs`);
