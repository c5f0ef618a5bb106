// pino-loki with its default settings: JSON, a batch every 5 s, at most 10,000 records waiting.

import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './pino.ts';

export function setup({ endpoint }: Setting): Contender {
  return setupWith('pino-loki', { host: endpoint, labels: { service_name: 'bench' } });
}
