// The pages for the package: a link to what only the repository has becomes its text.
// Usage: node copy-docs.js <from> <to>

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

const [from = '', to = ''] = process.argv.slice(2).map((path) => resolve(path));
cpSync(from, to, { recursive: true });
for (const name of readdirSync(to, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.md')) continue;
  const page = join(to, name);
  const isWithin = (target) => !relative(to, resolve(page, '..', target)).startsWith(`..${sep}`);
  const text = readFileSync(page, 'utf8').replace(
    /\[([^\]]+)\]\(([^)#:]+)(#[^)]*)?\)/g,
    (link, words, target) => (isWithin(target) ? link : `${words} (in the repository)`),
  );
  writeFileSync(page, text);
}
