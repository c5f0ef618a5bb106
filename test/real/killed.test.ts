// The real Loki and the real Alloy are killed and started again under load: every record is found by a log query, once.
// `npm run real` is the long form, with outages of a minute and figures.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missing } from './programs.ts';
import {
  answersLost,
  gatewaysKilled,
  lokiKilled,
  processKilled,
  routeSwitched,
  type Scenario,
  smallKilled,
} from './scenarios.ts';
import { Scene } from './scene.ts';

const scale = { rate: 1_000, calm: 500, outage: 2_000, stillMs: 20_000 };

function finds(what: string, scenario: Scenario, ...programs: ('loki' | 'alloy')[]): void {
  it(`${what} are found, each once and in order`, { skip: missing(...programs) }, async (t) => {
    const scene = new Scene(scale);
    t.after(() => scene.close());
    const audit = await scenario(scene);
    const { found, accepted, lost, wrong, shownTwice, disordered } = audit;
    const notices = scene.loads.map(({ said }) => said).join('');
    assert.deepEqual(Object.fromEntries(lost), {}, notices);
    assert.deepEqual(
      { wrong, shownTwice, disordered },
      { wrong: [], shownTwice: 0, disordered: 0 },
    );
    assert.ok(found >= accepted && accepted > scale.outage, notices);
    t.diagnostic(
      `${accepted} accepted; copies: ${audit.storedTwice} stored, ${audit.shownInShards} shown by Loki's shards`,
    );
  });
}

describe('records logged while programs die', { concurrency: 2 }, () => {
  finds('those sent to a Loki that is killed twice', lokiKilled(), 'loki');
  finds('those sent again because answers were lost', answersLost('in one stream'), 'loki');
  finds('those behind the Alloy of deploy/alloy/small.alloy', smallKilled, 'loki', 'alloy');
  finds('those behind two Alloys of deploy/alloy/gateway.alloy', gatewaysKilled, 'loki', 'alloy');
  finds('those of two switches of the route', routeSwitched, 'loki', 'alloy');
  finds('those of a process that is killed too', processKilled, 'loki');
});
