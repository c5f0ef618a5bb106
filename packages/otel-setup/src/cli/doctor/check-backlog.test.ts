import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceKey } from '../../spool/layout.ts';
import type { ServiceSurvey } from '../spool/survey.ts';
import { backlog } from './check-backlog.ts';
import type { Examination } from './examination.ts';

const service = { namespace: '', name: 'shop', environment: '' };
const examination = {
  config: { resource: { 'service.name': 'shop' }, route: 'alloy' },
  world: { clock: { now: () => 1_000_000 } },
} as unknown as Examination;

/** What is told of directories with so many records each. */
function told(directories: readonly (readonly ['alive' | 'dead', number])[]): string {
  const own = {
    key: serviceKey(service),
    directories: directories.map(([state, records]) => ({ state, records, oldestMs: 760_000 })),
  };
  const [finding] = backlog([own as unknown as ServiceSurvey], examination);
  return finding !== undefined && 'message' in finding ? finding.message : '';
}

test('what waits is counted, one record as one', () => {
  assert.equal(told([['alive', 1]]), '1 record waits, for 4 min.');
  assert.equal(
    told([['dead', 1]]),
    '1 record waits, for 4 min; it was left by a process that ended.',
  );
  assert.equal(
    told([
      ['alive', 1],
      ['dead', 1],
    ]),
    '2 records wait, the oldest for 4 min; 1 of them was left by a process that ended.',
  );
  assert.equal(
    told([['dead', 2]]),
    '2 records wait, the oldest for 4 min; 2 of them were left by processes that ended.',
  );
});
