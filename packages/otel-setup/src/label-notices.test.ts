import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelNotices } from './label-notices.ts';

const warnings = (resource: Record<string, unknown>) =>
  labelNotices({ 'service.name': 'shop', ...resource }).filter(({ level }) => level === 'warn');

test('the index labels are told with their values, at debug level', () => {
  const [notice, ...more] = labelNotices({
    'service.name': 'shop',
    'k8s.pod.name': 'shop-7d9f8b6c5d-x2x4z',
    'service.version': '1',
  });
  assert.equal(notice?.level, 'debug');
  assert.equal(
    notice?.message,
    'Index labels in Loki: service_name="shop", k8s_pod_name="shop-7d9f8b6c5d-x2x4z". Every other attribute is structured metadata.',
  );
  assert.deepEqual(more, []);
});

const endless: [string, string][] = [
  ['service.name', 'shop-0b2f6a1e-6c7d-4e55-9d3a-5f1f0f8f7a11'],
  ['service.name', 'shop-7d9f8b6c5d-x2x4z'],
  ['service.name', 'shop-1732406400'],
  ['service.name', 'shop-1732406400123'],
  ['service.namespace', '2024-11-24T00:00:00Z'],
  ['deployment.environment.name', 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'],
  ['container.name', 'f2b3c4d5e6a7'],
  ['k8s.namespace.name', '0b2f6a1e-6c7d-4e55-9d3a-5f1f0f8f7a11'],
  ['k8s.job.name', '0b2f6a1e-6c7d-4e55-9d3a-5f1f0f8f7a11'],
  ['k8s.container.name', 'app-20241124T101500'],
];
for (const [key, value] of endless) {
  test(`${key}="${value}" is warned of`, () => {
    const [notice] = warnings({ [key]: value });
    assert.equal(notice?.code, 'OTEL_SETUP_LABEL_CARDINALITY');
    assert.ok(notice?.message.startsWith(`${key}="${value}" looks different in each process`));
  });
}

test('a service named after its pod is warned of', () => {
  assert.equal(warnings({ 'service.name': 'shop-0', 'k8s.pod.name': 'shop-0' }).length, 1);
});

test('labels that are as they should be are not warned of', () => {
  const usual: [string, string][] = [
    ['service.instance.id', '0b2f6a1e-6c7d-4e55-9d3a-5f1f0f8f7a11'],
    ['k8s.pod.name', 'shop-7d9f8b6c5d-x2x4z'],
    ['k8s.replicaset.name', 'shop-7d9f8b6c5d'],
    ['k8s.job.name', 'backup-28391040'],
    ['service.name', 'order-service-v2'],
    ['service.name', '@acme/checkout'],
    ['service.name', 'facade-cafe'],
    ['service.namespace', 'team-42'],
    ['deployment.environment.name', 'pr-1234'],
    ['deployment.environment.name', 'release-2024.11.24'],
    ['cloud.region', 'northamerica-northeast1'],
    ['cloud.availability_zone', 'eu-west-1a'],
    ['k8s.cluster.name', 'gke_acme-prod-123456_europe-west4_main'],
    ['k8s.deployment.name', 'payments-decade'],
  ];
  for (const [key, value] of usual) {
    assert.deepEqual(warnings({ [key]: value }), [], `${key}=${value}`);
  }
});
