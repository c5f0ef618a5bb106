// Every kind of value and call of docs/values.md, read back from the real Loki.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readBack } from '../values/read-back.ts';
import { type Loki, startLoki } from './loki.ts';
import { missing } from './programs.ts';

describe('the real Loki', { skip: missing('loki') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  let loki: Loki;
  before(async () => {
    loki = await startLoki(folder);
  });
  after(async () => {
    await loki?.program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows every kind of value as docs/values.md says', async () => {
    assert.deepEqual(await readBack(loki), []);
  });
});
