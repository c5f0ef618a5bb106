import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { UsageError } from '../usage-error.ts';
import { runAlloy } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]) {
  const said = { out: '', told: '' };
  const code = await runAlloy(args, {
    out: async (text: string) => {
      said.out += text;
    },
    tell: (text: string) => {
      said.told += `${text}\n`;
    },
  } as never);
  return { code, ...said };
}

function fileOf(rules: unknown): string {
  const path = join(folder, 'rules.json');
  writeFileSync(path, JSON.stringify({ rules }));
  return path;
}

it('prints the rules in their order, redaction first', async () => {
  const file = fileOf([{ remove: ['a'] }, { drop: { level: 'debug' } }]);
  const { code, out, told } = await run('--processing', file);
  assert.deepEqual([code, told], [0, '']);
  const order = [...out.matchAll(/^otelcol\.(?:processor|exporter)\.(\w+ "\w+")/gm)].map(
    ([, name]) => name,
  );
  assert.deepEqual(order, [
    'memory_limiter "guard"',
    'transform "redaction"',
    'transform "rule_1"',
    'filter "rule_2"',
    'otlphttp "grafana"',
  ]);
  // Each hands on to the next.
  for (const name of ['transform.redaction', 'transform.rule_1', 'filter.rule_2']) {
    assert.match(out, new RegExp(`logs\\s*= \\[otelcol\\.processor\\.${name}\\.input\\]`));
  }
});

it('a path that is empty is no call without rules', async () => {
  await assert.rejects(
    run('--processing', ''),
    /^UsageError: --processing takes the path of a file\.$/,
  );
});

it('without rules and redaction it is a plain way from the receiver to Grafana', async () => {
  const { code, out } = await run('--no-redaction');
  assert.equal(code, 0);
  assert.doesNotMatch(out, /otelcol\.processor\.(?:filter|transform|probabilistic)/);
});

it('what Alloy cannot do is a comment in the configuration, and a warning', async () => {
  const { code, out, told } = await run('--processing', fileOf([{ limit: { perSecond: 5 } }]));
  assert.equal(code, 0);
  assert.match(
    out,
    /^\/\/ Rule "limit-1" is left out: Alloy has no processor that limits by rate\./m,
  );
  assert.match(told, /"limit-1" is left out/);
});

it('wrong rules are told, nothing is printed, and the exit code is 1', async () => {
  const { code, out, told } = await run('--processing', fileOf([{ drop: {} }]));
  assert.deepEqual([code, out], [1, '']);
  assert.match(told, /needs a condition/);
  const missing = await run('--processing', join(folder, 'missing'));
  assert.equal(missing.code, 1);
  assert.match(missing.told, /--processing \(.*missing\) cannot be read/);
});

it('an unknown option is a wrong call', async () => {
  await assert.rejects(run('--procesing', 'x'), UsageError);
});
