// All kinds of values and calls that docs/values.md shows.

import type { Group } from './case.ts';
import { collections } from './cases/collections.ts';
import { emitted } from './cases/emitted.ts';
import { kinds, places } from './cases/errors.ts';
import { objects } from './cases/objects.ts';
import { plain } from './cases/plain.ts';
import { platform } from './cases/platform.ts';
import { calls, formats, severities } from './cases/winston.ts';

export const groups: readonly Group[] = [
  plain,
  collections,
  objects,
  platform,
  places,
  kinds,
  calls,
  formats,
  severities,
  emitted,
];
