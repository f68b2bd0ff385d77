import { writeFileSync } from 'node:fs';
import { generatedPages } from '../src/pages.js';

for (const [path, text] of generatedPages()) {
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
