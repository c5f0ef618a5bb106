// otel-setup with its JSON console, which is the default where there is no terminal, and LOG_DURABILITY=record.

import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './ours.ts';

export function setup(setting: Setting): Contender {
  return setupWith('record', setting, {}, 'json');
}
