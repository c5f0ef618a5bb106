// On each platform, with the variables and files that it documents: the resource, and the labels that Loki makes of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

interface Case {
  readonly platform: string;
  /** What it is recognised by. */
  readonly by: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly hostname: string;
}

const commit = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const packageJson = '{"name":"shop-app","version":"1.4.0"}';

const cases: readonly Case[] = [
  {
    platform: 'Fly.io',
    by: '`FLY_APP_NAME`, `FLY_MACHINE_ID`',
    hostname: '148e306eb1e789',
    env: {
      FLY_APP_NAME: 'shop',
      FLY_MACHINE_ID: '148e306eb1e789',
      FLY_ALLOC_ID: '148e306eb1e789',
      FLY_REGION: 'fra',
      PRIMARY_REGION: 'fra',
      FLY_PUBLIC_IP: '2605:4c40:91:d3b3:0:b6ba:5a5a:1',
      FLY_PRIVATE_IP: 'fdaa:0:18:a7b:7b:b6ba:5a5a:2',
      FLY_IMAGE_REF: 'registry.fly.io/shop:deployment-01HQ3F5V',
      FLY_MACHINE_VERSION: '01HQ3F6A7B8C9D0E1F2G3H4J5K',
      FLY_PROCESS_GROUP: 'app',
      FLY_VM_MEMORY_MB: '256',
    },
  },
  {
    platform: 'Heroku',
    by: '`DYNO`',
    hostname: 'b7f9c4c1-3a8e-4f5b-9d43-2f3d0f5c1f7a',
    env: { DYNO: 'web.1', PORT: '5000' },
  },
  {
    platform: 'Heroku with `runtime-dyno-metadata`',
    by: '`DYNO`',
    hostname: 'b7f9c4c1-3a8e-4f5b-9d43-2f3d0f5c1f7a',
    env: {
      DYNO: 'web.1',
      PORT: '5000',
      HEROKU_APP_ID: '9daa2797-e49b-4624-932f-ec3f9688e3da',
      HEROKU_APP_NAME: 'shop',
      HEROKU_APP_DEFAULT_DOMAIN_NAME: 'shop-1234567890ab.herokuapp.com',
      HEROKU_DYNO_ID: '1vac4117-c29f-4312-521e-ba4d8638c1ac',
      HEROKU_RELEASE_CREATED_AT: '2015-04-02T18:00:42Z',
      HEROKU_RELEASE_VERSION: 'v42',
      HEROKU_SLUG_COMMIT: commit,
      HEROKU_SLUG_DESCRIPTION: 'Deploy 6dcb09b',
    },
  },
  {
    platform: 'Railway',
    by: '`RAILWAY_SERVICE_NAME`',
    hostname: 'c1f7a2f3d0f5',
    env: {
      RAILWAY_SERVICE_NAME: 'shop',
      RAILWAY_SERVICE_ID: '8d0b8b7e-2a51-4f29-9d43-0a4b5c6d7e8f',
      RAILWAY_PROJECT_NAME: 'acme',
      RAILWAY_PROJECT_ID: '1d0b8b7e-2a51-4f29-9d43-0a4b5c6d7e8f',
      RAILWAY_ENVIRONMENT_NAME: 'production',
      RAILWAY_ENVIRONMENT_ID: '2d0b8b7e-2a51-4f29-9d43-0a4b5c6d7e8f',
      RAILWAY_DEPLOYMENT_ID: '3d0b8b7e-2a51-4f29-9d43-0a4b5c6d7e8f',
      RAILWAY_REPLICA_ID: '4d0b8b7e-2a51-4f29-9d43-0a4b5c6d7e8f',
      RAILWAY_REPLICA_REGION: 'europe-west4',
      RAILWAY_GIT_COMMIT_SHA: commit,
      RAILWAY_GIT_BRANCH: 'main',
      RAILWAY_PRIVATE_DOMAIN: 'shop.railway.internal',
    },
  },
  {
    platform: 'Render',
    by: '`RENDER`',
    hostname: 'srv-cabc-7d9f8b6c5d-x2x4z',
    env: {
      RENDER: 'true',
      RENDER_SERVICE_NAME: 'shop',
      RENDER_SERVICE_ID: 'srv-cabc',
      RENDER_SERVICE_TYPE: 'web',
      RENDER_INSTANCE_ID: 'srv-cabc-x2x4z',
      RENDER_GIT_COMMIT: commit,
      RENDER_GIT_BRANCH: 'main',
      RENDER_GIT_REPO_SLUG: 'acme/shop',
      IS_PULL_REQUEST: 'false',
      RENDER_CPU_COUNT: '1',
    },
  },
  {
    platform: 'Cloud Run',
    by: '`K_SERVICE`, or `CLOUD_RUN_JOB`; not on Kubernetes',
    hostname: 'localhost',
    env: { K_SERVICE: 'shop', K_REVISION: 'shop-00007-x2z', K_CONFIGURATION: 'shop', PORT: '8080' },
  },
  {
    platform: 'Amazon ECS',
    by: '`ECS_CONTAINER_METADATA_URI_V4`',
    hostname: 'ip-10-0-1-7.eu-west-1.compute.internal',
    env: {
      ECS_CONTAINER_METADATA_URI: 'http://169.254.170.2/v3/5fb8fcdd29144f9a99c3db8e8a0c47d2-2537',
      ECS_CONTAINER_METADATA_URI_V4:
        'http://169.254.170.2/v4/5fb8fcdd29144f9a99c3db8e8a0c47d2-2537',
      ECS_AGENT_URI: 'http://169.254.170.2/api/5fb8fcdd29144f9a99c3db8e8a0c47d2-2537',
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    },
  },
  {
    platform: 'Kubernetes',
    by: '`KUBERNETES_SERVICE_HOST`',
    hostname: 'shop-7d9f8b6c5d-x2x4z',
    env: {
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
      KUBERNETES_SERVICE_PORT: '443',
      HOSTNAME: 'shop-7d9f8b6c5d-x2x4z',
    },
    files: { '/var/run/secrets/kubernetes.io/serviceaccount/namespace': 'store' },
  },
  {
    platform: 'Docker, Podman',
    by: 'the file `/.dockerenv` or `/run/.containerenv`, or the variable `container`',
    hostname: 'f2b3c4d5e6a7',
    env: { HOSTNAME: 'f2b3c4d5e6a7', PATH: '/usr/local/bin:/usr/bin' },
    files: { '/.dockerenv': '' },
  },
  {
    platform: 'none of them',
    by: '',
    hostname: 'laptop',
    env: {},
  },
];

