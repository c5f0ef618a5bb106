// docs/platforms.md gives each platform's signal and time as the SDK knows them, and no platform is left out.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { detectPlatform } from '../../packages/otel-setup/src/config/platform.ts';
import { root } from './page.ts';

/** The page's name of a platform, and what it is recognised by. */
const recognised: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Fly.io': { FLY_APP_NAME: 'shop', FLY_MACHINE_ID: '148e306eb1e789' },
  Heroku: { DYNO: 'web.1' },
  Railway: { RAILWAY_SERVICE_NAME: 'shop' },
  Render: { RENDER: 'true' },
  Kubernetes: { KUBERNETES_SERVICE_HOST: '10.96.0.1' },
  'Amazon ECS': { ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/5fb8' },
  'Cloud Run': { K_SERVICE: 'shop' },
  'Google App Engine': { GAE_SERVICE: 'shop' },
  'Azure Container Apps': { CONTAINER_APP_NAME: 'shop' },
  'Azure App Service': { WEBSITE_SITE_NAME: 'shop' },
  'AWS Lambda': { AWS_LAMBDA_FUNCTION_NAME: 'shop' },
  'Vercel (Node runtime)': { VERCEL: '1' },
  'Docker, Podman': { container: 'podman' },
  systemd: { INVOCATION_ID: '2d0b8b7e' },
};

it("the page's signals and times are the ones that the SDK reckons with", () => {
  const rows = readFileSync(join(root, 'docs/platforms.md'), 'utf8')
    .split('\n')
    .map((line) => line.split(' | '))
    .filter(([, , stop]) => /^SIG[A-Z]+, [\d.]+ s$/.test(stop ?? ''))
    .map(([name = '', , stop]) => [name.replace('| ', ''), stop]);
  // PM2 is no platform of ours: it shows itself by no variable that is looked at.
  const said = Object.fromEntries(rows.filter(([name]) => name !== 'PM2'));
  const known = Object.entries(recognised).map(([name, env]) => {
    const here = { env, hostname: () => 'shop', readTextFile: () => undefined };
    const { stopSignal, killAfterMs } = detectPlatform(here);
    return [name, `${stopSignal}, ${killAfterMs(env) / 1000} s`];
  });
  assert.deepEqual(said, Object.fromEntries(known));
});

/** The names in the files of data beside platform.ts. */
function platformNames(): string[] {
  const folder = join(root, 'packages/otel-setup/src/config');
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('-platforms.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  return texts.flatMap((text) =>
    Array.from(text.matchAll(/^ {4}name: '(.+)'/gm), ([, name]) => `${name}`),
  );
}

it('this test, and with it the page, has every platform that the SDK recognises', () => {
  const found = Object.values(recognised).map(
    (env) => detectPlatform({ env, hostname: () => 'shop', readTextFile: () => undefined }).name,
  );
  assert.deepEqual(found.sort(), platformNames().sort());
});

it('labels-and-resource.md says by what each platform is recognised', () => {
  const labels = readFileSync(join(root, 'docs/labels-and-resource.md'), 'utf8');
  const variables = Object.values(recognised).flatMap((env) => Object.keys(env));
  assert.deepEqual(
    variables.filter((name) => !labels.includes(`\`${name}\``)),
    [],
  );
});
