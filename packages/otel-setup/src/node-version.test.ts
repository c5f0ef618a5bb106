import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { isAtLeast, leastNode, nodeNotices } from './node-version.ts';

it('the oldest Node is that of package.json', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  assert.equal(`${engines.node}.0`, `>=${leastNode}`);
});

it('an older Node is a warning that names both versions, a supported one is none', () => {
  const [notice] = nodeNotices('20.20.2');
  assert.deepEqual([notice?.code, notice?.level], ['OTEL_SETUP_NODE_VERSION', 'warn']);
  assert.match(notice?.message ?? '', /Node 20\.20\.2 is older than 22\.15\.0/);
  assert.deepEqual([leastNode, '22.16.0', '24.0.0', '25.0.0-nightly'].flatMap(nodeNotices), []);
});

it('versions are compared number by number', () => {
  for (const [version, least] of [
    ['22.15.0', '22.15.0'],
    ['24.0.0', '22.15.0'],
    ['22.16.0-rc.1', '22.15.0'],
    ['3.1.0', '3.0.0'],
    ['0.301.0', '0.223.1'],
  ] as const) {
    assert.equal(isAtLeast(version, least), true, version);
  }
  for (const [version, least] of [
    ['22.14.9', '22.15.0'],
    ['20.20.2', '22.15.0'],
    ['0.223.1', '3.0.0'],
  ] as const) {
    assert.equal(isAtLeast(version, least), false, version);
  }
});
