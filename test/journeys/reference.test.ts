// The same calls through our pipeline and through the upstream parts: what differs is listed here, and nowhere else.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { type StoredRecord, startInbox } from 'otlp-inbox';
import { makeBundle } from './bundle.ts';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

async function sent(
  t: TestContext,
  more: Record<string, string>,
): Promise<readonly StoredRecord[]> {
  const inbox = await startInbox({ port: 0, rules: 'none' });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    OTEL_SERVICE_NAME: 'shop',
    LOG_CONSOLE: 'off',
    ...more,
  };
  const ended = await runProgram(t, 'every-field.ts', { env, args: ['r1', 'json'] });
  assert.equal(ended.code, 0, ended.stderr);
  return inbox.records;
}

const byLine = (records: readonly StoredRecord[], line: string): StoredRecord => {
  const found = records.find((record) => record.line === line);
  assert.ok(found, `"${line}" is missing`);
  return found;
};

describe('our records beside those of the upstream pipeline', () => {
  it('are as many, under the same resource, with the same severities, ids and plain attributes', async (t) => {
    const ours = await sent(t, {});
    const stock = await sent(t, { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' });
    assert.equal(ours.length, stock.length);
    const resource = (records: readonly StoredRecord[]) => {
      const { 'service.instance.id': _id, ...rest } = records[0]?.resource.attributes ?? {};
      return rest;
    };
    assert.deepEqual(resource(ours), resource(stock));
    for (const line of ['plain', 'nested', 'from a child', 'from another source', 'level error']) {
      const pick = ({ record }: StoredRecord) => ({
        severityNumber: record.severityNumber,
        traceId: record.traceId,
        spanId: record.spanId,
        flags: record.flags,
        attributes: record.attributes,
      });
      assert.deepEqual(pick(byLine(ours, line)), pick(byLine(stock, line)), line);
    }
  });

  it('differ as docs/decisions.md says, and in nothing else', async (t) => {
    const ours = await sent(t, {});
    const stock = await sent(t, { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' });
    const texts = (records: readonly StoredRecord[]) =>
      ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly'].map(
        (level) => byLine(records, `level ${level}`).record.severityText,
      );
    assert.deepEqual(texts(ours), ['error', 'warn', 'info', 'debug', 'debug', 'debug', 'trace']);
    assert.deepEqual(texts(stock), ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly']);
    assert.equal(byLine(ours, 'level silly').record.attributes['winston.level'], 'silly');

    const { attributes: values } = byLine(ours, 'values').record;
    const { attributes: stockValues } = byLine(stock, 'values').record;
    assert.deepEqual([values.date, values.bigint], ['1970-01-01T00:00:00.000Z', 5]);
    assert.deepEqual(Buffer.from(values.bytes as Uint8Array).toString(), 'hi');
    assert.deepEqual([stockValues.date, stockValues.bigint], [undefined, undefined]);
    assert.deepEqual(stockValues.bytes, values.bytes);

    assert.equal(byLine(ours, 'named').record.eventName, 'order.placed');
    assert.equal(byLine(ours, 'plain').scope.name, 'winston');
    assert.equal(byLine(stock, 'plain').scope.name, '@opentelemetry/winston-transport');

    const twins = (records: readonly StoredRecord[]) =>
      new Set(records.filter(({ line }) => line === 'twin').map(({ timestampNs }) => timestampNs))
        .size;
    assert.equal(twins(ours), 2);

    const failed = byLine(ours, 'failed too far').record.attributes;
    const stockFailed = byLine(stock, 'failed too far').record.attributes;
    assert.equal(failed['exception.type'], 'RangeError');
    assert.match(String(failed['exception.stacktrace']), /Caused by: TypeError: the reason/);
    // The code where there is one; the class is lost.
    assert.equal(stockFailed['exception.type'], 'E_FAR');
    assert.match(String(stockFailed.stack), /^RangeError: too far\n/);
  });
});

describe('the upstream pipeline under our init()', () => {
  const env = (t: TestContext, more: Record<string, string>) => ({
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'alloy',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    ...more,
  });

  it('says what it lost, why, and that it is lost', async (t) => {
    const inbox = await startInbox({ port: 0, auth: { username: '1', password: 'right' } });
    t.after(() => inbox.close());
    const { stderr } = await runProgram(t, 'speak.ts', {
      env: env(t, {
        ALLOY_OTLP_ENDPOINT: inbox.url,
        ALLOY_OTLP_HEADERS: 'authorization=Basic%20x',
      }),
    });
    assert.match(stderr, /OTEL_SETUP_STARTED.*Logs go to .*in memory only/);
    assert.match(stderr, /UNAUTHORIZED.*401.*Check ALLOY_OTLP_HEADERS.*given up 3 records/);
    assert.match(stderr, /closing: 3 accepted, 0 handed to Alloy, 3 dropped \(rejected 3\)/);
  });

  it('names an authority file that is not there, and runs on', async (t) => {
    const certificate = '/nowhere/ca.pem';
    const ended = await runProgram(t, 'speak.ts', {
      env: env(t, {
        ALLOY_OTLP_ENDPOINT: 'https://127.0.0.1:9',
        OTEL_EXPORTER_OTLP_CERTIFICATE: certificate,
        // The upstream exporter tries again within this time.
        OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      }),
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /\/nowhere\/ca\.pem cannot be used \(ENOENT\)/);
  });
});

it('a bundle, which has no upstream parts, sends by our own pipeline and says so', async (t) => {
  const inbox = await startInbox({ port: 0, rules: 'none' });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const contents = "import { init } from 'otel-setup'; init().logger.info('bundled');";
  const outfile = await makeBundle(folder, contents);
  const env = {
    ...bareEnvironment(folder),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
  };
  const { stderr } = await promisify(execFile)(process.execPath, [outfile], { env });
  assert.match(stderr, /reference pipeline is not in this bundle/);
  assert.equal(inbox.records.length, 1);
});

it('with --enable-source-maps the upstream parts are found all the same, without the sources beside them', async (t) => {
  const inbox = await startInbox({ port: 0, rules: 'none' });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const { resolve } = createRequire(import.meta.url);
  const built = join(resolve('otel-setup/package.json'), '../dist/cjs');
  cpSync(built, join(folder, 'otel-setup/dist/cjs'), { recursive: true });
  const env = {
    ...bareEnvironment(folder),
    NODE_PATH: join(resolve('winston/package.json'), '../..'),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
  };
  const library = JSON.stringify(join(folder, 'otel-setup/dist/cjs'));
  const script = `const { flush, logger } = require(${library}).init(); logger.info('mapped'); flush()`;
  const args = ['--enable-source-maps', '-e', script];
  const { stderr } = await promisify(execFile)(process.execPath, args, { env });
  assert.doesNotMatch(stderr, /not in this bundle/);
  assert.match(inbox.requests[0]?.headers['content-type'] ?? '', /json/);
});
