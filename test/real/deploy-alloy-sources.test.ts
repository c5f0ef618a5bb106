// The modules of deploy/alloy that small.alloy does without, in one real Alloy: pods, containers, TLS and a
// password, metrics and traces, its own metrics.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bareEnvironment, runProgram, temporaryFolder } from '../journeys/program.ts';
import { Certificates, type Pem } from '../torture/certificates.ts';
import { runAlloy } from './alloy.ts';
import { type DockerEngine, startDockerEngine } from './docker-engine.ts';
import { type KubernetesApi, startKubernetesApi } from './kubernetes-api.ts';
import { type Loki, startLoki } from './loki.ts';
import { freePort, missing, type Program } from './programs.ts';

const modules = fileURLToPath(new URL('../../deploy/alloy/modules/', import.meta.url));
const imported = ['receive', 'bridge', 'export', 'kubernetes', 'docker', 'self'];

describe('modules of deploy/alloy', { skip: missing('loki', 'alloy') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  let loki: Loki;
  let kubernetes: KubernetesApi;
  let docker: DockerEngine;
  let authority: Pem;
  let alloy: { readonly program: Program };
  let otlpPort: number;
  let plainPort: number;
  // Stands for Grafana Cloud's metrics and traces.
  let signals: Server;
  const names = new Set<string>();

  before(async () => {
    otlpPort = await freePort();
    plainPort = await freePort();
    const certificates = new Certificates(folder);
    authority = certificates.authority('authority');
    const server = certificates.make('alloy', { by: authority });
    const hash = execFileSync('openssl', ['passwd', '-apr1', 'correct horse']).toString().trim();
    const htpasswd = join(folder, 'htpasswd');
    writeFileSync(htpasswd, `shop:${hash}\n`);
    kubernetes = await startKubernetesApi();
    const socket = join(folder, 'docker.sock');
    docker = await startDockerEngine(socket);
    signals = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = gunzipSync(Buffer.concat(chunks)).toString('latin1');
        for (const [name] of text.matchAll(/(?:otelcol|shop)_\w+/g))
          names.add(`${request.url} ${name}`);
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    await new Promise<void>((resolve) => signals.listen(0, '127.0.0.1', () => resolve()));
    loki = await startLoki(join(folder, 'loki'));
    const file = join(folder, 'config.alloy');
    const imports = imported.map(
      (name) => `import.file "${name}" {
  filename = "${modules}${name}.alloy"
}`,
    );
    writeFileSync(
      file,
      `${imports.join('\n')}
receive.secured "apps" {
  logs          = [export.waiting.loki.input]
  metrics       = []
  traces        = []
  http          = "127.0.0.1:${otlpPort}"
  grpc          = "127.0.0.1:${await freePort()}"
  cert_file     = "${server.certPath}"
  key_file      = "${server.keyPath}"
  htpasswd_file = "${htpasswd}"
}
bridge.to_otlp "lines" {
  forward_to = [export.waiting.loki.input]
}
kubernetes.pods "all" {
  api_server = "${kubernetes.url}"
  forward_to = [bridge.to_otlp.lines.receiver]
}
docker.containers "all" {
  host       = "unix://${socket}"
  forward_to = [bridge.to_otlp.lines.receiver]
}
export.waiting "loki" {
  endpoint = "${loki.url}/otlp"
}
receive.plain "all" {
  logs    = [export.waiting.loki.input]
  metrics = [export.waiting.signals.input]
  traces  = [export.waiting.signals.input]
  http    = "127.0.0.1:${plainPort}"
  grpc    = "127.0.0.1:${await freePort()}"
}
export.waiting "signals" {
  endpoint = "http://127.0.0.1:${(signals.address() as AddressInfo).port}/otlp"
}
self.watch "alloy" {
  interval = "1s"
  metrics  = [export.waiting.signals.input]
}
`,
    );
    alloy = await runAlloy(join(folder, 'alloy'), file, {}, ['--stability.level=public-preview']);
  });
  after(async () => {
    await alloy?.program.stop();
    await loki?.program.stop();
    kubernetes?.close();
    docker?.close();
    signals?.close();
    signals?.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  const service = (name: string, home: string, password = 'correct horse') => ({
    ...bareEnvironment(home),
    LOG_ROUTE: 'alloy',
    OTEL_SERVICE_NAME: name,
    ALLOY_OTLP_ENDPOINT: `https://localhost:${otlpPort}`,
    ALLOY_OTLP_HEADERS: `Authorization=Basic%20${Buffer.from(`shop:${password}`).toString('base64')}`,
    OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certPath,
  });

  it('receive.secured takes records over TLS with the password', async (t) => {
    const env = { ...service('secured', temporaryFolder(t)), LOG_CONSOLE: 'off' };
    const ended = await runProgram(t, 'speak.ts', { env, args: ['10000'] });
    assert.equal(JSON.parse(ended.stdout).pending, 0, ended.stderr);
    assert.equal((await loki.waitFor('{service_name="secured"}', 3)).length, 3);
  });

  it('receive.secured refuses a wrong password, and the SDK keeps its records', async (t) => {
    const env = { ...service('stranger', temporaryFolder(t), 'wrong'), LOG_CONSOLE: 'off' };
    const ended = await runProgram(t, 'speak.ts', { env });
    assert.equal(JSON.parse(ended.stdout).pending, 3, ended.stderr);
    assert.match(ended.stderr, /ALLOY_OTLP_HEADERS.*OTEL_SETUP_UNAUTHORIZED/);
  });

  for (const [place, annotation] of [
    ['pod', 'otel-setup/logs'],
    ['container', 'otel-setup.logs'],
  ] as const) {
    it(`a ${place} that sends OTLP and prints is stored once, for it says so`, async (t) => {
      const platform = place === 'pod' ? kubernetes : docker;
      const name = `${place}-shop`;
      const env = { ...service(name, temporaryFolder(t)), LOG_CONSOLE: 'json' };
      const ended = await runProgram(t, 'speak.ts', { env, args: ['10000'] });
      const printed = ended.stdout
        .split('\n')
        .filter((line) => /"message":"(one|two|three)"/.test(line));
      assert.equal(printed.length, 3, ended.stdout);
      platform.run(`${name}-1`, { [annotation]: 'otlp' }, printed);
      // It appears after Alloy has started, and after the one that is left out.
      platform.run(`${place}-cart-1`, {}, ['cart one', 'cart two']);
      const cart = await loki.waitFor(`{service_name=~"${place}-cart.*"}`, 2, 60_000);
      assert.deepEqual(cart.map(({ line }) => line).sort(), ['cart one', 'cart two']);
      const label = place === 'pod' ? 'k8s_pod_name' : 'container_name';
      assert.equal(cart[0]?.fields[label], `${place}-cart-1`);
      assert.deepEqual([...platform.read], [`${place}-cart-1`]);
      const all = await loki.query(`{service_name=~"${name}.*"}`);
      assert.deepEqual(
        all.map(({ line }) => line),
        ['one', 'two', 'three'],
      );
    });
  }

  it('without its annotation that pod would be stored twice', async (t) => {
    const env = { ...service('twice', temporaryFolder(t)), LOG_CONSOLE: 'json' };
    const ended = await runProgram(t, 'speak.ts', { env, args: ['10000'] });
    const printed = ended.stdout.split('\n').filter((line) => line.includes('"message":"one"'));
    kubernetes.run('twice-1', {}, printed);
    const rows = await loki.waitFor('{service_name="twice"} |= "one"', 2, 60_000);
    assert.equal(rows.length, 2);
  });

  const waitForNames = async (wanted: readonly string[]): Promise<void> => {
    const absent = (): string[] => wanted.filter((name) => !names.has(name));
    for (const end = Date.now() + 20_000; absent().length > 0 && Date.now() < end; ) {
      await delay(100);
    }
    assert.deepEqual(absent(), []);
  };

  it('receive.plain takes the metrics and traces of the same services', async () => {
    const now = String(BigInt(Date.now()) * 1_000_000n);
    const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    const times = { startTimeUnixNano: now, endTimeUnixNano: now };
    const spans = [{ ...span, ...times, name: 'shop_checkout', kind: 2 }];
    const gauge = { dataPoints: [{ timeUnixNano: now, asDouble: 1 }] };
    const bodies = {
      traces: { resourceSpans: [{ scopeSpans: [{ spans }] }] },
      metrics: {
        resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'shop_open', gauge }] }] }],
      },
    };
    for (const [signal, body] of Object.entries(bodies)) {
      const response = await fetch(`http://127.0.0.1:${plainPort}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200);
    }
    await waitForNames(['/otlp/v1/traces shop_checkout', '/otlp/v1/metrics shop_open']);
  });

  it('self.watch sends what Alloy took, sent on and has in its queue', async () => {
    await waitForNames([
      '/otlp/v1/metrics otelcol_receiver_accepted_log_records_total',
      '/otlp/v1/metrics otelcol_exporter_sent_log_records_total',
      '/otlp/v1/metrics otelcol_exporter_queue_size',
      '/otlp/v1/metrics otelcol_exporter_queue_capacity',
    ]);
  });
});
