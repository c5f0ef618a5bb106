import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { it } from 'node:test';

it('the package exports these names and no others, as ES module and as CommonJS', async () => {
  const names = ['ConfigError', 'init', 'withLogContext'];
  assert.deepEqual(Object.keys(await import('otel-setup')).sort(), names);
  const required = createRequire(import.meta.url)('otel-setup') as object;
  assert.deepEqual(
    Object.keys(required)
      .filter((name) => name !== '__esModule')
      .sort(),
    names,
  );
});
