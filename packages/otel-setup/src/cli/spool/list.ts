// `otel-setup spool list`: every service and directory below the root.

import { hostname } from 'node:os';
import { countOf } from '../../health/words.ts';
import type { World } from '../../world.ts';
import type { Terminal } from '../terminal.ts';
import { bytesOf, printable, table } from '../text.ts';
import {
  ageOf,
  damageOf,
  quarantineOf,
  recordsOf,
  routeOf,
  serviceTitle,
  stateOf,
} from './describe.ts';
import { findRoots, lookedIn, type Root, type Where } from './places.ts';
import { isDamaged, type ServiceSurvey, surveyService } from './survey.ts';

export interface ListOptions {
  readonly where: Where;
  readonly json: boolean;
}

const columns = ['left', 'left', 'left', 'right', 'right', 'right'] as const;
const titles = ['ID', 'PROCESS', 'ROUTE', 'RECORDS', 'SIZE', 'OLDEST'];

export async function listSpool(
  options: ListOptions,
  terminal: Terminal,
  world: World,
): Promise<number> {
  const roots = await findRoots(world, options.where);
  const surveyed = roots.map((root) => ({ root, services: surveyRoot(root, world) }));
  if (options.json) {
    const result = surveyed.map(({ root: { path, from }, services }) => ({ path, from, services }));
    await terminal.out(`${JSON.stringify({ roots: result }, undefined, 2)}\n`);
    return 0;
  }
  const isEmpty = surveyed.every(({ services }) => services.length === 0);
  if (isEmpty) {
    await terminal.out(
      `Nothing lies in ${printable(lookedIn(options.where))}.\nElsewhere? Name it: npx otel-setup spool list --dir <directory>\n`,
    );
    return 0;
  }
  for (const { root, services } of surveyed) {
    if (services.length === 0) continue;
    await terminal.out(`${printable(root.path)} (${root.from})\n`);
    for (const service of services) await showService(service, terminal, world.clock.now());
  }
  const services = surveyed.flatMap((one) => one.services);
  await terminal.out(`\n${totalOf(services, options.where)}\n`);
  return 0;
}

function surveyRoot({ places }: Root, { fs }: World): ServiceSurvey[] {
  return places
    .map((place) => surveyService(fs, place))
    .filter(({ directories, quarantine }) => directories.length > 0 || quarantine !== undefined);
}

async function showService(service: ServiceSurvey, terminal: Terminal, now: number): Promise<void> {
  await terminal.out(`\n${terminal.paint(serviceTitle(service), '1')}\n`);
  const here = hostname();
  const rows = service.directories.map((one) => [
    one.id,
    stateOf(one, terminal, here),
    routeOf(one),
    countOf(one.records),
    bytesOf(one.bytes),
    ageOf(one.oldestMs, now),
  ]);
  const lines = rows.length === 0 ? [] : table([titles, ...rows], columns);
  const [heading, ...body] = lines;
  if (heading !== undefined) await terminal.out(`  ${terminal.paint(heading, '2')}\n`);
  for (const [index, line] of body.entries()) {
    await terminal.out(`  ${line}\n`);
    const { damage, id } = service.directories[index] ?? {};
    if (damage !== undefined && isDamaged(damage)) {
      await terminal.out(`  ${terminal.paint(`${id} is damaged: ${damageOf(damage)}`, '31')}\n`);
    }
  }
  if (service.quarantine === undefined) return;
  await terminal.out(`  quarantine: ${printable(quarantineOf(service.quarantine))}\n`);
}

function totalOf(services: readonly ServiceSurvey[], { again }: Where): string {
  const directories = services.flatMap((service) => service.directories);
  const dead = directories.filter(({ state }) => state === 'dead');
  const sum = (of: readonly { records: number }[]): number =>
    of.reduce((total, { records }) => total + records, 0);
  const unknown = directories.filter(({ state }) => state === 'unknown');
  if (unknown.length > 0) {
    return `${recordsOf(sum(directories))} waiting. Whether the processes marked unknown live cannot be asked, for their locks are another user's: run this as that user, or as root.`;
  }
  const [all, left] = [sum(directories), sum(dead)];
  const waiting = `${recordsOf(all)} waiting`;
  if (left === 0)
    return all === 1 ? `${waiting}.` : `${waiting}, 0 of them left by dead processes.`;
  const whose = all === 1 ? '' : `${countOf(left)} of them `;
  const [by, them] = left === 1 ? ['a dead process', 'it'] : ['dead processes', 'them'];
  return `${waiting}, ${whose}left by ${by}: the next start of the service sends ${them}, or npx otel-setup spool replay${again}`;
}
