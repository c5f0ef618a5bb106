// The oracle is tested first: clients that misbehave in one way each fail the verdict made for it, and no other.

import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Case } from './case.ts';
import { ControlFile } from './oracle/control-file.ts';
import { checkLiveness, compareEnds, type Ended } from './oracle/host.ts';
import { inspectSpool } from './oracle/inspector.ts';
import { readArrivals } from './oracle/journal.ts';
import { formatId, lengths, payloadOf } from './oracle/payload.ts';
import { type Allowances, judge } from './oracle/verdicts.ts';

const count = 3_000;
const perRequest = 500;

type Sin =
  | 'drops every 1,000th'
  | 'swaps two'
  | 'flips a byte'
  | 'resends with a changed byte'
  | 'resends under another resource'
  | 'resends a batch'
  | 'miscounts by one'
  | 'forgets what is pending'
  | 'invents a record'
  | 'claims a loss in silence'
  | 'sends what others left in silence'
  | 'repeats a notice'
  | 'measures another figure';

interface Sent {
  id: string;
  body: string;
  resource: string;
}

/** A client of a few lines: it logs, sends, counts, and sins. */
class Client {
  readonly #case: Case;
  readonly #sin: Sin | undefined;
  readonly #writer = 'w1';

  constructor(c: Case, sin?: Sin) {
    this.#case = c;
    this.#sin = sin;
  }

