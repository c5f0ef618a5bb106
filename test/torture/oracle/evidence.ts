// What the verdicts look at: the obligations, what arrived, what lies on disk, what the processes said.

import { join } from 'node:path';
import { readObligations } from './control-file.ts';
import { inspectSpool, type SpoolImage } from './inspector.ts';
import type { Arrivals } from './journal.ts';
import { parseId } from './payload.ts';
import { type ByWriter, type NoticeLine, readLines, type Sample } from './samples.ts';

export interface Evidence {
  /** Writer to the highest seq whose log call returned. */
  readonly obligations: ReadonlyMap<string, number>;
  readonly arrivals: Arrivals;
  readonly spool: SpoolImage;
  readonly samples: ByWriter<Sample>;
  readonly notices: ByWriter<NoticeLine>;
}

/** Where the processes of a case leave what they have to tell, and their spool. */
export const folders = {
  control: 'control',
  samples: 'samples',
  notices: 'notices',
  spool: 'spool',
} as const;

export function readEvidence(folder: string, arrivals: Arrivals, spoolRoot?: string): Evidence {
  return {
    obligations: readObligations(join(folder, folders.control)),
    arrivals,
    spool: inspectSpool(spoolRoot ?? join(folder, folders.spool)),
    samples: readLines<Sample>(join(folder, folders.samples)),
    notices: readLines<NoticeLine>(join(folder, folders.notices)),
  };
}

/** Ids on disk: still to be delivered, and set aside. */
export function idsOnDisk({ spool }: Evidence): { left: Set<string>; quarantined: Set<string> } {
  const left = new Set<string>();
  const quarantined = new Set<string>();
  for (const { pending } of spool.directories) {
    for (const { id } of pending) if (id !== undefined) left.add(id);
  }
  for (const { id } of spool.quarantined) if (id !== undefined) quarantined.add(id);
  return { left, quarantined };
}

/** Of ids, how many were never stored. */
export function countNew(ids: ReadonlySet<string>, arrivals: Arrivals): number {
  let count = 0;
  for (const id of ids) {
    const parsed = parseId(id);
    if (parsed !== undefined && !arrivals.has(parsed.writer, parsed.seq)) count++;
  }
  return count;
}
