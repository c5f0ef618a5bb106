import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';
import { variableNames, variables } from './variables.ts';

const prefixes = /^(?:LOG|LOKI|ALLOY|GRAFANA_CLOUD|OTEL)_[A-Z_]+$/;

test('every variable that is read stands in the table, and every one of the table is read', () => {
  const read = new Set<string>();
  const record = (name: string | symbol) => {
    if (typeof name === 'string' && prefixes.test(name)) read.add(name);
  };
  const routes = ['direct', 'alloy', '', 'none'];
  for (const route of routes) {
    const known: Record<string, string> = { LOG_ROUTE: route };
    const env = new Proxy(known, {
      get: (target, name) => {
        record(name);
        return Reflect.get(target, name);
      },
    });
    loadConfig({}, fakeHost(env));
  }
  assert.deepEqual([...read].sort(), [...variableNames].sort());
});

test('a name written anywhere in this room stands in the table', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const known = new Set(variableNames);
  for (const file of files) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    for (const [name] of text.matchAll(
      /\b(?:LOG|LOKI|ALLOY|GRAFANA_CLOUD|OTEL)_(?!SETUP_)[A-Z_]*[A-Z]\b/g,
    )) {
      const isPrefix = variableNames.some((each) => each.startsWith(`${name}_`));
      assert.ok(known.has(name) || isPrefix || name === 'OTEL_ATTRIBUTE', `${file}: ${name}`);
    }
  }
});

test("the table's defaults are the ones in force", () => {
  const { limits, logger, spool, timeoutMs, compression, noticeLevel, endpoint } = loadConfig(
    { route: 'alloy' },
    fakeHost(),
  );
  const inForce: Record<string, unknown> = {
    ALLOY_OTLP_ENDPOINT: endpoint?.url.replace('/v1/logs', ''),
    LOG_LEVEL: logger.level,
    LOG_DURABILITY: spool.durability,
    OTEL_EXPORTER_OTLP_TIMEOUT: timeoutMs,
    OTEL_EXPORTER_OTLP_COMPRESSION: compression,
    OTEL_ATTRIBUTE_COUNT_LIMIT: limits.attributeCount,
    OTEL_LOG_LEVEL: noticeLevel,
  };
  for (const [name, value] of Object.entries(inForce)) {
    const variable = variables.find(({ names }) => names.includes(name));
    assert.equal(variable?.default, `\`${value}\``, name);
  }
});
