// The last step of a build: the ES module entries, which hand on the CommonJS build beside them. One file to
// resolve and link asynchronously instead of 130 (docs/decisions.md, "One build runs, two are declared").

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

writeFileSync('dist/cjs/package.json', JSON.stringify({ type: 'commonjs' }));
const names = Object.keys(createRequire(import.meta.url)('./dist/cjs/index.js'));
mkdirSync('dist/esm', { recursive: true });
writeFileSync(
  'dist/esm/index.js',
  `export { ${names.sort().join(', ')} } from '../cjs/index.js';\n`,
);
writeFileSync('dist/esm/register.js', "import '../cjs/register.js';\n");
