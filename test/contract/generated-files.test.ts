import { readFileSync } from 'node:fs';
import t from 'tap';
import { generatedFiles } from '../../scripts/generated-files.js';

for (const [path, text] of generatedFiles())
  t.same(readFileSync(path, 'utf8').split('\n'), text.split('\n'), `${path} is current, or run npm run docs`);
