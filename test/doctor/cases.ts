// Misconfigurations and faults, each with what the doctor and the application have to say of it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from 'otlp-inbox';
import type { Env, Scene } from './scene.ts';

export interface Case {
  readonly name: string;
  /** Sets the scene and gives the variables. */
  readonly set: (scene: Scene) => Env | Promise<Env>;
  readonly code: string;
  /** @default wrong */
  readonly state?: 'warning' | 'wrong';
  /** Cause and fix, in the words of both. */
  readonly says: readonly RegExp[];
  /** Where the application says it under another code, or in other words. */
  readonly application?: {
    readonly code?: string;
    readonly says: readonly RegExp[];
  };
  /** Why the application has nothing to say: it is not concerned, or cannot know. */
  readonly silent?: string;
  readonly doctorArgs?: readonly string[];
  /** What it needs from the machine. */
  readonly needs?: 'openssl' | 'namespaces';
}

/** Nobody may ever see it. */
export const token = 'glc_marker0f4secret1n2doctor';
const instanceId = '424242';

/** The direct route to a double, with Grafana Cloud's own variables. */
function cloud(url: string, given: Env = {}): Env {
  return {
    GRAFANA_CLOUD_OTLP_ENDPOINT: `${url}/otlp`,
    GRAFANA_CLOUD_INSTANCE_ID: instanceId,
    GRAFANA_CLOUD_API_KEY: token,
    ...given,
  };
}

function answering(fault: Fault): Case['set'] {
  return async (scene) => cloud((await scene.inbox({}, fault)).url);
}

function refusing(status: number, body: string): Case['set'] {
  return answering({ type: 'status', status, body, contentType: 'text/plain' });
}

const auth = { username: instanceId, password: token };

/** Credentials that the gateway knows, and what the application has instead. */
function with_(given: Env): Case['set'] {
  return async (scene) => cloud((await scene.inbox({ auth })).url, given);
}

async function tls(
  scene: Scene,
  make: 'self-signed' | 'expired' | 'other-host' | 'private',
): Promise<Env> {
  const certificates = scene.certificates();
  const authority = certificates.authority('authority');
  const pem = certificates.make('server', {
    ...(make !== 'self-signed' && { by: authority }),
    ...(make === 'other-host' && { names: 'DNS:elsewhere.example' }),
    isExpired: make === 'expired',
  });
  const { key, cert } = pem;
  const inbox = await scene.inbox({ tls: { key, cert } });
  return {
    ...cloud(inbox.url.replace('http:', 'https:')),
    ...(make !== 'self-signed' &&
      make !== 'private' && { OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certPath }),
  };
}

/** Shifts the clock of both processes; theirs for waiting runs faster, so that 5 s are over sooner. */
function shifted(scene: Scene, shiftMs: number): void {
  const path = join(scene.folder, 'clock.cjs');
  writeFileSync(
    path,
    `const { now } = Date;
Date.now = () => now() + ${shiftMs};
const real = performance.now.bind(performance);
performance.now = () => real() * 20;`,
  );
  scene.nodeArgs = ['--require', path];
}

const hourMs = 3_600_000;

