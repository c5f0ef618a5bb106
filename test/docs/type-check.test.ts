// The code of every page is what the compiler takes: names, options and fields that do not exist are found.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { readPage, readPages, root } from './page.ts';
import { compile, type Piece, piecesOf } from './type-check.ts';

/** Parts of whole files beside the pages: `npm run types` reads those. */
const files = globSync('docs/*/*.{ts,cjs,mjs}', { cwd: root })
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');
const isPart = ({ text }: Piece): boolean => files.includes(text);

it('the compiler takes the code of every page', () => {
  const pieces = readPages()
    .flatMap(piecesOf)
    .filter((piece) => !isPart(piece));
  assert.ok(pieces.length > 25, `${pieces.length}`);
  assert.deepEqual(compile(pieces), []);
});

it('code with each of these faults is refused', () => {
  const page = readPage(
    'docs/made-up.md',
    [
      '`init({ severityMaping: {} })`, `init({ procesing })`, `stats().bytes.bill`, `flush({})`,',
      '`init({ logger })`, `init({ processing })`, `stats().bytes.billed`, `await flush(10)`',
      '```ts',
      "import { init } from 'otel-setup';",
      '',
      'const { loger } = init();',
      '```',
      '```js',
      "const { init } = require('otel-setup');",
      'init({ logger });',
      'init({ level: 5 });',
      '```',
      '```ts',
      "init({ console: 'prety' });",
      '```',
    ].join('\n'),
  );
  const places = compile(piecesOf(page)).map((line) => /^\S+/.exec(line)?.[0]);
  const count = (line: number) =>
    places.filter((place) => place === `docs/made-up.md:${line}`).length;
  // Of init({ procesing }) both the option and its type are told.
  assert.deepEqual([1, 3, 8, 13].map(count), [5, 1, 1, 1], places.join());
  assert.equal(places.length, 8, places.join());
});
