// Where records would wait: can it be written, and how long does it last.

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { spanOf } from '../../health/words.ts';
import { freeInodes } from '../../spool/inodes.ts';
import { asSentences, prepareDirectory } from '../../spool/root.ts';
import { survival } from '../../start-line.ts';
import type { FileSystem } from '../../world.ts';
import { quoted } from '../quoted.ts';
import { bytesOf, printable } from '../text.ts';
import { backlog, leftBehind, surveyRoot } from './check-backlog.ts';
import type { Examination } from './examination.ts';
import { type Finding, good, skipped, wrong } from './finding.ts';
import { setting } from './paste.ts';
import { within } from './within.ts';

const probeBytes = 64 * 1024;
const gibibyte = 1024 ** 3;
/** A process's directory takes seven at most, each MiB of records one more. */
const fewInodes = 16;

type Root = Examination['config']['spool']['roots'][number];

export async function checkSpool(examination: Examination): Promise<Finding[]> {
  const { stepMs, world } = examination;
  const quiet = quietLine(examination);
  const { problems, root } = findRoot(examination);
  if (root === undefined) return [quiet ?? noPlace(problems, examination)];
  const found = await within(world.clock, stepMs, () => surveyRoot(root.path, world));
  const services = found === 'late' ? [] : found;
  if (quiet !== undefined) return [quiet, ...leftBehind(services, examination)];
  return [
    writable(root, examination),
    ...(found === 'late'
      ? [skipped('backlog', `It could not be read within ${spanOf(stepMs)}.`)]
      : backlog(services, examination)),
  ];
}

/** Where nothing is written; what earlier processes wrote may lie there all the same. */
function quietLine({ config }: Examination): Finding | undefined {
  if (config.route === 'none') return skipped('spool', 'Nothing is written while no route is set.');
  return config.spool.durability === 'memory' || config.pipeline === 'reference'
    ? good('spool', 'Nothing is written to disk: what is not delivered yet ends with the process.')
    : undefined;
}

/** The first that the application would take, if it ran as this user. */
function findRoot({ config, world }: Examination): { root?: Root; problems: string[] } {
  const problems: string[] = [];
  for (const root of config.spool.roots) {
    const problem = problemOf(world.fs, root.path);
    if (problem === undefined) return { root, problems };
    problems.push(`${root.path} (${root.from}): ${problem}`);
  }
  return { problems };
}

/** One that is not there yet is not made: it would belong to whoever called this. */
function problemOf(fs: FileSystem, path: string): string | undefined {
  try {
    if (fs.existsSync(path)) {
      prepareDirectory(fs, path);
      fs.accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
      return undefined;
    }
    let above = dirname(path);
    while (!fs.existsSync(above)) above = dirname(above);
    if (!fs.statSync(above).isDirectory()) return `${above} is not a directory.`;
    fs.accessSync(above, constants.W_OK | constants.X_OK);
    return isReadOnly(above) ? `${above} takes no directories.` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** File systems of the kernel: nobody makes a directory there, though root is told it may. */
function isReadOnly(path: string): boolean {
  return /^\/(?:proc|sys)(?:\/|$)/.test(path);
}

function noPlace(problems: readonly string[], examination: Examination): Finding {
  const code = 'OTEL_SETUP_SPOOL_NO_DIRECTORY';
  const told = printable(asSentences(problems));
  const message = `There is no place for the spool. ${told} Records would be kept in memory (8 MiB), and be lost if the process were killed.`;
  if (examination.config.platform.name === 'kubernetes') {
    return wrong('spool', {
      code,
      message,
      fix: 'Mount an emptyDir at /spool, and name a directory below it (deploy/kubernetes has the manifest).',
      paste: ['LOG_SPOOL_DIR=/spool/logs'],
    });
  }
  const path = ownPlace(examination);
  return wrong('spool', {
    code,
    message,
    fix: "Name a directory of this user's own.",
    paste: [`sudo install -d -m 700 -o "$(id -un)" ${path}`, setting('LOG_SPOOL_DIR', path)],
  });
}

/** Where the service's spool would lie by custom. */
function ownPlace({ config }: Examination): string {
  const name = String(config.resource['service.name']).replace(/[^\w.-]+/g, '_');
  return `/var/lib/${name.slice(0, 100)}/spool`;
}

function writable({ from, path }: Root, examination: Examination): Finding {
  const { config, world } = examination;
  const { fs } = world;
  const lasts = survival(config, { mode: 'record', directory: path, rootFrom: from }, fs);
  if (!fs.existsSync(path)) return spaceLine(dirname(path), lasts, examination);
  const probe = `${path}/.doctor-${randomUUID()}`;
  try {
    fs.writeFileSync(probe, Buffer.alloc(probeBytes), { flag: 'wx', mode: 0o600 });
    return spaceLine(path, lasts, examination);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return crowded(path, examination) ?? full(path, message, examination);
    }
    return noPlace([`${path} (${from}): ${message}`], examination);
  } finally {
    fs.rmSync(probe, { force: true });
  }
}

function spaceLine(path: string, lasts: string, examination: Examination): Finding {
  const { fs } = examination.world;
  let at = path;
  while (!fs.existsSync(at)) at = dirname(at);
  const { bavail, blocks, bsize } = fs.statfsSync(at);
  const free = bavail * bsize;
  // The floor of the spool: below it only errors are still written.
  if (free < Math.min(gibibyte, blocks * bsize * 0.05))
    return full(at, `${bytesOf(free)} are free`, examination);
  return crowded(at, examination) ?? good('spool', `${lasts} ${bytesOf(free)} are free.`);
}

function full(path: string, why: string, examination: Examination): Finding {
  return wrong('space', {
    code: 'OTEL_SETUP_SPOOL_DISK_FULL',
    message: `The disk below ${path} is full or nearly so (${why}): only records of level error and above are written to it, as long as it has room.`,
    fix: 'Free some space, or name a directory on another disk.',
    paste: [`df -h ${quoted(path)}`, setting('LOG_SPOOL_DIR', ownPlace(examination))],
  });
}

function crowded(path: string, examination: Examination): Finding | undefined {
  const inodes = freeInodes(examination.world.fs, path);
  if (inodes >= fewInodes) return undefined;
  return wrong('space', {
    code: 'OTEL_SETUP_SPOOL_DISK_FULL',
    message: `The file system below ${path} takes ${inodes === 0 ? 'no' : `only ${inodes}`} more files, whatever space is free: its inodes are used up. Records that find no file are kept in memory (8 MiB), and are lost if the process is killed.`,
    fix: 'Remove files there, or name a directory on another disk.',
    paste: [`df -i ${quoted(path)}`, setting('LOG_SPOOL_DIR', ownPlace(examination))],
  });
}