const configuration: readonly Case[] = [
  {
    name: 'a token of the wrong kind (glsa_)',
    set: async (scene) =>
      cloud((await scene.inbox({ auth })).url, { GRAFANA_CLOUD_API_KEY: `glsa_${token}` }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/GRAFANA_CLOUD_API_KEY is a service account token/, /access policy token \(glc_\)/],
  },
  {
    name: 'a line break behind the token',
    set: with_({ GRAFANA_CLOUD_API_KEY: `${token}\n` }),
    code: 'OTEL_SETUP_VALUE_REPAIRED',
    state: 'warning',
    says: [/GRAFANA_CLOUD_API_KEY had whitespace or a line break/, /Set the bare value/],
  },
  {
    name: 'quotes around the values',
    set: with_({ GRAFANA_CLOUD_API_KEY: `"${token}"` }),
    code: 'OTEL_SETUP_VALUE_REPAIRED',
    state: 'warning',
    says: [/GRAFANA_CLOUD_API_KEY had quotes/, /Set the bare value/],
  },
  {
    name: 'id and token swapped',
    set: with_({ GRAFANA_CLOUD_API_KEY: instanceId, GRAFANA_CLOUD_INSTANCE_ID: token }),
    code: 'OTEL_SETUP_CREDENTIALS_REPAIRED',
    state: 'warning',
    says: [/they were swapped/, /Swap the two settings/],
  },
  {
    name: 'an id that is none',
    set: with_({ GRAFANA_CLOUD_INSTANCE_ID: 'my-stack' }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/GRAFANA_CLOUD_INSTANCE_ID is not a number/, /OpenTelemetry, Configure/],
  },
  {
    name: 'an id without a token',
    set: with_({ GRAFANA_CLOUD_API_KEY: '' }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/GRAFANA_CLOUD_API_KEY is missing/, /Set both/],
  },
  {
    name: 'a route without its settings',
    set: () => ({ LOG_ROUTE: 'direct' }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/GRAFANA_CLOUD_OTLP_ENDPOINT is missing/, /set them, or use LOG_ROUTE=alloy/],
  },
  {
    name: 'LOG_ROUTE misspelt',
    set: () => ({ LOG_ROUTE: 'allow' }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/LOG_ROUTE must be "direct", "alloy" or "none"/, /got "allow"/],
  },
  {
    name: 'processing rules of which one is wrong',
    set: async (scene) => {
      const path = join(scene.folder, 'rules.json');
      writeFileSync(path, '{"rules": [{"drop": {"level": "debug"}}, {"drop": {"lvl": "info"}}]}');
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url, LOG_PROCESSING: path };
    },
    code: 'OTEL_SETUP_CONFIG',
    says: [/rules\[1\]\.drop has the unknown field "lvl"/, /No rule acts until it is put right/],
  },
  {
    name: 'the name of a variable misspelt',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
      LOG_LEVL: 'debug',
    }),
    code: 'OTEL_SETUP_MISSPELT',
    state: 'warning',
    says: [/LOG_LEVL/, /LOG_LEVEL\?/],
  },
  {
    name: 'a placeholder that nobody filled in',
    set: () => ({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: '<your alloy>' }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/ALLOY_OTLP_ENDPOINT holds a placeholder/, /Set the value itself/],
  },
  {
    name: 'headers without their endpoint',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
      OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Basic ${token}`,
    }),
    code: 'OTEL_SETUP_UNUSED',
    state: 'warning',
    says: [/OTEL_EXPORTER_OTLP_HEADERS/, /belongs to OTEL_EXPORTER_OTLP_ENDPOINT/],
  },
  {
    name: 'a time-out in seconds',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '10',
    }),
    code: 'OTEL_SETUP_TIMEOUT_UNIT',
    state: 'warning',
    says: [/OTEL_EXPORTER_OTLP_TIMEOUT is in milliseconds/, /10000/],
  },
  {
    name: 'credentials over http to a public host',
    set: () => cloud('http://logs.example.com'),
    code: 'OTEL_SETUP_CONFIG',
    says: [/over plain http to a public host/, /Use https/],
  },
  {
    name: 'a metadata address',
    set: () => ({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: 'http://169.254.169.254' }),
    code: 'OTEL_SETUP_CONFIG',
    says: [/link-local or metadata address/, /Name the server itself/],
  },
  {
    name: "a Loki's push URL instead of OTLP",
    set: async (scene) => ({
      ...cloud(''),
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${(await scene.inbox()).url}/loki/api/v1/push`,
    }),
    code: 'OTEL_SETUP_ENDPOINT_REPAIRED',
    state: 'warning',
    says: [/the Loki push path became \/otlp\/v1\/logs/, /Read as http/],
  },
  {
    name: 'the route alloy with the address of a Loki alone',
    set: async (scene) => ({
      LOG_ROUTE: 'alloy',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${(await scene.inbox()).url}/otlp/v1/logs`,
    }),
    code: 'OTEL_SETUP_PAST_ALLOY',
    state: 'warning',
    says: [/records go there, past Alloy/, /Set ALLOY_OTLP_ENDPOINT/],
  },
  {
    name: "Alloy's port for gRPC, 4317",
    set: () => ({ ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:4317' }),
    code: 'OTEL_SETUP_ENDPOINT_REPAIRED',
    state: 'warning',
    says: [/port 4317 \(gRPC\) became 4318/, /Read as http:\/\/127\.0\.0\.1:4318/],
  },
  {
    name: 'OTEL_SDK_DISABLED=true',
    set: () => ({ LOG_ROUTE: 'alloy', OTEL_SDK_DISABLED: 'true' }),
    code: 'OTEL_SETUP_DISABLED',
    state: 'warning',
    says: [/OTEL_SDK_DISABLED=true/, /Remove OTEL_SDK_DISABLED to send them/],
  },
  {
    name: 'a level so high that nothing is sent',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
      LOG_LEVEL: 'error',
    }),
    code: 'OTEL_SETUP_LEVEL',
    state: 'warning',
    says: [/LOG_LEVEL=error/, /LOG_LEVEL=info/],
  },
];

const answers: readonly Case[] = [
  {
    name: 'a wrong zone behind which nobody is (530)',
    set: refusing(530, 'error code: 1016'),
    code: 'OTEL_SETUP_WRONG_ZONE',
    says: [/530/, /Check the zone in GRAFANA_CLOUD_OTLP_ENDPOINT/],
  },
  {
    name: 'a token without the scope logs:write',
    set: refusing(
      401,
      '{"status":"error","error":"authentication error: invalid scope requested"}',
    ),
    code: 'OTEL_SETUP_FORBIDDEN',
    says: [
      /invalid scope requested/,
      /GRAFANA_CLOUD_API_KEY: the token needs the scope logs:write/,
    ],
  },
  {
    name: 'a token that was revoked',
    set: with_({ GRAFANA_CLOUD_API_KEY: `${token}old` }),
    code: 'OTEL_SETUP_UNAUTHORIZED',
    says: [/401/, /Check GRAFANA_CLOUD_INSTANCE_ID and GRAFANA_CLOUD_API_KEY/, /not revoked/],
  },
  {
    name: 'the instance id of another stack',
    set: with_({ GRAFANA_CLOUD_INSTANCE_ID: '999999' }),
    code: 'OTEL_SETUP_UNAUTHORIZED',
    says: [
      /401/,
      /instance id is the number of the stack's OpenTelemetry page \(not that of its Loki\)/,
    ],
  },
  {
    name: 'Bearer instead of Basic',
    set: async (scene) => ({
      LOG_ROUTE: 'direct',
      OTEL_EXPORTER_OTLP_ENDPOINT: `${(await scene.inbox({ auth })).url}/otlp`,
      OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${token}`,
    }),
    code: 'OTEL_SETUP_UNAUTHORIZED',
    says: [/401/, /Authorization: Basic \(not Bearer\)/],
  },
  {
    name: 'a Loki that wants to know its tenant',
    set: async (scene) => ({
      LOG_ROUTE: 'direct',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${(await scene.inbox({}, { type: 'status', status: 401, body: 'no org id\n', contentType: 'text/plain' })).url}/otlp/v1/logs`,
    }),
    code: 'OTEL_SETUP_TENANT',
    says: [/no org id/, /X-Scope-OrgID=<tenant>/],
  },
  {
    name: '/otlp missing in the address',
    set: refusing(404, '404 page not found'),
    code: 'OTEL_SETUP_NOT_FOUND',
    says: [/no OTLP log endpoint at this path/, /ends in \/otlp/],
  },
  {
    name: "the stack's web address instead of the gateway",
    set: answering({ type: 'html' }),
    code: 'OTEL_SETUP_WEB_PAGE',
    says: [/a web page/, /instead of the OTLP gateway/],
  },
  {
    name: 'a redirect to a login page',
    set: answering({ type: 'redirect', location: 'https://login.example/' }),
    code: 'OTEL_SETUP_REDIRECT',
    says: [/redirect/, /Set GRAFANA_CLOUD_OTLP_ENDPOINT to the final address/],
  },
  {
    name: 'ingestion blocked by the operator (260)',
    set: answering({ type: 'blocked' }),
    code: 'OTEL_SETUP_BLOCKED',
    says: [/blocked by its operator \(260\)/, /Ask whoever runs/],
  },
  {
    name: 'a 429 that does not end',
    set: refusing(429, 'ingestion rate limit exceeded'),
    code: 'OTEL_SETUP_RATE_LIMITED',
    says: [/limits the rate/, /raise LOG_LEVEL, .*or have the limit raised/],
  },
  {
    name: 'a server with an error of its own',
    set: refusing(503, 'unavailable'),
    code: 'OTEL_SETUP_SERVER_ERROR',
    says: [/503/, /sent again by themselves. If it goes on, ask whoever runs it/],
  },
  {
    name: 'an Alloy that takes nothing (503)',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox({}, { type: 'status', status: 503 })).url,
    }),
    code: 'OTEL_SETUP_SERVER_ERROR',
    says: [/503/, /Alloy's log/],
  },
  {
    name: 'a Loki without structured metadata',
    set: refusing(400, "stream '{}' includes structured metadata, but this feature is disallowed"),
    code: 'OTEL_SETUP_METADATA_DISALLOWED',
    says: [/does not allow structured metadata/, /allow_structured_metadata: true/],
  },
  {
    name: 'plain http to a server that speaks https',
    set: refusing(400, 'Client sent an HTTP request to an HTTPS server.'),
    code: 'OTEL_SETUP_PLAIN_HTTP',
    says: [/speaks https/, /https:\/\/ in GRAFANA_CLOUD_OTLP_ENDPOINT/],
  },
  {
    name: 'a label that Loki takes from nobody',
    set: refusing(400, "stream '{service_name=\"x\"}' has label value too long: 'service_version'"),
    code: 'OTEL_SETUP_REJECTED_LABELS',
    says: [/refuses every record of this service for the labels/, /OTEL_RESOURCE_ATTRIBUTES/],
  },
];

const network: readonly Case[] = [
  {
    name: 'a zone that does not exist',
    set: () => cloud('https://otlp-gateway-nowhere.invalid'),
    code: 'OTEL_SETUP_DNS',
    says: [/cannot be resolved/, /GRAFANA_CLOUD_OTLP_ENDPOINT \(for Grafana Cloud its zone\)/],
  },
  {
    name: 'an Alloy whose name nobody knows',
    set: () => ({ ALLOY_OTLP_ENDPOINT: 'http://alloy.invalid:4318' }),
    code: 'OTEL_SETUP_DNS',
    says: [/cannot be resolved/, /Check the host name in ALLOY_OTLP_ENDPOINT/],
  },
  {
    name: 'an Alloy that does not listen',
    set: async (scene) => ({ ALLOY_OTLP_ENDPOINT: await scene.closedPort() }),
    code: 'OTEL_SETUP_UNREACHABLE',
    says: [/refuses connections/, /Is Alloy running/],
  },
  {
    name: 'a server that never answers',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox({}, { type: 'hang' })).url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '400',
    }),
    code: 'OTEL_SETUP_TIMEOUT',
    says: [/did not answer in time/, /ALLOY_OTLP_ENDPOINT/],
  },
  {
    name: 'https to a server that speaks plain http',
    set: async (scene) => cloud((await scene.inbox()).url.replace('http:', 'https:')),
    code: 'OTEL_SETUP_TLS',
    says: [/no TLS at all/, /Check the scheme and host in GRAFANA_CLOUD_OTLP_ENDPOINT/],
  },
  {
    name: 'a certificate that is self-signed',
    set: (scene) => tls(scene, 'self-signed'),
    code: 'OTEL_SETUP_TLS',
    says: [/self-signed/, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
    needs: 'openssl',
  },
  {
    name: 'a certificate of a private authority',
    set: (scene) => tls(scene, 'private'),
    code: 'OTEL_SETUP_TLS',
    says: [/authority/, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
    needs: 'openssl',
  },
  {
    name: 'a certificate that has expired',
    set: (scene) => tls(scene, 'expired'),
    code: 'OTEL_SETUP_TLS',
    says: [/the certificate has expired/, /certificate renewed/, /GRAFANA_CLOUD_OTLP_ENDPOINT/],
    needs: 'openssl',
  },
  {
    name: 'a certificate for another host',
    set: (scene) => tls(scene, 'other-host'),
    code: 'OTEL_SETUP_TLS',
    says: [/another host name/, /GRAFANA_CLOUD_OTLP_ENDPOINT/],
    needs: 'openssl',
  },
  {
    name: 'a file of authorities that is not there',
    set: async (scene) => ({
      ...cloud((await scene.inbox()).url.replace('http:', 'https:')),
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
    }),
    code: 'OTEL_SETUP_TLS',
    says: [/nowhere\/ca\.pem cannot be used \(ENOENT\)/, /OTEL_EXPORTER_OTLP_CERTIFICATE/],
  },
  {
    name: 'a proxy that refuses',
    set: async (scene) => ({
      ...cloud((await scene.inbox()).url),
      http_proxy: await scene.proxy('HTTP/1.1 403 Forbidden'),
    }),
    code: 'OTEL_SETUP_PROXY',
    says: [/the proxy 127\.0\.0\.1:\d+ answers 403/, /HTTPS_PROXY, HTTP_PROXY and NO_PROXY/],
  },
  {
    name: 'a proxy whose setting is no address',
    set: async (scene) => ({ ...cloud((await scene.inbox()).url), http_proxy: 'socks5://a:1' }),
    code: 'OTEL_SETUP_PROXY',
    says: [/through the proxy.*its setting is no address/, /HTTPS_PROXY, HTTP_PROXY and NO_PROXY/],
    application: { code: 'OTEL_SETUP_CONFIG', says: [/http_proxy must be http:\/\/host:port/] },
  },
  {
    name: 'a proxy that does not listen',
    set: async (scene) => ({
      ...cloud((await scene.inbox()).url),
      http_proxy: await scene.closedPort(),
    }),
    code: 'OTEL_SETUP_PROXY',
    says: [/connection refused/, /HTTPS_PROXY, HTTP_PROXY and NO_PROXY/],
  },
  {
    name: 'a clock 2 h ahead',
    set: async (scene) => {
      shifted(scene, 2 * hourMs);
      return cloud((await scene.inbox()).url);
    },
    code: 'OTEL_SETUP_CLOCK',
    says: [/2 h ahead/, /timedatectl/],
    application: {
      code: 'OTEL_SETUP_REJECTED_ENTRIES',
      says: [/too_new/, /set this machine's clock: timedatectl/],
    },
  },
  {
    name: 'a clock 2 h behind',
    set: async (scene) => {
      shifted(scene, -2 * hourMs);
      scene.write(`import { setTimeout as delay } from 'node:timers/promises';
import { init } from 'otel-setup';
const { logger, flush } = init();
for (let i = 0; i < 3; i++) {
  logger.info('hello');
  await flush(5000);
  await delay(300);
}`);
      return cloud((await scene.inbox()).url);
    },
    code: 'OTEL_SETUP_CLOCK',
    state: 'warning',
    says: [/2 h behind/, /timedatectl/],
  },
  {
    name: 'an Alloy whose exporter is refused',
    set: async (scene) => {
      let failed = 0;
      const pages = await scene.http((request, response) => {
        if (request.url === '/metrics') failed += 1;
        response.end(
          request.url === '/metrics'
            ? `otelcol_exporter_send_failed_log_records_total{component_id="x"} ${failed}\n`
            : 'Alloy is ready.',
        );
      });
      scene.env.ALLOY_PAGES = pages;
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox({ rules: 'none' })).url };
    },
    doctorArgs: ['--alloy', '$ALLOY_PAGES'],
    code: 'OTEL_SETUP_ALLOY_EXPORTER',
    says: [/what is behind it refused it/, /Alloy's log says why/],
    silent: 'Alloy has answered 200, and says no more',
  },
];

const spool: readonly Case[] = [
  {
    name: 'a spool in a place that is none',
    set: async (scene) => {
      writeFileSync(join(scene.folder, 'file'), '');
      return {
        ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
        LOG_SPOOL_DIR: join(scene.folder, 'file', 'spool'),
      };
    },
    code: 'OTEL_SETUP_SPOOL_NO_DIRECTORY',
    says: [/There is no place for the spool/, /LOG_SPOOL_DIR/],
  },
  {
    name: 'a pod without a volume for its spool',
    set: async (scene) => {
      writeFileSync(join(scene.folder, 'file'), '');
      return {
        ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
        KUBERNETES_SERVICE_HOST: '10.0.0.1',
        LOG_SPOOL_DIR: join(scene.folder, 'file', 'spool'),
      };
    },
    code: 'OTEL_SETUP_SPOOL_NO_DIRECTORY',
    says: [/There is no place for the spool/, /Mount an emptyDir/],
    application: {
      code: 'OTEL_SETUP_SPOOL_NO_DIRECTORY',
      says: [/There is no place for the spool/, /LOG_SPOOL_DIR/],
    },
  },
  {
    name: 'a spool on a file system that is read-only',
    set: async (scene) => {
      const path = join(scene.folder, 'spool');
      mkdirSync(path);
      scene.wrapper = mounted(path, 'mode=0700,ro');
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    needs: 'namespaces',
    code: 'OTEL_SETUP_SPOOL_NO_DIRECTORY',
    says: [/read-only file system/i, /LOG_SPOOL_DIR/],
  },
  {
    name: 'a disk that is full',
    set: async (scene) => {
      const path = join(scene.folder, 'spool');
      mkdirSync(path);
      const fill = `dd if=/dev/zero of=${path}/filler bs=64k 2>/dev/null; exec "$@"`;
      scene.wrapper = mounted(path, 'mode=0700,size=256k', fill);
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    needs: 'namespaces',
    code: 'OTEL_SETUP_SPOOL_DISK_FULL',
    says: [/full/, /as long as it has room/, /Free some space/],
  },
  {
    name: 'a disk that has room, and no inodes',
    set: async (scene) => {
      const path = join(scene.folder, 'spool');
      mkdirSync(path);
      const fill = `i=0; while (: >${path}/$i) 2>/dev/null; do i=$((i+1)); done; exec "$@"`;
      scene.wrapper = mounted(path, 'mode=0700,size=8m,nr_inodes=20', fill);
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    needs: 'namespaces',
    code: 'OTEL_SETUP_SPOOL_DISK_FULL',
    says: [/takes no more files, whatever space is free/, /Remove files there/],
    application: {
      code: 'OTEL_SETUP_SPOOL_NO_DIRECTORY',
      says: [/ENOSPC.*Free space there, or inodes \(df -h, df -i\)/],
    },
  },
];

/** A file system of its own for the process. */
function mounted(path: string, options: string, then = 'exec "$@"'): string[] {
  const mount = `mount -t tmpfs -o ${options} spool ${path} && ${then}`;
  return ['unshare', '-Urm', '/bin/sh', '-c', mount, 'sh'];
}

const packages: readonly Case[] = [
  {
    name: 'two copies of the OpenTelemetry API',
    set: async (scene) => {
      scene.install({ '@opentelemetry/api': '1.9.1' });
      scene.write(speak());
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    code: 'OTEL_SETUP_API_VERSION',
    state: 'warning',
    says: [/@opentelemetry\/api/, /1\.9\.1/, /@opentelemetry\/api@? ?1\.10\.0/],
  },
  {
    name: 'the pair of packages that loses every record',
    set: async (scene) => {
      scene.install({
        '@opentelemetry/winston-transport': '@opentelemetry/winston-transport',
        '@opentelemetry/sdk-logs': '@opentelemetry/sdk-logs',
      });
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    code: 'OTEL_SETUP_ZERO_RECORD_PAIR',
    state: 'warning',
    says: [/its records reach nobody/, /npm uninstall @opentelemetry\/winston-transport/],
    silent: 'init() registers where that transport looks',
  },
  {
    name: "another LoggerProvider before otel-setup's",
    set: async (scene) => {
      scene.install({
        '@opentelemetry/api': '@opentelemetry/api',
        '@opentelemetry/sdk-logs': '@opentelemetry/sdk-logs',
        '@opentelemetry/sdk-node': '0.301.0',
      });
      scene.write(`import { logs } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
logs.setGlobalLoggerProvider(new LoggerProvider());
${speak()}`);
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    code: 'OTEL_SETUP_FOREIGN_PROVIDER',
    state: 'warning',
    says: [/LoggerProvider/, /init\(\)\.processor/],
  },
  {
    name: 'several versions of the OpenTelemetry API among the packages of the application',
    set: async (scene) => {
      scene.install({ '@opentelemetry/api': '1.9.1', '@opentelemetry/sdk-node': '0.301.0' });
      scene.installBelow('@opentelemetry/sdk-node', { '@opentelemetry/api': '1.10.0' });
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    code: 'OTEL_SETUP_API_COPIES',
    state: 'warning',
    says: [/1\.9\.1/, /npm dedupe/],
    silent: 'nothing has registered the other one yet',
  },
  {
    name: 'winston-loki still in the list of transports',
    set: async (scene) => {
      scene.install({ 'winston-loki': '6.1.3', 'winston-transport': 'winston-transport' });
      scene.write(`import winston from 'winston';
import Transport from 'winston-transport';
import { init } from 'otel-setup';
class LokiTransport extends Transport {
  log(info, next) {
    next();
  }
}
const logger = winston.createLogger({ transports: [new LokiTransport()] });
const { flush } = init({ logger, console: 'json' });
logger.info('hello');
await flush(20_000);`);
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    code: 'OTEL_SETUP_DOUBLE_LOGGING',
    state: 'warning',
    says: [/twice/, /Take (it|its transport) out of the/],
  },
  {
    name: "OpenTelemetry's own instrumentation of winston beside otel-setup",
    set: async (scene) => {
      const name = '@opentelemetry/instrumentation-winston';
      scene.install({ [name]: '0.69.0' });
      return { ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url };
    },
    code: 'OTEL_SETUP_DOUBLE_LOGGING',
    state: 'warning',
    says: [/sent twice/, /OTEL_NODE_DISABLED_INSTRUMENTATIONS=winston/],
    silent: 'init() takes out the transport that leads to itself',
  },
  {
    name: 'a console in a pod, which a collector reads as well',
    set: async (scene) => ({
      ALLOY_OTLP_ENDPOINT: (await scene.inbox()).url,
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
    }),
    code: 'OTEL_SETUP_CONSOLE_COLLECTED',
    state: 'warning',
    says: [/in a pod/, /otel-setup\/logs: otlp/, /LOG_CONSOLE=off/],
  },
];

function speak(): string {
  return `const { init } = await import('otel-setup');
const { logger, flush } = init();
logger.info('hello');
await flush(20_000);`;
}

export const cases: readonly Case[] = [
  ...configuration,
  ...answers,
  ...network,
  ...spool,
  ...packages,
];
