// What reading the configuration brought to light.

import type { Notice } from '../../errors.ts';
import { configurationFix, configurationPaste } from './configuration-paste.ts';
import type { Examination } from './examination.ts';
import { type Check, type Finding, good, type Remedy, warning, wrong } from './finding.ts';
import { removal, variablesFile } from './paste.ts';
import { shownUrl } from './settings.ts';

/** Silent on purpose: nothing an application should be warned of, but the very thing a doctor is asked about. */
const silent: ReadonlySet<string> = new Set(['OTEL_SETUP_DISABLED', 'OTEL_SETUP_LEVEL']);

const checkOf: Readonly<Record<string, Check>> = {
  OTEL_SETUP_ENDPOINT_REPAIRED: 'url',
  OTEL_SETUP_LEVEL: 'level',
};

export function checkConfiguration(examination: Examination): Finding[] {
  const { config } = examination;
  const problems = config.problems.map((message) =>
    wrong('configuration', remedyOf('OTEL_SETUP_CONFIG', message, examination)),
  );
  const notices = config.notices
    .filter(({ code }) => code !== 'OTEL_SETUP_CONFIG')
    .map((notice) => judged(notice, examination));
  const found = [...problems, ...notices];
  const isQuiet = found.every(({ state }) => state === 'good');
  return [
    ...(isQuiet ? [good('configuration', 'Every setting is read as it was written.')] : []),
    ...found,
    ...checkRoute(examination),
  ];
}

function judged({ code, level, message }: Notice, examination: Examination): Finding {
  const check = checkOf[code] ?? 'configuration';
  if (level === 'error') return wrong(check, { code, message });
  if (level === 'warn' || silent.has(code))
    return warning(check, remedyOf(code, message, examination));
  return { check, state: 'good', code, message };
}

function remedyOf(code: Remedy['code'], message: string, examination: Examination): Remedy {
  const fix = configurationFix(message);
  const paste = configurationPaste(message, examination);
  return { code, message, ...(fix && { fix }), ...(paste.length > 0 && { paste }) };
}

function isDisabled({ code }: Notice): boolean {
  return code === 'OTEL_SETUP_DISABLED';
}

function checkRoute(examination: Examination): Finding[] {
  const { endpoint, notices, problems, route, routeReason } = examination.config;
  if (endpoint !== undefined) return [good('url', shownUrl(endpoint.url))];
  if (route !== 'none' || problems.length > 0 || notices.some(isDisabled)) return [];
  const isUnset = routeReason === 'no route and no endpoint is set';
  const message = `Nothing is sent: ${routeReason}. Logs stay on the console.`;
  return [
    warning('configuration', {
      code: 'OTEL_SETUP_NO_ROUTE',
      message,
      fix: isUnset
        ? 'Choose a route, and see what it needs: npx otel-setup env --route direct (or alloy).'
        : 'Take that setting away if logs are to be sent.',
      paste: isUnset
        ? [`npx otel-setup env --route direct >> ${variablesFile(examination)}`]
        : [removal(/^[A-Z_]+/.exec(routeReason)?.[0] ?? 'LOG_ROUTE', examination)],
    }),
  ];
}
