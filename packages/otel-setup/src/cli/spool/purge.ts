// `otel-setup spool purge`: removes records for good, by explicit consent only.

import type { World } from '../../world.ts';
import type { Terminal } from '../terminal.ts';
import { bytesOf, printable } from '../text.ts';
import { quarantineOf, recordsOf, unclearOf } from './describe.ts';
import { allDirectories, findById, type Named } from './find.ts';
import { findRoots, type Root, type Where } from './places.ts';
import { type DirectorySurvey, serviceOf, surveyDirectory, surveyQuarantine } from './survey.ts';
import { noReport, takeOver } from './take-over.ts';

export type PurgeWhat =
  | { readonly type: 'directory'; readonly id: string }
  | { readonly type: 'all-dead' }
  | { readonly type: 'quarantine' };

export interface PurgeOptions {
  readonly where: Where;
  readonly what: PurgeWhat;
  readonly yes: boolean;
}

/** Something to remove, in words. */
interface Doomed {
  readonly words: string;
  /** False when it is a living process's meanwhile, or gone. */
  remove(): Promise<boolean>;
}

export async function purgeSpool(
  { what, where, yes }: PurgeOptions,
  terminal: Terminal,
  world: World,
): Promise<number> {
  const roots = await findRoots(world, where);
  const doomed = await choose(what, roots, terminal, world);
  if (doomed === undefined) return 1;
  const isUnclear =
    what.type === 'all-dead' && allDirectories(roots).some(({ directory }) => directory.isUnclear);
  if (doomed.length === 0) {
    terminal.tell('Nothing to remove.');
    return isUnclear ? 1 : 0;
  }
  const refusal = yes ? undefined : await askFor(doomed, terminal);
  return refusal ?? Math.max(await removeAll(doomed, terminal), isUnclear ? 1 : 0);
}

/** The exit code where consent is not given. */
async function askFor(doomed: readonly Doomed[], terminal: Terminal): Promise<number | undefined> {
  for (const { words } of doomed) terminal.tell(words);
  const answer = terminal.confirm('Remove this for good? Type yes: ');
  if (answer === undefined) {
    terminal.tell('Nothing was removed: it takes --yes, or an answer typed at a terminal.');
    return 2;
  }
  if (await answer) return undefined;
  terminal.tell('Nothing was removed.');
  return 1;
}

async function removeAll(doomed: readonly Doomed[], terminal: Terminal): Promise<number> {
  let isComplete = true;
  for (const one of doomed) {
    const isRemoved = await one.remove();
    isComplete &&= isRemoved;
    if (isRemoved) await terminal.out(`removed ${one.words}\n`);
    else terminal.tell(`left alone, a process has it now: ${one.words}`);
  }
  return isComplete ? 0 : 1;
}

async function choose(
  what: PurgeWhat,
  roots: readonly Root[],
  terminal: Terminal,
  world: World,
): Promise<Doomed[] | undefined> {
  switch (what.type) {
    case 'directory': {
      const named = findById(roots, what.id);
      if (!named.directory.isAlive) return [directoryOf(named, world, true)];
      terminal.tell(
        named.directory.isUnclear
          ? unclearOf(what.id)
          : `${what.id} belongs to a living process; nothing was removed.`,
      );
      return undefined;
    }
    case 'all-dead':
      return (
        allDirectories(roots)
          .filter(({ directory }) => isDead(directory, terminal))
          // From the inside out: each is told and removed by itself.
          .reverse()
          .filter(({ directory }) => {
            if (directory.isForeign) {
              terminal.tell(`${directory.id}: of another release's format; name it to remove it.`);
            }
            return !directory.isForeign;
          })
          .map((named) => directoryOf(named, world, false))
      );
    case 'quarantine':
      return roots.flatMap(({ places }) =>
        places.flatMap(({ quarantine }) =>
          quarantine === undefined ? [] : [quarantineAt(quarantine, world)],
        ),
      );
  }
}

function isDead({ id, isAlive, isUnclear }: Named['directory'], terminal: Terminal): boolean {
  if (isUnclear) terminal.tell(unclearOf(id));
  return !isAlive;
}

/** Taken over first: a service that starts in this moment adopts it whole, or not at all. */
function directoryOf({ directory, place }: Named, world: World, withHeld: boolean): Doomed {
  const service = serviceOf(world.fs, place).name ?? place.key;
  const held = withHeld ? heldBy(directory.id, place.directories) : [];
  const surveys = [directory, ...held].map((one) => surveyDirectory(world.fs, one));
  const sum = (of: (survey: DirectorySurvey) => number): number =>
    surveys.reduce((total, survey) => total + of(survey), 0);
  const words = `${directory.id} of ${service}: ${recordsOf(sum(({ records }) => records))}, ${bytesOf(sum(({ bytes }) => bytes))} (${printable(directory.path)})`;
  return {
    words,
    async remove() {
      const takeover = takeOver(place, world, { route: 'none', origin: '' }, noReport);
      try {
        if (!(await takeover.take(directory.path))) return false;
        takeover.removeAll();
        return true;
      } finally {
        takeover.close();
      }
    },
  };
}

function heldBy(id: string, directories: Named['place']['directories']): Named['directory'][] {
  const held = directories.filter(({ adoptedBy }) => adoptedBy === id);
  return held.flatMap((one) => [one, ...heldBy(one.id, directories)]);
}

function quarantineAt(path: string, { fs }: World): Doomed {
  const words = `quarantine ${printable(path)}: ${printable(quarantineOf(surveyQuarantine(fs, path)))}`;
  return {
    words,
    remove() {
      fs.rmSync(path, { recursive: true, force: true });
      return Promise.resolve(true);
    },
  };
}
