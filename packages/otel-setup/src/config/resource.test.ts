import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { Config } from './config.ts';
import type { ConfigOptions } from './config-options.ts';
import { fakeHost } from './host.test.ts';
import type { Host } from './host.ts';
import { loadConfig } from './load-config.ts';

const load = (env: Host['env'], options: ConfigOptions = {}, change: Partial<Host> = {}): Config =>
  loadConfig(options, fakeHost(env, change));

/** Without what each resource has. */
function specific({ resource }: Config): Record<string, unknown> {
  const entries = Object.entries(resource).filter(([key]) => !key.startsWith('telemetry.sdk.'));
  return Object.fromEntries(entries);
}

/** Files by path, as node:path writes it here. */
function files(found: Record<string, string>): Partial<Host> {
  const byPath = new Map(Object.entries(found).map(([path, text]) => [resolve(path), text]));
  return { readTextFile: (path) => byPath.get(resolve(path)) };
}

test('a resource without any setting says what an SDK must say', () => {
  assert.deepEqual(load({}).resource, {
    'service.name': 'unknown_service:node',
    'service.instance.id': 'random-id-0001',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': '3.1.0',
  });
});

test('code beats OTEL_SERVICE_NAME, which beats OTEL_RESOURCE_ATTRIBUTES, platform and package.json', () => {
  const pkg = files({ '/app/package.json': '{"name":"from-package","version":"1.2.3"}' });
  const fly = { FLY_APP_NAME: 'from-fly', FLY_MACHINE_ID: 'm1' };
  const attributes = {
    ...fly,
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-attributes,service.version=2,team=a%2Cb',
  };
  const named = { ...attributes, OTEL_SERVICE_NAME: 'from-name' };
  const name = (...args: Parameters<typeof load>) => load(...args).resource['service.name'];
  assert.equal(name({}, {}, pkg), 'from-package');
  assert.equal(name(fly, {}, pkg), 'from-fly');
  assert.equal(name(attributes, {}, pkg), 'from-attributes');
  assert.equal(name(named, {}, pkg), 'from-name');
  const inAttributes = { resourceAttributes: { 'service.name': 'from-code-attributes' } };
  assert.equal(name(named, inAttributes, pkg), 'from-code-attributes');
  assert.equal(name(named, { ...inAttributes, serviceName: 'from-code' }, pkg), 'from-code');
  const { resource } = load(named, { environment: 'staging', serviceNamespace: 'shop' }, pkg);
  assert.equal(resource['service.version'], '2');
  assert.equal(resource.team, 'a,b');
  assert.equal(resource['deployment.environment.name'], 'staging');
  assert.equal(resource['service.namespace'], 'shop');
  assert.equal(load({ OTEL_SERVICE_NAME: 'x' }, {}, pkg).resource['service.version'], '1.2.3');
});

test('the nearest package.json with a name counts, never one of a launcher', () => {
  const found = files({
    '/srv/shop/dist/package.json': '{"type":"commonjs"}',
    '/srv/shop/package.json': '{"name":"@acme/shop","version":"4.5.6"}',
    '/srv/shop/node_modules/pm2/package.json': '{"name":"pm2","version":"5"}',
    '/other/package.json': '{"name":"other"}',
    '/broken/package.json': '{"name":',
  });
  const from = (argv1: string | undefined, cwd: string) => {
    const { resource } = load({}, {}, { ...found, argv1, cwd: () => cwd });
    return [resource['service.name'], resource['service.version']];
  };
  assert.deepEqual(from('/srv/shop/dist/main.js', '/other'), ['@acme/shop', '4.5.6']);
  assert.deepEqual(from('/srv/shop/node_modules/pm2/lib/fork.js', '/'), ['@acme/shop', '4.5.6']);
  assert.deepEqual(from('/usr/lib/node_modules/pm2/bin/pm2', '/other'), ['other', undefined]);
  assert.deepEqual(from(undefined, '/other/deep/er'), ['other', undefined]);
  assert.deepEqual(from('main.js', '/other'), ['other', undefined]);
  assert.deepEqual(from('/broken/main.js', '/broken'), ['unknown_service:node', undefined]);
});

