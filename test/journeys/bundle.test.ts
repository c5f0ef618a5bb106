import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { startInbox } from 'otlp-inbox';
import { makeBundle } from './bundle.ts';
import { bareEnvironment, temporaryFolder } from './program.ts';

async function runBundle(t: TestContext, contents: string) {
  const inbox = await startInbox({ port: 0, rules: 'none' });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const outfile = await makeBundle(folder, contents);
  const env = { ...bareEnvironment(folder), ALLOY_OTLP_ENDPOINT: inbox.url };
  return { inbox, ...(await promisify(execFile)(process.execPath, [outfile], { env })) };
}

it('in a bundle, init() comes first and the application registers with another version of the API', async (t) => {
  const { inbox, stdout, stderr } = await runBundle(
    t,
    `import { init } from 'otel-setup';
     import { ProxyTracerProvider, trace } from 'opentelemetry-api-1.9';
     const { logger, loggerProvider } = init();
     console.log('registered', trace.setGlobalTracerProvider(new ProxyTracerProvider()));
     logger.info('bundled');
     setTimeout(() => loggerProvider.getLogger('shop').emit({ body: 'emitted' }), 50);`,
  );
  assert.match(stdout, /registered true/);
  assert.match(stderr, /OTEL_SETUP_API_VERSION/);
  assert.equal(inbox.records.length, 2);
});

it('in a bundle on our version of the API, log sources are joined in the next turn', async (t) => {
  const { inbox, stderr } = await runBundle(
    t,
    `import { init } from 'otel-setup';
     import { logs, ProxyTracerProvider, trace } from '@opentelemetry/api';
     init();
     trace.setGlobalTracerProvider(new ProxyTracerProvider());
     setTimeout(() => logs.getLogger('shop').emit({ body: 'emitted' }), 50);`,
  );
  assert.doesNotMatch(stderr, /API_VERSION|FOREIGN|Error/);
  assert.equal(inbox.records[0]?.line, 'emitted');
});

it('in a bundle, patterns as texts have come along', async (t) => {
  const { inbox } = await runBundle(
    t,
    `import { init } from 'otel-setup';
     const { logger } = init({ processing: { rules: [{ drop: { body: { matches: '^tick' } } }] } });
     logger.info('tick');
     logger.info('tock');`,
  );
  assert.deepEqual(
    inbox.records.map(({ line }) => line),
    ['tock'],
  );
});
