// Clocks that jump, time that stands still, and more than one copy of the package.

import { cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { programPath, startProgram } from '../journeys/program.ts';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import type { FalseTime } from './child/copies.ts';
import type { Plan } from './plan.ts';
import { isStock } from './settings.ts';
import { torture } from './torture.ts';

const hourMs = 3_600_000;
const jumps = [-hourMs, 8 * 24 * hourMs, 10 * 365 * 24 * hourMs, -hourMs, 0];

torture('T39', 'a clock that jumps', { forStock: true }, async (c) => {
  const timestamps = new Set<bigint>();
  const { inbox } = await c.receive({
    onRecord: ({ timestampNs }) => timestamps.add(timestampNs),
  });
  inbox.setFault({ type: 'status', status: 503 });
  const app = await c.start({ faults: { clock: {} } });
  for (const wallOffsetMs of jumps) {
    await app.send({ type: 'faults', faults: { clock: { wallOffsetMs } } });
    await app.log({ count: 500 });
    // Whatever the clock says, the next attempt comes in its time.
    const requests = c.receiver.arrivals.requests;
    await c.receiver.until(
      () => c.receiver.arrivals.requests > requests,
      'another attempt',
      60_000,
    );
  }
  await app.kill();
  for (const wallOffsetMs of jumps.slice(0, 3)) {
    const heir = await c.start({ faults: { clock: { wallOffsetMs } } });
    await heir.log({ count: 100 });
    await c.until(async () => (await heir.stats()).adopted.accepted > 0, 'its backlog');
    await heir.kill();
  }
  inbox.setFault(undefined);
  const equal = await c.start();
  await equal.log({ count: 10_000, perTurn: 10_000 });
  await equal.flush();
  await equal.send({ type: 'sample', isLast: true });
  await equal.end('natural');
  await c.settle();
  const { arrivals } = c.judge({ duplicates: 0 });
  assert.equal(timestamps.size, arrivals.distinct + arrivals.own, 'no two have one timestamp');
});

/** A copy of the built package, with the dependencies of the first. */
function copyPackage(c: Case, name: string): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const modules = join(c.folder, name, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const from = join(root, 'node_modules');
  cpSync(realpathSync(join(from, 'otel-setup')), join(modules, 'otel-setup'), {
    recursive: true,
    filter: (path) => !path.includes('/src') && !path.includes('/otel-setup/node_modules'),
  });
  for (const entry of readdirSync(from)) {
    if (entry !== 'otel-setup' && !entry.startsWith('.')) {
      symlinkSync(join(from, entry), join(modules, entry));
    }
  }
  return pathToFileURL(join(modules, 'otel-setup/dist/esm/index.js')).href;
}

/** All of it in one file, as for a serverless function; `require` is there, as in any such bundle. */
async function bundlePackage(c: Case): Promise<string> {
  const outfile = join(c.folder, 'bundle.cjs');
  await build({
    stdin: {
      contents: "export { init } from 'otel-setup';",
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return pathToFileURL(outfile).href;
}

/** Logs 100 by the first of the copies; how long it took until all of them were stored, in ms. */
async function logWith(
  c: Case,
  writer: string,
  falseTime: FalseTime,
  copies: readonly string[],
): Promise<number> {
  const plan: Plan = { run: c.run, folder: c.folder, sdk: 'public', writer };
  const app = startProgram(c.t, '../torture/child/copies.ts', {
    env: c.environment(),
    args: [JSON.stringify(plan), falseTime, ...copies],
    cwd: programPath('..'),
  });
  await app.said('copies');
  const loggedAtMs = performance.now();
  assert.equal(c.directories().length, 1, 'one directory');
  const { arrivals } = c.receiver;
  await c.receiver.until(() => arrivals.has(writer, 100), `${writer}: all is stored`);
  const tookMs = performance.now() - loggedAtMs;
  app.child.stdin?.write('end\n');
  const { code, stderr, stdout } = await app.ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), { isSame: true, copies: copies.length });
  return tookMs;
}

torture(
  'T41',
  'several copies of the package, one of them bundled, and time that stands still',
  { forStock: true },
  async (c) => {
    await c.receive();
    const bundle = await bundlePackage(c);
    const copies = ['import', 'require', copyPackage(c, 'one'), copyPackage(c, 'other'), bundle];
    const took = [
      await logWith(c, 'none', 'none', copies),
      await logWith(c, 'node-test', 'node:test', copies),
      await logWith(c, 'everything', 'everything', copies),
    ];
    // Upstream's parts are loaded on request, which a bundle cannot do.
    if (!isStock) {
      took.push(await logWith(c, 'bundle', 'none', [bundle]));
      took.push(await logWith(c, 'bundle-first', 'everything', [...copies].reverse()));
    }
    const slowest = Math.max(...took);
    c.figures['s to the last record'] = Math.round(slowest / 100) / 10;
    assert.ok(slowest <= 5_000, `${took}`);
    await c.settle();
    c.judge({ duplicates: 0 });
  },
);
