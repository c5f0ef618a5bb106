// What Loki itself keeps of what it acknowledged, with nothing of ours in between: the share of a loss that is not ours.

import { setTimeout as delay } from 'node:timers/promises';
import type { Audit } from './audit.ts';
import { countQuery, serviceSelector } from './audit.ts';
import type { Loki } from './loki.ts';
import type { Scene } from './scene.ts';

const service = 'alone';
const batch = 100;

/** Posts batch after batch and kills Loki so many times, at moments that have nothing to do with the batches. */
export async function lokiAlone(scene: Scene, kills = 20): Promise<Audit> {
  const loki = await scene.loki();
  const acknowledged: number[] = [];
  let next = 0;
  for (let kill = 0; kill < kills; kill++) {
    const dies = delay(20 + Math.random() * 300).then(() => loki.program.stop('SIGKILL'));
    for (let isUp = true; isUp; next += batch) {
      isUp = await post(loki, next);
      if (isUp) acknowledged.push(next);
    }
    await dies;
    await loki.program.start();
  }
  const found = new Map<number, number>();
  for (const { fields } of await loki.query(serviceSelector(service))) {
    const nr = Number(fields.nr);
    found.set(nr, (found.get(nr) ?? 0) + 1);
  }
  const stored = await loki.count(countQuery(serviceSelector(service)));
  const missing = acknowledged
    .flatMap((first) => Array.from({ length: batch }, (_, i) => first + i))
    .filter((nr) => !found.has(nr));
  return {
    accepted: acknowledged.length * batch,
    found: found.size,
    lost: new Map(missing.length === 0 ? [] : [['p1', missing]]),
    shownTwice: [...found.values()].filter((times) => times > 1).length,
    shownInShards: 0,
    storedTwice: stored - found.size,
    wrong: [],
    disordered: 0,
  };
}

async function post({ url }: Loki, first: number): Promise<boolean> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const logRecords = Array.from({ length: batch }, (_, i) => ({
    timeUnixNano: String(now + BigInt(i)),
    body: { stringValue: `record ${first + i}` },
    attributes: [{ key: 'nr', value: { intValue: String(first + i) } }],
  }));
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  const body = JSON.stringify({
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }],
  });
  try {
    const { status } = await fetch(`${url}/otlp/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(5_000),
    });
    return status === 204;
  } catch {
    return false;
  }
}
