// What lies in the spool now. Takes nothing over.

import { countOf, spanOf } from '../../health/words.ts';
import { findPlaces } from '../../spool/inspect.ts';
import { serviceKey } from '../../spool/layout.ts';
import type { World } from '../../world.ts';
import { quarantineOf, recordsOf } from '../spool/describe.ts';
import { type ServiceSurvey, surveyService } from '../spool/survey.ts';
import { printable } from '../text.ts';
import type { Examination } from './examination.ts';
import { type Finding, good, warning } from './finding.ts';
import { command } from './paste.ts';

const staleMs = 10 * 60_000;

export async function surveyRoot(path: string, { clock, fs }: World): Promise<ServiceSurvey[]> {
  if (!fs.existsSync(path)) return [];
  const places = await findPlaces(fs, clock, path);
  return places.map((place) => surveyService(fs, place));
}

export function backlog(services: readonly ServiceSurvey[], examination: Examination): Finding[] {
  const own = ownOf(services, examination);
  const others = services.filter((service) => service !== own);
  const waiting = others.reduce((sum, one) => sum + pendingOf(one), 0);
  const beside = waiting === 0 ? '' : ` Other services: ${recordsOf(waiting)}.`;
  return [ownBacklog(own, beside, examination), ...quarantined(own, examination)];
}

/** Of this service's ended processes, where nothing sends it. */
export function leftBehind(
  services: readonly ServiceSurvey[],
  examination: Examination,
): Finding[] {
  const own = ownOf(services, examination);
  const pending = own === undefined ? 0 : deadOf(own);
  const left = pending === 0 ? [] : [unsent(own, pending, examination)];
  return [...left, ...quarantined(own, examination)];
}

function unsent(
  own: ServiceSurvey | undefined,
  pending: number,
  examination: Examination,
): Finding {
  const { route, routeReason } = examination.config;
  const named = own?.directories.find((one) => one.route === 'direct' || one.route === 'alloy');
  const way = route === 'none' ? ` --route ${named?.route ?? 'direct'}` : '';
  // It would keep the command from sending as well.
  const before = routeReason === 'OTEL_SDK_DISABLED=true' ? 'OTEL_SDK_DISABLED=false ' : '';
  const [wait, stay] =
    pending === 1 ? ['an earlier process waits', 'stays'] : ['earlier processes wait', 'stay'];
  const reason = route === 'none' ? `nothing is sent (${routeReason})` : 'no disk is used';
  return warning('backlog', {
    code: 'OTEL_SETUP_BACKLOG',
    message: `${recordsOf(pending)} of ${wait} in ${printable(own?.path ?? '')}, and ${stay} there while ${reason}.`,
    fix: 'Send them now, or set the route again: the next start of the service sends what is left.',
    paste: [`${before}${command(`spool replay${way}`, examination)}`],
  });
}

function ownOf(
  services: readonly ServiceSurvey[],
  { config }: Examination,
): ServiceSurvey | undefined {
  const text = (name: string): string => String(config.resource[name] ?? '');
  const key = serviceKey({
    namespace: text('service.namespace'),
    name: text('service.name'),
    environment: text('deployment.environment.name'),
  });
  return services.find((service) => service.key === key);
}

function quarantined(own: ServiceSurvey | undefined, examination: Examination): Finding[] {
  const quarantine = own?.quarantine;
  if (quarantine === undefined || quarantine.records === 0) return [];
  return [
    warning('quarantine', {
      code: 'OTEL_SETUP_QUARANTINE',
      message: `${printable(quarantineOf(quarantine))}. The server refused ${quarantine.records === 1 ? 'it for what it holds' : 'them for what they hold'}.`,
      fix: 'See why, and mend what is logged; then remove them.',
      paste: [
        command('spool export --quarantine', examination),
        command('spool purge --quarantine', examination),
      ],
    }),
  ];
}

function ownBacklog(
  own: ServiceSurvey | undefined,
  beside: string,
  examination: Examination,
): Finding {
  const nowMs = examination.world.clock.now();
  const directories = own?.directories ?? [];
  const pending = own === undefined ? 0 : pendingOf(own);
  if (pending === 0) return good('backlog', `Nothing waits.${beside}`);
  const left = own === undefined ? 0 : deadOf(own);
  const oldest = Math.min(...directories.map(({ oldestMs }) => oldestMs ?? nowMs));
  const message = `${recordsOf(pending)} ${pending === 1 ? 'waits,' : 'wait, the oldest'} for ${spanOf(nowMs - oldest)}${leftOf(left, pending)}.${beside}`;
  if (left === 0 && nowMs - oldest < staleMs) return good('backlog', message);
  return warning('backlog', {
    code: 'OTEL_SETUP_BACKLOG',
    message,
    fix:
      left > 0
        ? 'The next start of the service sends what is left; or send it now.'
        : 'The process that has them cannot send: its notices say why, and so may the lines above.',
    paste: [command(left > 0 ? 'spool replay' : 'spool list', examination)],
  });
}

function leftOf(left: number, pending: number): string {
  if (pending === 1) return left === 1 ? '; it was left by a process that ended' : '';
  const by = left === 1 ? 'was left by a process' : 'were left by processes';
  return `; ${countOf(left)} of them ${by} that ended`;
}

/** What no living process sends. */
function deadOf({ directories }: ServiceSurvey): number {
  const dead = directories.filter(({ state }) => state === 'dead');
  return dead.reduce((sum, { records }) => sum + records, 0);
}

function pendingOf({ directories }: ServiceSurvey): number {
  return directories.reduce((sum, { records }) => sum + records, 0);
}