  async run(): Promise<void> {
    const { folder, run } = this.#case;
    const control = new ControlFile(join(folder, 'control', this.#writer));
    const records: Sent[] = [];
    for (let seq = 1; seq <= count; seq++) {
      const id = formatId(run, this.#writer, seq);
      records.push({ id, body: payloadOf(id, lengths.short), resource: 'one' });
      control.returned(seq);
    }
    control.close();
    const sent = this.#spoil(records);
    for (let at = 0; at < sent.length; at += perRequest) {
      await this.#post(sent.slice(at, at + perRequest));
    }
    this.#tell();
  }

  #spoil(records: Sent[]): Sent[] {
    const [tenth, hundredth] = [records[9], records[99]];
    assert.ok(tenth !== undefined && hundredth !== undefined);
    const flipped = { ...tenth, body: `${tenth.body.slice(0, 50)}#${tenth.body.slice(51)}` };
    switch (this.#sin) {
      case 'drops every 1,000th':
        return records.filter((_, index) => index % 1000 !== 999);
      case 'swaps two':
        return records.with(9, hundredth).with(99, tenth);
      case 'flips a byte':
        return records.with(9, flipped);
      case 'resends with a changed byte':
        // Its text is right again, but the record is not the same bytes as before.
        return [...records, { ...tenth, id: tenth.id, resource: 'one ' }];
      case 'resends under another resource':
        return [...records, { ...tenth, resource: 'two' }];
      case 'resends a batch':
        return [...records, ...records.slice(-perRequest)];
      case 'invents a record':
        return [...records, { ...tenth, id: formatId(this.#case.run, this.#writer, count + 2) }];
      default:
        return records;
    }
  }

  async #post(records: readonly Sent[]): Promise<void> {
    const resourceLogs = records.map(({ body, id, resource }) => ({
      resource: { attributes: [{ key: 'name', value: { stringValue: resource.trim() } }] },
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: '1',
              body: { stringValue: body },
              severityText: resource.endsWith(' ') ? 'changed' : '',
              attributes: [
                { key: 'id', value: { stringValue: id } },
                { key: 'size', value: { intValue: lengths.short } },
              ],
            },
          ],
        },
      ],
    }));
    const response = await fetch(`${this.#case.receiver.inbox.url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs }),
    });
    assert.equal(response.status, 200);
    await response.arrayBuffer();
  }

  #tell(): void {
    const isSilent = this.#sin === 'claims a loss in silence';
    const lost = isSilent ? 3 : 0;
    const pending = this.#sin === 'forgets what is pending' ? 2 : 0;
    const extra = this.#sin === 'miscounts by one' ? 1 : 0;
    const counts = {
      accepted: count,
      delivered: count - lost - pending + extra,
      pending,
      dropped: isSilent ? { disk_cap: lost } : {},
    };
    const none = { accepted: 0, delivered: 0, pending: 0, dropped: {} };
    const found = this.#sin === 'sends what others left in silence' ? 4 : 0;
    const adopted = { ...none, accepted: found, delivered: found };
    const isOff = this.#sin === 'measures another figure';
    const metrics = isOff ? { ...counts, accepted: count + 1 } : counts;
    const sample = { ...counts, metrics, adopted, logged: count, isLast: true };
    const { folder } = this.#case;
    writeFileSync(join(folder, 'samples', this.#writer), `${JSON.stringify(sample)}\n{"torn":`);
    const notice = { code: 'OTEL_SETUP_X', level: 'warn', message: 'it failed', atMs: 5 };
    const notices = this.#sin === 'repeats a notice' ? [notice, { ...notice, atMs: 900 }] : [];
    const path = join(folder, 'notices', this.#writer);
    writeFileSync(path, '');
    for (const line of notices) appendFileSync(path, `${JSON.stringify(line)}\n`);
  }
}

async function openCase(t: TestContext): Promise<Case> {
  const c = new Case(t, 7);
  t.after(() => c.close(true));
  await c.receive();
  return c;
}

async function failedBy(t: TestContext, sin?: Sin, allowances: Allowances = {}): Promise<string[]> {
  const c = await openCase(t);
  await new Client(c, sin).run();
  return Object.keys(judge(c.evidence(), allowances)).sort();
}

describe('the oracle', () => {
  it('passes an honest client', async (t) => {
    assert.deepEqual(await failedBy(t, undefined, { duplicates: 0, notices: [] }), []);
  });

  const verdicts: [Sin, string[]][] = [
    ['drops every 1,000th', ['ledger', 'lost', 'restart']],
    ['swaps two', ['order']],
    ['flips a byte', ['genuine', 'ledger', 'lost', 'restart']],
    ['resends with a changed byte', ['duplicates']],
    ['resends under another resource', ['duplicates']],
    ['miscounts by one', ['ledger']],
    ['forgets what is pending', ['ledger']],
    ['invents a record', ['genuine']],
    ['claims a loss in silence', ['restart', 'silence']],
    ['sends what others left in silence', ['silence']],
    ['repeats a notice', ['silence']],
    ['measures another figure', ['metrics']],
  ];
  for (const [sin, expected] of verdicts) {
    it(`fails a client that ${sin} by ${expected.join(', ')}`, async (t) => {
      assert.deepEqual(await failedBy(t, sin), expected);
    });
  }

  it('fails a client that drops records it did not count, where only counted ones may be lost', async (t) => {
    const failed = await failedBy(t, 'drops every 1,000th', { lost: 'counted' });
    assert.ok(failed.includes('lost'));
  });

  it('allows byte-identical repeats up to their bound', async (t) => {
    assert.deepEqual(await failedBy(t, 'resends a batch', { duplicates: perRequest }), []);
    const c = await openCase(t);
    await new Client(c, 'resends a batch').run();
    assert.deepEqual(Object.keys(judge(c.evidence(), { duplicates: perRequest - 1 })), [
      'duplicates',
    ]);
  });

  it('fails a run whose failure nobody was told of, and one that tells of a failure that was none', async (t) => {
    const c = await openCase(t);
    await new Client(c, 'repeats a notice').run();
    const told = judge(c.evidence(), { notices: [] }).silence?.join();
    assert.match(told ?? '', /OTEL_SETUP_X was told/);
    const silent = judge(c.evidence(), { notices: ['OTEL_SETUP_Y'] }).silence?.join();
    assert.match(silent ?? '', /OTEL_SETUP_Y was not told/);
  });

  it('finds in the journal on disk what it saw arrive', async (t) => {
    const c = await openCase(t);
    await new Client(c, 'resends a batch').run();
    const read = await readArrivals(join(c.folder, 'journal.ndjson'), c.run);
    assert.equal(read.distinct, count);
    assert.equal(read.duplicates, c.receiver.arrivals.duplicates);
  });

  it('takes a marked truncation for what it is, and no other change', async () => {
    const { checkPayload } = await import('./oracle/payload.ts');
    const text = payloadOf('r:w1:5', 4096);
    const cut = `${text.slice(0, 1000)}... [96 bytes cut] ...${text.slice(-500)}`;
    assert.equal(checkPayload('r:w1:5', 4096, text, false), 'whole');
    assert.equal(checkPayload('r:w1:5', 4096, cut, true), 'truncated');
    assert.equal(checkPayload('r:w1:5', 4096, cut, false), 'wrong');
    assert.equal(
      checkPayload('r:w1:5', 4096, cut.replace(text.slice(300, 400), 'x'), true),
      'wrong',
    );
    assert.equal(checkPayload('r:w1:6', 4096, text, true), 'wrong');
    assert.equal(checkPayload('r:w1:5', 0, '', false), 'whole');
  });

  it('fails a process that changes its exit code, its signal or its output', () => {
    const control: Ended = { code: 3, signal: null, stdout: 'a', stderr: 'b' };
    const notice = 'b\notel-setup [warn] something (OTEL_SETUP_X)';
    assert.deepEqual(compareEnds({ ...control, stderr: notice }, control), []);
    assert.match(compareEnds({ ...control, code: 0 }, control).join(), /exit code 0/);
    assert.match(compareEnds({ ...control, signal: 'SIGTERM' }, control).join(), /SIGTERM/);
    assert.match(compareEnds({ ...control, stdout: '' }, control).join(), /standard output/);
    assert.match(compareEnds({ ...control, stderr: 'c' }, control).join(), /standard error/);
  });

  it('fails a fresh record that comes late or never', () => {
    assert.deepEqual(checkLiveness(9_000, 0), []);
    assert.deepEqual(checkLiveness(35_000, 0, 30_000), []);
    assert.equal(checkLiveness(10_500, 0).length, 1);
    assert.equal(checkLiveness(undefined, 0).length, 1);
  });
});

describe('the inspector', () => {
  it('finds each record that a killed process left, and misses exactly the damaged one', async (t) => {
    const c = await openCase(t);
    c.receiver.inbox.setFault({ type: 'status', status: 503 });
    const writer = await c.start();
    await writer.log({ count: 300, size: 'mixed' });
    await writer.kill();
    const [directory, ...others] = inspectSpool(c.spoolRoot).directories;
    assert.ok(directory !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(
      directory.pending.map(({ id }) => id),
      Array.from({ length: 300 }, (_, index) => formatId(c.run, 'w1', index + 1)),
    );
    assert.ok(directory.pending.every(({ payload }) => payload === 'whole'));
    assert.equal(directory.owner?.route, 'alloy');

    const file = readdirSync(directory.path).find((name) => name.endsWith('.seg'));
    const path = join(directory.path, file ?? '');
    const bytes = readFileSync(path);
    const inside = bytes.indexOf(`${formatId(c.run, 'w1', 20)} `);
    assert.ok(inside > 0);
    bytes[inside + 3] = (bytes[inside + 3] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const [damaged] = inspectSpool(c.spoolRoot).directories;
    assert.equal(damaged?.pending.length, 299);
    assert.equal(damaged?.missing, 1);
    assert.ok((damaged?.damagedBytes ?? 0) > 0);
    assert.ok(existsSync(path));
  });
});
