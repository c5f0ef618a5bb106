import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Fault, startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, startProgram, temporaryFolder } from './program.ts';

const count = 50;
const all = Array.from({ length: count }, (_, id) => id);

// They mostly wait.
describe('a receiver that misbehaves costs no record', { concurrency: 4 }, () => {
  const faults: [string, Fault][] = [
    ['sends garbage instead of HTTP', { type: 'garbage', where: 'http' }],
    ['sends garbage as its answer', { type: 'garbage', where: 'body' }],
    ['never answers', { type: 'hang' }],
    ['resets the connection', { type: 'cut' }],
    ['stores and loses the answer', { type: 'lost-answer' }],
    ['answers 503', { type: 'status', status: 503 }],
  ];
  for (const [name, fault] of faults) {
    it(`when it ${name} three times`, async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      inbox.setFault({ ...fault, times: 3 });
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: inbox.url,
        LOG_CONSOLE: 'off',
      };
      const ended = await runProgram(t, 'trickle.ts', { env, args: [String(count)] });
      assert.equal(ended.code, 0, ended.stderr);
      const { accepted, delivered, dropped } = JSON.parse(ended.stdout);
      assert.deepEqual([accepted, delivered, dropped], [count, count, {}]);
      const ids = inbox.records.map(({ record }) => Number(record.attributes.id));
      assert.deepEqual([...new Set(ids)], all);
    });
  }

  for (const [name, fault] of [
    ['redirects', { type: 'redirect', location: 'http://127.0.0.1:9/' }],
    ['shows a web page', { type: 'html' }],
  ] as const) {
    it(`and keeps all when it ${name}, with one notice`, async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      inbox.setFault(fault);
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: inbox.url,
        LOG_CONSOLE: 'off',
      };
      const ended = await runProgram(t, 'speak.ts', { env, args: ['800'] });
      assert.equal(ended.code, 0, ended.stderr);
      const { stats } = JSON.parse(ended.stdout.trim());
      assert.deepEqual([stats.accepted, stats.pending], [3, 3]);
      assert.equal(ended.stderr.match(/ALLOY_OTLP_ENDPOINT/g)?.length, 1, ended.stderr);
      inbox.setFault(undefined);
      await runProgram(t, 'settle.ts', { env, args: ['3'] });
      assert.equal(inbox.records.length, 3);
    });
  }
});

describe('a spool with damaged files', () => {
  it('gives up what is damaged, says so, and delivers the rest', async (t) => {
    const inbox = await startInbox({ port: 0 });
    const folder = temporaryFolder(t);
    const { url } = inbox;
    await inbox.close();
    const env = {
      ...bareEnvironment(folder),
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: url,
      LOG_CONSOLE: 'off',
    };
    const first = startProgram(t, 'burst.ts', { env, args: ['1000'] });
    await first.said('logged');
    first.child.kill('SIGKILL');
    await first.ended;
    const spool = join(folder, 'spool');
    const [segment] = readdirSync(spool, {
      recursive: true,
      encoding: 'utf8',
    }).filter((name) => name.endsWith('.seg'));
    const path = join(spool, segment ?? '');
    const bytes = readFileSync(path);
    // In the middle of the file one byte of a record, and at its end the start of a frame that was never finished.
    const middle = bytes.indexOf('burst', bytes.length / 2);
    bytes[middle] = 0x58;
    writeFileSync(path, bytes);
    appendFileSync(path, bytes.subarray(-20));
    writeFileSync(join(path, '..', '000000000009.seg'), 'no segment at all');

    const healed = await startInbox({ port: Number(new URL(url).port) });
    t.after(() => healed.close());
    const second = await runProgram(t, 'settle.ts', { env, args: ['999'] });
    assert.equal(second.code, 0, second.stderr);
    const { adopted } = JSON.parse(second.stdout);
    assert.deepEqual(
      [adopted.delivered, adopted.dropped, adopted.pending],
      [999, { corrupt: 1 }, 0],
    );
    assert.equal(new Set(healed.records.map(({ record }) => record.attributes.id)).size, 999);
    assert.match(second.stderr, /damaged/);
  });
});