const random = 'b6ba5a5a-91d3-4c40-8a7b-148e306eb1e7';
const shownRandom = (text: string) =>
  text.replace(random, '<uuid>').replace(random.slice(0, 8), '<random>');

interface Notice {
  readonly code: string;
  readonly level: string;
  readonly message: string;
}

/** Logs one record there, in a process of its own; gives the notices above debug level. */
async function logOn(t: TestContext, url: string, one: Case): Promise<string[]> {
  const files = { ...one.files, '/srv/app/package.json': packageJson };
  const { env, hostname, platform } = one;
  const ended = await runProgram(t, 'on-platform.ts', {
    env: {
      ...bareEnvironment(temporaryFolder(t)),
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: url,
      LOG_CONSOLE: 'off',
    },
    args: [JSON.stringify({ env, files, hostname, random }), platform],
  });
  assert.equal(ended.code, 0, ended.stderr);
  const notices = JSON.parse(ended.stdout) as Notice[];
  return notices.filter(({ level }) => level !== 'debug').map(({ code }) => code);
}

function row({ platform, by }: Case, labels: object, resource: object): string {
  const list = (fields: object) =>
    Object.entries(fields)
      .map(([name, value]) => `\`${name}="${shownRandom(String(value))}"\``)
      .join(', ');
  return `| ${platform} | ${by} | ${list(labels)} | ${list(resource)} |`;
}

it('the page says which labels and attributes each platform gives', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const told = await Promise.all(cases.map((one) => logOn(t, inbox.url, one)));
  const rows = cases.map((one, i) => {
    assert.deepEqual(told[i], ['OTEL_SETUP_STARTED'], one.platform);
    const record = inbox.records.find(({ line }) => line === one.platform);
    assert.ok(record !== undefined, one.platform);
    const { labels, metadata, resource } = record;
    const copies = Object.keys(resource.attributes)
      .map((key) => key.replaceAll('.', '_'))
      .filter((name) => !(name in labels) && !name.startsWith('telemetry_sdk_'));
    return row(one, labels, Object.fromEntries(copies.map((name) => [name, metadata[name]])));
  });
  const page = readFileSync(join(import.meta.dirname, '../../docs/labels-and-resource.md'), 'utf8');
  const start = page.indexOf('| Platform |');
  const written = page.slice(start, page.indexOf('\n\n', start)).split('\n').slice(2);
  assert.deepEqual(written, rows, `the table should be:\n${rows.join('\n')}`);
});
