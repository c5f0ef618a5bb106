// The last step of a build: the CommonJS entry as one file, and the ES module entries, which hand it on. One file to
// resolve, read and link instead of 210 (docs/decisions.md, "One build runs, two are declared").

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

// The command line, the reference pipeline and register.js stay files of their own beside it.
await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/cjs/index.js',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node22.15',
  // require() in their place: Jest has no import() of its own (npm run compat).
  supported: { 'dynamic-import': false },
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
// esbuild's helper takes along what somebody has put on Object.prototype, and throws.
const bundle = readFileSync('dist/cjs/index.js', 'utf8');
const careful = bundle.replace(/for \(var name in (\w+)\)/, 'for (var name of Object.keys($1))');
if (careful === bundle) throw new Error("esbuild's helper for exports has another form now.");
writeFileSync('dist/cjs/index.js', careful);
writeFileSync('dist/cjs/package.json', JSON.stringify({ type: 'commonjs' }));
const names = Object.keys(createRequire(import.meta.url)('./dist/cjs/index.js'));
mkdirSync('dist/esm', { recursive: true });
writeFileSync(
  'dist/esm/index.js',
  `export { ${names.sort().join(', ')} } from '../cjs/index.js';\n`,
);
writeFileSync('dist/esm/register.js', "import '../cjs/register.js';\n");
