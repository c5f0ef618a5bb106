// What reading the configuration brought to light.

import type { Notice } from '../../errors.ts';
import { exampleOf } from '../env/examples.ts';
import type { Examination } from './examination.ts';
import { type Finding, good, type Remedy, warning, wrong } from './finding.ts';
import { shownUrl } from './settings.ts';

const aboutUrl: ReadonlySet<string> = new Set(['OTEL_SETUP_ENDPOINT_REPAIRED']);

export function checkConfiguration(examination: Examination): Finding[] {
  const { config } = examination;
  const problems = config.problems.map((message) =>
    wrong('configuration', remedyOf('OTEL_SETUP_CONFIG', message)),
  );
  const notices = config.notices
    .filter(({ code }) => code !== 'OTEL_SETUP_CONFIG')
    .map((notice) => judged(notice));
  const found = [...problems, ...notices];
  const isQuiet = found.every(({ state }) => state === 'good');
  return [
    ...(isQuiet ? [good('configuration', 'Every setting is read as it was written.')] : []),
    ...found,
    ...checkRoute(examination),
    ...checkLevel(examination),
  ];
}

function judged({ code, level, message }: Notice): Finding {
  const check = aboutUrl.has(code) ? 'url' : 'configuration';
  if (level === 'error') return wrong(check, { code, message });
  if (level === 'warn') return warning(check, remedyOf(code, message));
  return { check, state: 'good', code, message };
}

/** The settings that a sentence names, as lines to paste. */
function remedyOf(code: Remedy['code'], message: string): Remedy {
  const names = new Set(message.match(/\b(?:LOG|GRAFANA|ALLOY|OTEL|LOKI)_[A-Z_]+\b/g));
  const paste = [...names].flatMap((name) => exampleOf(name) ?? []);
  return paste.length === 0 ? { code, message } : { code, message, paste };
}

function checkRoute({ config }: Examination): Finding[] {
  const { endpoint, problems, route, routeReason } = config;
  if (endpoint !== undefined) return [good('url', shownUrl(endpoint.url))];
  if (route !== 'none' || problems.length > 0) return [];
  const isUnset = routeReason === 'no route and no endpoint is set';
  const message = `Nothing is sent: ${routeReason}. Logs stay on the console.`;
  return [
    warning('configuration', {
      code: 'OTEL_SETUP_NO_ROUTE',
      message,
      fix: isUnset
        ? 'Choose a route, and see what it needs: otel-setup env --route direct (or alloy).'
        : 'Take that setting away if logs are to be sent.',
      paste: isUnset
        ? ['otel-setup env --route direct > .env']
        : [`unset ${/^[A-Z_]+/.exec(routeReason)?.[0] ?? 'LOG_ROUTE'}`],
    }),
  ];
}

function checkLevel({ config }: Examination): Finding[] {
  const { level } = config.logger;
  if (level !== 'error' && level !== 'warn') return [good('level', `${level} and above are sent.`)];
  return [
    warning('level', {
      code: 'OTEL_SETUP_LEVEL',
      message: `LOG_LEVEL=${level}: logger.info() and everything below ${level} reach neither console nor Grafana.`,
      fix: 'Lower it if more is wanted.',
      paste: ['LOG_LEVEL=info'],
    }),
  ];
}
