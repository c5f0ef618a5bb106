// Whether a secret shows anywhere: in what a process printed, in its notices, its ledger, its spool.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case.ts';

/** @param printed standard output and standard error of the case's processes */
export function assertSecret(
  c: Case,
  secrets: readonly string[],
  printed: readonly string[],
): void {
  const files = readdirSync(c.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(files.length > 2, 'there is something to look at');
  const texts = [...printed, ...files.map((path) => readFileSync(path, 'latin1'))];
  for (const secret of secrets) {
    for (const text of texts) assert.ok(!text.includes(secret), 'a secret is in an output');
  }
}
