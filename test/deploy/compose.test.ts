import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { variableNames } from '../../packages/otel-setup/src/config/variables.ts';
import { root, textOf } from './files.ts';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

const folder = join(root, 'deploy/compose');
const compose = parse(textOf('deploy/compose/compose.yaml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const loki = parse(textOf('deploy/compose/loki.yaml')) as {
  readonly server: { readonly http_listen_port: number };
};

describe('deploy/compose', () => {
  it('mounts what is there, and names each volume', () => {
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const [from = ''] = volume.split(':');
        const isThere = from.startsWith('.')
          ? existsSync(join(folder, from))
          : from in compose.volumes;
        assert.ok(isThere, `${name}: ${volume}`);
      }
    }
  });

  it('builds the demo from a Dockerfile that is there, and everything else from a fixed version', () => {
    for (const [name, { build, image }] of services) {
      if (build !== undefined) assert.ok(existsSync(join(folder, build.context, build.dockerfile)));
      else assert.match(image ?? '', /^grafana\/\w+:v?\d+\.\d+\.\d+$/, name);
    }
  });

  it('opens ports on this machine only', () => {
    for (const [name, { ports = [] }] of services) {
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name);
    }
  });

  it('asks each service for its health at a port that it has', () => {
    for (const [name, { healthcheck, ports = [] }] of services) {
      if (name === 'shop' || name === 'loki') continue;
      const asked = /localhost[:/](\d+)/.exec(healthcheck?.test.join(' ') ?? '')?.[1];
      assert.ok(
        ports.some((port) => port.endsWith(`:${asked}`)),
        name,
      );
    }
    // Loki's own check knows this port only.
    assert.equal(loki.server.http_listen_port, 3100);
    assert.deepEqual(compose.services.loki?.healthcheck?.test, ['CMD', '/usr/bin/loki', '-health']);
  });

  it('sends where the other services listen, by variables that are known', () => {
    const { shop, alloy } = compose.services;
    for (const name of Object.keys(shop?.environment ?? {})) {
      assert.ok(variableNames.includes(name), name);
    }
    const lokiUrl = `http://loki:${loki.server.http_listen_port}/otlp`;
    assert.equal(shop?.environment?.OTEL_EXPORTER_OTLP_ENDPOINT, lokiUrl);
    assert.equal(alloy?.environment?.GRAFANA_CLOUD_OTLP_ENDPOINT, lokiUrl);
    assert.equal(shop?.environment?.ALLOY_OTLP_ENDPOINT, 'http://alloy:4318');
    assert.match(textOf('deploy/alloy/small.alloy'), /"\[::\]:4318"/);
  });
});
