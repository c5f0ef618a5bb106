import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'smol-toml';
import { variableNames } from '../../packages/otel-setup/src/config/variables.ts';
import { filesBelow, root, textOf } from './files.ts';

interface FlyToml {
  readonly app: string;
  readonly kill_signal: string;
  readonly kill_timeout: number;
  readonly build: { readonly dockerfile: string };
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: { readonly destination: string };
}

const files = filesBelow('deploy/fly', /^fly\.toml$/);
/** Read by the application, not by the SDK. */
const applicationVariables = ['PORT'];

describe('deploy/fly', () => {
  it('has three ways', () => {
    assert.equal(files.length, 3);
  });

  for (const file of files) {
    const settings = parse(textOf(file)) as unknown as FlyToml;

    it(`${file}: its variables are known, its Dockerfile is there`, () => {
      for (const name of Object.keys(settings.env)) {
        assert.ok([...variableNames, ...applicationVariables].includes(name), name);
      }
      assert.ok(existsSync(join(root, dirname(file), settings.build.dockerfile)));
    });

    it(`${file}: what is kept is on the volume, and there is time to send`, () => {
      const { LOG_SPOOL_DIR: spool } = settings.env;
      if (spool !== undefined) assert.equal(spool, settings.mounts.destination);
      assert.ok(settings.kill_timeout >= 5);
      assert.match(settings.kill_signal, /^SIG(?:INT|TERM)$/);
    });
  }
});

describe('what the files of deploy/fly say of each other', () => {
  const alloyImage = textOf('deploy/fly/alloy/Dockerfile');

  it('Alloy is asked for its health and metrics where it listens', () => {
    const { checks, metrics } = parse(textOf('deploy/fly/alloy/fly.toml')) as unknown as {
      readonly checks: { readonly ready: { readonly port: number; readonly path: string } };
      readonly metrics: { readonly port: number };
    };
    assert.match(alloyImage, new RegExp(`--server.http.listen-addr=0.0.0.0:${checks.ready.port}"`));
    assert.equal(metrics.port, checks.ready.port);
    assert.equal(checks.ready.path, '/-/ready');
  });

  it("Alloy's queue is on its volume", () => {
    const { mounts } = parse(textOf('deploy/fly/alloy/fly.toml')) as unknown as FlyToml;
    assert.ok(alloyImage.includes(`--storage.path=${mounts.destination}"`));
    assert.ok(textOf('deploy/alloy/small.alloy').includes(`"${mounts.destination}/queue"`));
  });

  it('the images copy files that are there', () => {
    const copied = (file: string) =>
      [...textOf(file).matchAll(/^COPY (?!--from)(\S+) \S+$/gm)].map(([, path = '']) => path);
    const alloy = copied('deploy/fly/alloy/Dockerfile').map((path) => `deploy/alloy/${path}`);
    const sidecar = copied('deploy/fly/sidecar/Dockerfile')
      .filter((path) => path !== '.')
      .map((path) => (path === 'start.sh' ? `deploy/fly/sidecar/${path}` : `deploy/${path}`));
    assert.equal(alloy.length + sidecar.length, 5);
    for (const path of [...alloy, ...sidecar]) assert.ok(existsSync(join(root, path)), path);
  });
});

describe('the Dockerfiles', () => {
  for (const file of filesBelow('deploy', /^Dockerfile$/)) {
    it(`${file} starts from a fixed version, and installs what the lock file says`, () => {
      const text = textOf(file);
      for (const [, image = ''] of text.matchAll(/^FROM (\S+)/gm)) {
        assert.match(image, /:v?\d/, image);
      }
      assert.doesNotMatch(text, /npm install|curl|wget|apt-get/);
    });

    it(`${file} gives signals to the program itself`, () => {
      assert.match(textOf(file), /^CMD \["/m);
      assert.doesNotMatch(textOf(file), /^CMD \["npm"/m);
    });
  }
});
