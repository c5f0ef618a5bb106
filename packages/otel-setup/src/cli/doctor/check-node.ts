// The one thing that must be right before anything else is loaded.

import { isAtLeast, leastNode } from '../../node-version.ts';
import { type Finding, good, wrong } from './finding.ts';

export function checkNode(version: string): Finding {
  if (isAtLeast(version, leastNode)) return good('node', `Node ${version}.`);
  return wrong('node', {
    code: 'OTEL_SETUP_NODE_VERSION',
    message: `Node ${version} is too old for otel-setup and for OpenTelemetry JS 3.`,
    fix: `Use Node ${leastNode} or newer.`,
    paste: ['nvm install 24'],
  });
}
