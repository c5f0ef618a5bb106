import { join } from 'node:path';
import { build } from 'esbuild';
import { programPath } from './program.ts';

/** The path of one CommonJS file in `folder`, with every package in it. */
export async function makeBundle(folder: string, contents: string): Promise<string> {
  const outfile = join(folder, 'bundle.cjs');
  await build({
    stdin: { contents, resolveDir: programPath('.') },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  return outfile;
}
