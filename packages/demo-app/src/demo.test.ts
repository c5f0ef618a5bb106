import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

const own = /^(?:LOG_|LOKI_|OTEL_|GRAFANA_|ALLOY_|FORCE_COLOR|NO_COLOR)/;
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));

function start(program: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  return { child, said };
}

async function untilSaid(child: ChildProcess, said: { out: string }, pattern: RegExp) {
  while (!pattern.test(said.out)) {
    assert.equal(child.exitCode, null, `ended early: ${said.out}`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
  }
}

test('the demo shows records of every level as they arrive and ends with an exact ledger', async () => {
  const { child, said } = start('demo.ts', ['--rate', '50', '--seconds', '6'], {
    LOG_ROUTE: 'alloy',
  });
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, said.out + said.err);
  assert.match(said.out, /^LOG_ROUTE=alloy: ALLOY_OTLP_ENDPOINT is not set, .* local inbox/);
  for (const level of ['ERROR', 'WARN ', 'INFO ', 'DEBUG', 'TRACE']) {
    assert.match(said.out, new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ${level} shop `, 'm'));
  }
  const ledger = /accepted (\d+), handed to Alloy (\d+), pending 0, dropped 0\.\n$/.exec(said.out);
  assert.equal(ledger?.[1], ledger?.[2]);
  assert.equal(Number(ledger?.[1]), said.out.match(/^\d\d:\d\d:\d\d\.\d{3} /gm)?.length);
  assert.equal(said.err, '');
});

const noSignals = process.platform === 'win32' ? 'Windows has no signals' : false;

test('Ctrl-C ends the demo cleanly', { skip: noSignals }, async () => {
  const { child, said } = start('demo.ts', []);
  await untilSaid(child, said, / INFO {2}shop order placed /);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, said.out + said.err);
  assert.match(said.out, /accepted (\d+), delivered \1, pending 0, dropped 0\.\n$/);
});

test('the demo ends when nobody reads its output any more', async () => {
  const { child, said } = start('demo.ts', ['--rate', '50']);
  await untilSaid(child, said, / shop /);
  child.stdout.destroy();
  await once(child, 'close');
  assert.equal(said.err, '');
});

test('a demo with an endpoint of its own names no place that is not its spool', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-demo-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { child, said } = start('demo.ts', ['--seconds', '1'], {
    LOG_ROUTE: 'alloy',
    // Nobody listens on the port of "discard".
    ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    LOG_SPOOL_DIR: join(folder, 'spool'),
    TMPDIR: folder,
  });
  await once(child, 'close');
  assert.match(said.err, new RegExp(`pending in ${folder}/spool/`));
  assert.match(said.out, /pending [1-9]/);
  assert.doesNotMatch(said.out, /What is pending lies in/);
  assert.deepEqual(readdirSync(folder), ['spool']);
});

test('Ctrl-C and SIGTERM amid the smoke test leave no stack trace, no shop and no folder', {
  skip: noSignals,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-demo-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const { child, said } = start('smoke.ts', [], { TMPDIR: folder });
    await untilSaid(child, said, /local inboxes/);
    // The shop is on its way, and has not said yet where it listens.
    while (readdirSync(folder).length === 0) await setTimeout(5);
    child.kill(signal);
    assert.deepEqual(await once(child, 'close'), [exitCode, null], said.out + said.err);
    assert.match(said.out, /Interrupted: nothing was checked to its end\.\n$/);
    assert.equal(said.err, '');
    assert.deepEqual(readdirSync(folder), []);
  }
});

test('the smoke test says that it takes no options', async () => {
  for (const [option, exitCode] of [
    ['--help', 0],
    ['--route', 2],
  ] as const) {
    const { child, said } = start('smoke.ts', [option]);
    assert.deepEqual(await once(child, 'close'), [exitCode, null]);
    assert.match(exitCode === 0 ? said.out : said.err, /^npm run smoke\n\nTakes no options\./);
  }
});

test('the smoke test finds nothing missing and nothing altered, on either route', async () => {
  const { child, said } = start('smoke.ts', []);
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, said.out + said.err);
  assert.match(said.out, /^direct: accepted (\d+), delivered \1, pending 0, dropped 0$/m);
  assert.match(said.out, /^alloy: accepted (\d+), handed to Alloy \1, pending 0, dropped 0$/m);
  const checks = [...said.out.matchAll(/: (\d+) checks, 0 failed$/gm)].map(([, n]) => Number(n));
  assert.equal(checks.length, 2);
  assert.ok(checks.every((count) => count > 500));
});
