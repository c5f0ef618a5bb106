// The move away from winston-loki, played against the real Loki: both ways at once, counted, then ours alone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from '../journeys/program.ts';
import { startLoki } from '../real/loki.ts';
import { missing } from '../real/programs.ts';
import { root } from './page.ts';

const folder = '../../docs/migration';

/** The rows of the page's table of queries: the old one, the new one. */
function translations(): [string, string][] {
  const page = readFileSync(join(root, 'docs/migration.md'), 'utf8');
  const rows = page.matchAll(/^\| `(\{.*|sum.*|count.*)` \| `(.*)` \|$/gm);
  return Array.from(rows, ([, before = '', after = '']) => [
    before.replaceAll('\\|', '|'),
    after.replaceAll('\\|', '|'),
  ]);
}

it('both ways side by side store the same records, and each old query has a new one', {
  skip: missing('loki'),
}, async (t) => {
  const home = temporaryFolder(t);
  const loki = await startLoki(join(home, 'loki'));
  t.after(() => loki.program.stop());
  const env = {
    ...bareEnvironment(home),
    OTEL_SERVICE_NAME: 'shop',
    LOKI_URL: `${loki.url}/loki/api/v1/push`,
  };
  const both = await runProgram(t, `${folder}/side-by-side.ts`, { env });
  assert.equal(both.code, 0, both.stderr);
  assert.match(both.stderr, /OTEL_SETUP_DOUBLE_LOGGING/);
  assert.match(both.stderr, /OTEL_SETUP_LOKI_MIGRATION/);
  // An old stream has a service_name as well: Loki makes one of the label application.
  assert.equal((await loki.waitFor('{application="shop"}', 3)).length, 3);
  assert.equal((await loki.waitFor('{service_name="shop", application=""}', 3)).length, 3);
  assert.equal((await loki.query('{service_name="shop"}')).length, 6);

  const pairs = translations();
  assert.ok(pairs.length >= 6, `${pairs.length} queries`);
  for (const [before, after] of pairs) {
    if (before.startsWith('{')) {
      const [old, ours] = [await loki.query(before), await loki.query(after)];
      assert.ok(old.length > 0, before);
      assert.equal(ours.length, old.length, after);
    } else {
      const [old, ours] = [await loki.count(before), await loki.count(after)];
      assert.ok(old > 0, before);
      assert.equal(ours, old, after);
    }
  }

  const moved = await runProgram(t, `${folder}/moved.ts`, { env });
  assert.equal(moved.code, 0, moved.stderr);
  assert.doesNotMatch(moved.stderr, /OTEL_SETUP_DOUBLE_LOGGING/);
  assert.equal((await loki.waitFor('{service_name="shop", application=""}', 6)).length, 6);
});

it('the stock parts and ours side by side send each record once each, told apart by their scope', async (t) => {
  const inbox = await startInbox({ port: 0, rules: 'none' });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    OTEL_SERVICE_NAME: 'shop',
    OTEL_EXPORTER_OTLP_ENDPOINT: inbox.url,
  };
  const ended = await runProgram(t, `${folder}/stock-side-by-side.ts`, { env });
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /OTEL_SETUP_DOUBLE_LOGGING/);
  const scopes = inbox.records.map(({ scope }) => scope.name).sort();
  const [old, ours] = ['@opentelemetry/winston-transport', 'winston'];
  assert.deepEqual(scopes, [old, old, ours, ours]);
  const services = inbox.records.map(({ resource }) => resource.attributes['service.name']);
  assert.deepEqual(services, ['shop', 'shop', 'shop', 'shop']);
});

it("the stock set-up's records come by ours, those of OpenTelemetry's own API included", async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
  const ended = await runProgram(t, `${folder}/stock.ts`, { env });
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(
    inbox.records.map(({ record }) => record.body),
    ['order placed', 'invoice written'],
  );
});