test('each platform fills its resource, stop signal and time to the kill', () => {
  const random = 'random-i';
  const cases: [Host['env'], [string, string, number], Record<string, unknown>][] = [
    [
      {
        ...{ FLY_APP_NAME: 'shop', FLY_MACHINE_ID: 'm1', FLY_REGION: 'fra' },
        ...{ FLY_IMAGE_REF: 'registry.fly.io/shop:deployment-01H', FLY_PROCESS_GROUP: 'app' },
      },
      ['fly.io', 'SIGINT', 5000],
      {
        ...{ 'service.name': 'shop', 'service.version': 'deployment-01H', 'cloud.region': 'fra' },
        ...{ 'cloud.provider': 'fly_io', 'fly.process_group': 'app' },
        'service.instance.id': `m1-${random}`,
      },
    ],
    [
      {
        ...{ DYNO: 'web.1', HEROKU_APP_NAME: 'shop', HEROKU_APP_ID: 'id' },
        ...{ HEROKU_RELEASE_VERSION: 'v7', HEROKU_SLUG_COMMIT: 'c0ffee' },
      },
      ['heroku', 'SIGTERM', 30_000],
      {
        ...{ 'service.name': 'shop', 'service.version': 'v7', 'heroku.app.id': 'id' },
        ...{ 'heroku.release.commit': 'c0ffee', 'vcs.ref.head.revision': 'c0ffee' },
        'service.instance.id': `web.1-${random}`,
      },
    ],
    [
      {
        ...{ RAILWAY_SERVICE_NAME: 'shop', RAILWAY_PROJECT_NAME: 'p', RAILWAY_REPLICA_ID: 'r1' },
        ...{ RAILWAY_ENVIRONMENT_NAME: 'production', RAILWAY_REPLICA_REGION: 'eu' },
        ...{ RAILWAY_GIT_COMMIT_SHA: 'c0ffee' },
      },
      ['railway', 'SIGTERM', 0],
      {
        ...{ 'service.name': 'shop', 'service.namespace': 'p', 'service.version': 'c0ffee' },
        ...{ 'deployment.environment.name': 'production', 'cloud.region': 'eu' },
        'service.instance.id': `r1-${random}`,
      },
    ],
    [
      {
        ...{ RENDER: 'true', RENDER_SERVICE_NAME: 'shop', RENDER_INSTANCE_ID: 'srv-1' },
        ...{ RENDER_GIT_COMMIT: 'c0ffee', IS_PULL_REQUEST: 'true' },
      },
      ['render', 'SIGTERM', 30_000],
      {
        ...{ 'service.name': 'shop', 'service.version': 'c0ffee' },
        ...{ 'deployment.environment.name': 'preview', 'service.instance.id': `srv-1-${random}` },
      },
    ],
    [
      { K_SERVICE: 'shop', K_REVISION: 'shop-7' },
      ['cloud-run', 'SIGTERM', 10_000],
      {
        ...{ 'service.name': 'shop', 'faas.name': 'shop', 'faas.version': 'shop-7' },
        ...{ 'cloud.provider': 'gcp', 'cloud.platform': 'gcp_cloud_run' },
        'service.instance.id': 'random-id-0001',
      },
    ],
    [
      { ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/x', AWS_REGION: 'eu-west-1' },
      ['ecs', 'SIGTERM', 30_000],
      {
        ...{ 'service.name': 'unknown_service:node', 'cloud.provider': 'aws' },
        ...{ 'cloud.platform': 'aws_ecs', 'cloud.region': 'eu-west-1' },
        'service.instance.id': 'random-id-0001',
      },
    ],
    [
      { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'shop-7d9-x', K_SERVICE: 'knative' },
      ['kubernetes', 'SIGTERM', 30_000],
      {
        ...{ 'service.name': 'unknown_service:node', 'k8s.pod.name': 'shop-7d9-x' },
        'service.instance.id': `shop-7d9-x-${random}`,
      },
    ],
    [
      {
        VERCEL: '1',
        VERCEL_ENV: 'preview',
        VERCEL_REGION: 'cdg1',
        VERCEL_GIT_COMMIT_SHA: 'c0ffee',
      },
      ['vercel', 'SIGTERM', 500],
      {
        ...{ 'service.name': 'unknown_service:node', 'service.version': 'c0ffee' },
        ...{ 'deployment.environment.name': 'preview', 'cloud.region': 'cdg1' },
        'service.instance.id': 'random-id-0001',
      },
    ],
    [
      {
        ...{ AWS_LAMBDA_FUNCTION_NAME: 'shop', AWS_LAMBDA_FUNCTION_VERSION: '7' },
        AWS_REGION: 'eu-west-1',
      },
      ['aws-lambda', 'SIGTERM', 500],
      {
        ...{ 'service.name': 'shop', 'faas.name': 'shop', 'faas.version': '7' },
        ...{ 'cloud.provider': 'aws', 'cloud.platform': 'aws_lambda' },
        ...{ 'cloud.region': 'eu-west-1', 'service.instance.id': 'random-id-0001' },
      },
    ],
    [
      {
        ...{ CONTAINER_APP_NAME: 'shop', CONTAINER_APP_REVISION: 'shop--7' },
        CONTAINER_APP_REPLICA_NAME: 'shop--7-x2x4z',
      },
      ['azure-container-apps', 'SIGTERM', 30_000],
      {
        ...{ 'service.name': 'shop', 'service.version': 'shop--7' },
        ...{ 'cloud.provider': 'azure', 'cloud.platform': 'azure_container_apps' },
        'service.instance.id': `shop--7-x2x4z-${random}`,
      },
    ],
    [
      {
        ...{
          WEBSITE_SITE_NAME: 'shop',
          WEBSITE_SLOT_NAME: 'Production',
          REGION_NAME: 'West Europe',
        },
        WEBSITE_INSTANCE_ID: '0123456789abcdef0123456789abcdef',
      },
      ['azure-app-service', 'SIGTERM', 5_000],
      {
        ...{ 'service.name': 'shop', 'deployment.environment.name': 'Production' },
        ...{ 'cloud.provider': 'azure', 'cloud.platform': 'azure_app_service' },
        ...{ 'cloud.region': 'West Europe', 'service.instance.id': `0123456789ab-${random}` },
      },
    ],
    [
      { GAE_SERVICE: 'default', GAE_VERSION: '7', GAE_INSTANCE: 'long-0123456789ab' },
      ['app-engine', 'SIGTERM', 3_000],
      {
        ...{ 'service.name': 'unknown_service:node', 'faas.name': 'default', 'faas.version': '7' },
        ...{ 'cloud.provider': 'gcp', 'cloud.platform': 'gcp_app_engine' },
        'service.instance.id': `0123456789ab-${random}`,
      },
    ],
    [
      { CLOUD_RUN_JOB: 'bill', CLOUD_RUN_EXECUTION: 'bill-x2', CLOUD_RUN_TASK_INDEX: '0' },
      ['cloud-run', 'SIGTERM', 10_000],
      {
        ...{ 'service.name': 'bill', 'faas.name': 'bill' },
        ...{ 'gcp.cloud_run.job.execution': 'bill-x2', 'gcp.cloud_run.job.task_index': '0' },
        ...{ 'cloud.provider': 'gcp', 'cloud.platform': 'gcp_cloud_run' },
        'service.instance.id': 'random-id-0001',
      },
    ],
    [
      { K_SERVICE: 'shop', K_REVISION: 'shop-7', FUNCTION_TARGET: 'handle' },
      ['cloud-run', 'SIGTERM', 10_000],
      {
        ...{ 'service.name': 'shop', 'faas.name': 'shop', 'faas.version': 'shop-7' },
        ...{ 'cloud.provider': 'gcp', 'cloud.platform': 'gcp_cloud_functions' },
        'service.instance.id': 'random-id-0001',
      },
    ],
    [
      { container: 'podman' },
      ['container', 'SIGTERM', 10_000],
      { 'service.name': 'unknown_service:node', 'service.instance.id': 'random-id-0001' },
    ],
    [
      { INVOCATION_ID: 'x' },
      ['systemd', 'SIGTERM', 90_000],
      { 'service.name': 'unknown_service:node', 'service.instance.id': 'random-id-0001' },
    ],
  ];
  for (const [env, [name, stopSignal, killAfterMs], resource] of cases) {
    const config = load(env);
    const { isEphemeral: _isEphemeral, ...platform } = config.platform;
    assert.deepEqual(platform, { name, stopSignal, killAfterMs });
    assert.deepEqual(specific(config), resource, name);
    assert.deepEqual(config.notices, [], name);
  }
  const drained = load({ RAILWAY_SERVICE_NAME: 'x', RAILWAY_DEPLOYMENT_DRAINING_SECONDS: '7' });
  assert.equal(drained.platform.killAfterMs, 7000);
  const digest = load({
    ...{ FLY_APP_NAME: 'x', FLY_MACHINE_ID: 'm' },
    FLY_IMAGE_REF: 'localhost:5000/shop:v1@sha256:abc',
  });
  assert.equal(digest.resource['service.version'], 'v1');
});

test('the commit is said once: as the version where nothing else is', () => {
  const railway = { RAILWAY_SERVICE_NAME: 'shop', RAILWAY_GIT_COMMIT_SHA: 'c0ffee' };
  const said = (...args: Parameters<typeof load>) => {
    const { resource } = load(...args);
    return [resource['service.version'], resource['vcs.ref.head.revision']];
  };
  const pkg = files({ '/app/package.json': '{"name":"shop","version":"1.2.3"}' });
  assert.deepEqual(said(railway, {}, pkg), ['c0ffee', undefined]);
  assert.deepEqual(said(railway, { serviceVersion: '2' }, pkg), ['2', 'c0ffee']);
  const named = { ...railway, OTEL_RESOURCE_ATTRIBUTES: 'vcs.ref.head.revision=mine' };
  assert.deepEqual(said(named, { serviceVersion: '2' }), ['2', 'mine']);
});

test('a plain container is known by its file, and its id tells the instance', () => {
  const docker = { ...files({ '/.dockerenv': '' }), hostname: () => 'f2b3c4d5e6a7' };
  const { platform, resource } = load({}, {}, docker);
  assert.deepEqual([platform.name, platform.isEphemeral], ['container', true]);
  assert.equal(resource['service.instance.id'], 'f2b3c4d5e6a7-random-i');
  const podman = load({}, {}, files({ '/run/.containerenv': 'engine="podman"' }));
  assert.deepEqual(podman.platform.name, 'container');
  assert.equal(podman.resource['service.instance.id'], 'random-id-0001');
});

test("a pod's namespace is read from its service account, where that is mounted", () => {
  const namespace = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
  const k8s = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
  const { resource } = load(k8s, {}, files({ [namespace]: 'shop\n', '/.dockerenv': '' }));
  assert.equal(resource['k8s.namespace.name'], 'shop');
});

test("a pod's name may be overridden, and falls back to the host's", () => {
  const k8s = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
  const overridden = load({
    ...{ ...k8s, HOSTNAME: 'node-1' },
    OTEL_RESOURCE_ATTRIBUTES: 'k8s.pod.name=pod-1,k8s.namespace.name=shop',
  });
  assert.equal(overridden.resource['k8s.pod.name'], 'pod-1');
  assert.equal(overridden.resource['service.instance.id'], 'pod-1-random-i');
  assert.equal(load(k8s).resource['k8s.pod.name'], 'machine');
  assert.equal(load(k8s).spool.onKubernetes, true);
});

test('an instance id that was given stays as it is, silently', () => {
  const config = load({ DYNO: 'web.1', OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=mine' });
  assert.equal(config.resource['service.instance.id'], 'mine');
  assert.deepEqual(config.notices, []);
});

test('a wrong resource attribute is told, and costs no other one', () => {
  const config = load({
    OTEL_RESOURCE_ATTRIBUTES: 'a=1,b,=c,d=%zz,e=$(POD_NAME),f=2=3, g = x%20y ,',
  });
  const { a, b, d, e, f, g } = config.resource;
  assert.deepEqual([a, b, d, e, f, g], ['1', undefined, undefined, undefined, '2=3', 'x y']);
  assert.deepEqual(config.problems.length, 1);
  assert.match(config.problems[0] ?? '', /^OTEL_RESOURCE_ATTRIBUTES: entries 2, 3, 4, 5 are not/);
  assert.match(
    config.problems[0] ?? '',
    / Nothing filled in \$\(POD_NAME\): on Kubernetes declare/,
  );
  const other = load({ OTEL_RESOURCE_ATTRIBUTES: 'a=1,b' });
  assert.match(other.problems[0] ?? '', /"%" as %25\.$/);
});

test('resource attributes in code keep their types', () => {
  const resourceAttributes = { replicas: 3, canary: false, zones: ['a', 'b'] };
  const { resource } = load({ OTEL_RESOURCE_ATTRIBUTES: 'replicas=9' }, { resourceAttributes });
  assert.deepEqual([resource.replicas, resource.canary, resource.zones], [3, false, ['a', 'b']]);
});
