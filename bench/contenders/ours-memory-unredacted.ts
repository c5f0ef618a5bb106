// otel-setup with LOG_DURABILITY=memory and init({ redaction: false }).

import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './ours.ts';

export function setup(setting: Setting): Contender {
  return setupWith('memory', setting, { redaction: false });
}
