// What getting-started and grafana-cloud-credentials tell: the files as they are shown, and a token changed without loss.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { it, type TestContext } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, startProgram, temporaryFolder } from '../journeys/program.ts';
import { readPage, root } from './page.ts';

const page = readPage(
  'docs/getting-started.md',
  readFileSync(join(root, 'docs/getting-started.md'), 'utf8'),
);

/** A folder as a newcomer has it: package.json, the page's block as its one file, what is installed. */
function application(t: TestContext, block: string, type: string, more: string): string {
  const code = page.blocks.find(({ text }) => text.includes(block))?.text ?? '';
  assert.notEqual(code, '', block);
  const folder = join(temporaryFolder(t), 'shop');
  mkdirSync(folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', type }));
  writeFileSync(join(folder, 'server.js'), `${code}\n${more}`);
  return folder;
}

for (const [block, type, more] of [
  ['module.exports = logger', 'commonjs', "logger.info('listening');"],
  ['createServer', 'commonjs', ''],
  ['import express', 'module', ''],
] as const) {
  it(`the service of the page logs as it is shown (${block})`, async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const folder = application(t, block, type, more);
    const program = relative(join(root, 'test/programs'), join(folder, 'server.js'));
    const env = { ...bareEnvironment(folder), ALLOY_OTLP_ENDPOINT: inbox.url, PORT: '0' };
    const { child, ended, said } = startProgram(t, program, { env, cwd: folder });
    await said('listening');
    child.kill('SIGTERM');
    await ended;
    const [stored] = inbox.records;
    assert.equal(stored?.record.body, 'listening');
    assert.equal(stored?.resource.attributes['service.name'], 'shop');
  });
}

it('a new token sends what the old one left behind', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    OTEL_SERVICE_NAME: 'shop',
    GRAFANA_CLOUD_OTLP_ENDPOINT: `${inbox.url}/otlp`,
    GRAFANA_CLOUD_INSTANCE_ID: '123456',
  };
  inbox.setFault({ type: 'status', status: 401, body: 'authentication error: invalid token' });
  const old = { ...env, GRAFANA_CLOUD_API_KEY: 'glc_old' };
  const { stderr } = await runProgram(t, '../../docs/migration/moved.ts', { env: old });
  assert.match(stderr, /OTEL_SETUP_UNAUTHORIZED/);
  assert.match(stderr, /3 accepted, 0 delivered, 3 pending/);
  inbox.setFault(undefined);

  const renewed = { ...env, GRAFANA_CLOUD_API_KEY: 'glc_new' };
  const service = startProgram(t, '../../docs/frameworks/express.ts', {
    env: renewed,
    args: ['0'],
  });
  const bodies = ['listening', 'order placed', 'payment failed', 'stock is low'];
  await inbox.waitFor(bodies.length);
  assert.deepEqual(inbox.records.map(({ record }) => record.body).sort(), bodies);
  const sent = `Basic ${Buffer.from('123456:glc_new').toString('base64')}`;
  assert.equal(inbox.requests.at(-1)?.headers.authorization, sent);
  service.child.kill('SIGTERM');
  await service.ended;
});
