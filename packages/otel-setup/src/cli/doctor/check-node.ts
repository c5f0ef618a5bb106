// The one thing that must be right before anything else is loaded.

import { type Finding, good, wrong } from './finding.ts';
import { isAtLeast } from './installed.ts';

const least = '22.15.0';

export function checkNode(version: string): Finding {
  if (isAtLeast(version, least)) return good('node', `Node ${version}.`);
  return wrong('node', {
    code: 'OTEL_SETUP_NODE_VERSION',
    message: `Node ${version} is too old for otel-setup and for OpenTelemetry JS 3.`,
    fix: `Use Node ${least} or newer.`,
    paste: ['nvm install 24'],
  });
}
