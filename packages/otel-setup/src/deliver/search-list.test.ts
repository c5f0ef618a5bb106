import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesOf } from './search-list.ts';

const kubernetes = `search shop.svc.cluster.local svc.cluster.local cluster.local
nameserver 10.96.0.10
options ndots:5`;

test('a short name is tried with each suffix of Kubernetes before it is tried alone', () => {
  assert.deepEqual(candidatesOf('alloy.monitoring', kubernetes), [
    'alloy.monitoring.shop.svc.cluster.local',
    'alloy.monitoring.svc.cluster.local',
    'alloy.monitoring.cluster.local',
    'alloy.monitoring',
  ]);
});

const cases: [name: string, text: string, candidates: string[]][] = [
  ['alloy', '', ['alloy']],
  ['alloy', 'nameserver 127.0.0.11', ['alloy']],
  ['alloy', 'search example.', ['alloy.example', 'alloy']],
  ['alloy', 'search .', ['alloy']],
  ['alloy', '# search example', ['alloy']],
  ['alloy', 'search one\ndomain two', ['alloy.two', 'alloy']],
  ['alloy.here', 'search example', ['alloy.here', 'alloy.here.example']],
  ['alloy.', 'search example', ['alloy.']],
  ['a.b.c', 'search d\noptions timeout:1 ndots:3', ['a.b.c.d', 'a.b.c']],
  ['alloy', 'search d\noptions ndots:0', ['alloy', 'alloy.d']],
];
for (const [name, text, candidates] of cases) {
  test(`${name} stands for ${candidates.join(', ')} with ${JSON.stringify(text)}`, () => {
    assert.deepEqual(candidatesOf(name, text), candidates);
  });
}
