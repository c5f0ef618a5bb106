// The directory that an id names.

import type { FoundDirectory, Place } from '../../spool/inspect.ts';
import type { Root } from './places.ts';

export interface Named {
  readonly place: Place;
  readonly directory: FoundDirectory;
}

export function allDirectories(roots: readonly Root[]): Named[] {
  return roots.flatMap(({ places }) =>
    places.flatMap((place) => place.directories.map((directory) => ({ place, directory }))),
  );
}

/** Throws when there is none, and says which there are. */
export function findById(roots: readonly Root[], id: string): Named {
  const all = allDirectories(roots);
  const named = all.find(({ directory }) => directory.id === id);
  if (named !== undefined) return named;
  const ids = all.slice(0, 10).map(({ directory }) => directory.id);
  const known = ids.length === 0 ? 'There is none.' : `There are: ${ids.join(', ')}.`;
  throw new Error(
    `No directory has the id ${JSON.stringify(id)}. ${known} See: npx otel-setup spool list`,
  );
}
