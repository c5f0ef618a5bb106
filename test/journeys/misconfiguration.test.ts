import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

interface Spoken {
  readonly code: number | null;
  readonly stderr: string;
  readonly console: string[];
  readonly route: string;
  readonly stats: { accepted: number; delivered: number; pending: number; dropped: object };
}

async function speak(t: TestContext, env: Record<string, string>, flushMs = 500): Promise<Spoken> {
  const ended = await runProgram(t, 'speak.ts', {
    env: { ...bareEnvironment(temporaryFolder(t)), ...env },
    args: [String(flushMs)],
  });
  const lines = ended.stdout.trim().split('\n');
  const { route, stats } = JSON.parse(lines.pop() ?? '{}');
  return {
    code: ended.code,
    stderr: ended.stderr,
    console: lines.filter((line) => line.startsWith('{')),
    route,
    stats,
  };
}

const onConsole = (spoken: Spoken) =>
  spoken.console.map((line) => (JSON.parse(line) as { message: string }).message);

describe('an application whose environment is wrong', () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ['an unknown route', { LOG_ROUTE: 'allow' }, /LOG_ROUTE must be .*direct.*alloy.*none.*allow/],
    ['missing credentials', { LOG_ROUTE: 'direct' }, /GRAFANA_CLOUD_/],
    [
      'an id without a token',
      {
        GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://otlp-gateway-prod-eu-west-2.grafana.net/otlp',
        GRAFANA_CLOUD_INSTANCE_ID: '123456',
        OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      },
      /GRAFANA_CLOUD_API_KEY is missing/,
    ],
    [
      'an address that is none',
      { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: 'http://' },
      /ALLOY_OTLP_ENDPOINT/,
    ],
  ];
  for (const [name, env, says] of cases) {
    it(`runs on with ${name}, prints its logs and is told what to do`, async (t) => {
      const spoken = await speak(t, env);
      assert.equal(spoken.code, 0, spoken.stderr);
      assert.deepEqual(onConsole(spoken), ['one', 'two', 'three']);
      assert.match(spoken.stderr, says);
    });
  }

  it('keeps its logs in memory and says so when the spool directory cannot be used', async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'file'), '');
    const spoken = await speak(
      t,
      {
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: inbox.url,
        LOG_SPOOL_DIR: join(folder, 'file', 'spool'),
      },
      5_000,
    );
    assert.equal(spoken.code, 0);
    assert.equal(inbox.records.length, 3);
    assert.match(spoken.stderr, /LOG_SPOOL_DIR/);
  });

  it('keeps its logs and says so when nobody listens', async (t) => {
    const inbox = await startInbox({ port: 0 });
    await inbox.close();
    const spoken = await speak(t, { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: inbox.url });
    assert.equal(spoken.code, 0);
    assert.deepEqual(onConsole(spoken), ['one', 'two', 'three']);
    assert.deepEqual([spoken.stats.accepted, spoken.stats.pending], [3, 3]);
    assert.match(spoken.stderr, /ALLOY_OTLP_ENDPOINT/);
    assert.match(
      spoken.stderr,
      /3 pending in .*spool.*the next start of this service on this disk sends them/,
    );
  });

  it('keeps its logs and is told which setting to look at when the server answers 401', async (t) => {
    const inbox = await startInbox({ port: 0, auth: { username: '1', password: 'right' } });
    t.after(() => inbox.close());
    const spoken = await speak(t, {
      LOG_ROUTE: 'direct',
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${inbox.url}/otlp`,
      GRAFANA_CLOUD_INSTANCE_ID: '1',
      GRAFANA_CLOUD_API_KEY: 'glc_wrong',
    });
    assert.equal(spoken.code, 0);
    assert.deepEqual([spoken.stats.accepted, spoken.stats.pending], [3, 3]);
    assert.match(spoken.stderr, /401/);
    assert.match(spoken.stderr, /GRAFANA_CLOUD_API_KEY/);
    assert.doesNotMatch(spoken.stderr, /glc_wrong/);
  });
});

describe('an application that sends nothing', () => {
  const silent: [string, Record<string, string>, RegExp][] = [
    ['where nothing is set', {}, /OTEL_SETUP_CONSOLE_ONLY.*no route and no endpoint is set/],
    [
      'where it was switched off beside an endpoint',
      { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      /OTEL_SDK_DISABLED=true, though OTEL_EXPORTER_OTLP_ENDPOINT is set/,
    ],
    [
      'where the exporter is none beside an endpoint',
      { OTEL_LOGS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:9' },
      /OTEL_LOGS_EXPORTER=none, though OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is set/,
    ],
    [
      'where the route is none beside an endpoint',
      { LOG_ROUTE: 'none', ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      /LOG_ROUTE=none, though ALLOY_OTLP_ENDPOINT is set/,
    ],
  ];
  for (const [where, env, says] of silent) {
    it(`says so in one line ${where}`, async (t) => {
      const spoken = await speak(t, env);
      assert.deepEqual(onConsole(spoken), ['one', 'two', 'three']);
      assert.match(spoken.stderr, says);
      assert.equal(spoken.stderr.trim().split('\n').length, 1, spoken.stderr);
    });
  }

  it('says nothing where LOG_ROUTE=none is all there is', async (t) => {
    assert.equal((await speak(t, { LOG_ROUTE: 'none' })).stderr, '');
  });
});

describe('a laptop without any configuration', () => {
  it('sees a console, and nothing else', async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, 'home'));
    const ended = await runProgram(t, 'speak.ts', {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: join(folder, 'home'),
        TMPDIR: folder,
        LOG_CONSOLE: 'pretty',
      },
    });
    assert.equal(ended.stderr, '');
    assert.match(ended.stdout, /^\d\d:\d\d:\d\d\.\d{3} INFO {2}one id=1\n/);
    assert.match(ended.stdout, /"route":"none"/);
  });
});

describe('wrong options in code', () => {
  it('throw one ConfigError that lists every problem', async (t) => {
    const ended = await runProgram(t, 'strict.ts', {
      env: bareEnvironment(temporaryFolder(t)),
      args: [JSON.stringify({ route: 'allow', timeoutMs: -1, colour: true, onNotice: 'loud' })],
    });
    const { code, problems } = JSON.parse(ended.stdout) as { code: string; problems: string[] };
    assert.equal(code, 'OTEL_SETUP_CONFIG');
    for (const name of ['route', 'timeoutMs', 'colour', 'onNotice']) {
      assert.ok(
        problems.some((problem) => problem.includes(name)),
        `${name}: ${problems.join('\n')}`,
      );
    }
  });

  it('and a wrong environment with strict throw, too', async (t) => {
    const ended = await runProgram(t, 'strict.ts', {
      env: { ...bareEnvironment(temporaryFolder(t)), LOG_ROUTE: 'allow' },
      args: [JSON.stringify({ strict: true })],
    });
    assert.match(ended.stdout, /LOG_ROUTE must be/);
  });

  it('throw in a later call as well, and the default logger is one under the name of its module', async (t) => {
    const again = async (what: string) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      const env = { ...bareEnvironment(temporaryFolder(t)), LOG_ROUTE: 'alloy' };
      const ended = await runProgram(t, 'again.ts', {
        env: { ...env, ALLOY_OTLP_ENDPOINT: inbox.url },
        args: [what],
      });
      return [ended.stdout, ...inbox.records.map(({ record }) => record.body)];
    };
    assert.deepEqual(await again('console'), ['OTEL_SETUP_CONFIG\n']);
    assert.deepEqual(await again('nothing'), ['OTEL_SETUP_CONFIG\n']);
    assert.deepEqual(await again('module'), ['started\n', 'by the default logger']);
  });

  it('a silent logger that a later call adopts is told', async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const env = { ...bareEnvironment(temporaryFolder(t)), LOG_ROUTE: 'alloy' };
    const ended = await runProgram(t, 'again.ts', {
      env: { ...env, ALLOY_OTLP_ENDPOINT: inbox.url },
      args: ['silent'],
    });
    assert.match(ended.stderr, /OTEL_SETUP_LEVEL.*is silent/);
  });
});
