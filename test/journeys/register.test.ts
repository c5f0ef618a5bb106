import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

describe('node --import otel-setup/register', () => {
  for (const [program, lines] of [
    ['adopted.ts', ['from a named import', 'from the default import', 'from the default logger']],
    ['adopted.cts', ['from require']],
  ] as const) {
    it(`adopts the loggers of ${program}, and leaves their console alone`, async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: inbox.url,
      };
      const ended = await runProgram(t, program, {
        env,
        nodeArgs: ['--import', import.meta.resolve('otel-setup/register')],
      });
      assert.equal(ended.code, 0, ended.stderr);
      assert.deepEqual(
        inbox.records.map(({ line }) => line),
        lines,
      );
      assert.deepEqual(
        ended.stdout
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { message: string }).message),
        lines,
      );
    });
  }

  for (const [kind, statement] of [
    ['CommonJS', "const { createLogger, transports } = require('winston');"],
    ['ES modules', "import { createLogger, transports } from 'winston';"],
  ] as const) {
    it(`adopts the loggers of a library in ${kind} that has a winston of its own`, async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      const folder = realpathSync(temporaryFolder(t));
      const library = layLibrary(
        folder,
        kind === 'CommonJS' ? 'index.cjs' : 'index.mjs',
        statement,
      );
      const ended = await runProgram(t, 'imports.ts', {
        env: { ...bareEnvironment(folder), ALLOY_OTLP_ENDPOINT: inbox.url },
        args: [library],
        nodeArgs: ['--import', import.meta.resolve('otel-setup/register')],
      });
      assert.equal(ended.code, 0, ended.stderr);
      assert.deepEqual(
        inbox.records.map(({ line }) => line),
        ['from a library'],
      );
    });
  }

  it('comes before the init() of the code, whose options are named as without effect', async (t) => {
    const { code, stdout, stderr } = await runProgram(t, 'strict.ts', {
      env: { ...bareEnvironment(temporaryFolder(t)), LOG_ROUTE: 'none' },
      args: [JSON.stringify({ serviceName: 'shop', redaction: { keys: ['pin'] } })],
      nodeArgs: ['--import', import.meta.resolve('otel-setup/register')],
    });
    assert.deepEqual([code, stdout], [0, 'started\n']);
    assert.match(stderr, /OTEL_SETUP_UNUSED/);
    assert.match(stderr, /no effect: serviceName, redaction\. Give them to the first call/);
  });
});

/** A library below `folder` whose winston is a copy of its own; the path of its main file. */
function layLibrary(folder: string, name: string, statement: string): string {
  const winston = dirname(createRequire(import.meta.url).resolve('winston/package.json'));
  const modules = join(folder, 'node_modules');
  const library = join(modules, 'library');
  mkdirSync(join(library, 'node_modules'), { recursive: true });
  cpSync(winston, join(library, 'node_modules/winston'), { recursive: true });
  for (const one of readdirSync(dirname(winston)).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(dirname(winston), one), join(modules, one));
  const path = join(library, name);
  writeFileSync(
    path,
    `${statement}
createLogger({ transports: [new transports.Console({ silent: true })] }).info('from a library');`,
  );
  return path;
}
