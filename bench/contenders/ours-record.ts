// otel-setup with LOG_DURABILITY=record.

import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './ours.ts';

export function setup(setting: Setting): Contender {
  return setupWith('record', setting);
}
