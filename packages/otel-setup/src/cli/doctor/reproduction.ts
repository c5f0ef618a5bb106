// The doctor's empty request as a command, to be repeated and shown to whoever runs the server.

import { quoted } from '../quoted.ts';
import type { RouteExamination } from './examination.ts';
import { publicUrl } from './own-url.ts';

/** It stores nothing. */
export function askAgain({ endpoint, env }: RouteExamination): string {
  const given = Object.keys(endpoint.headers).map((name) =>
    name === 'authorization' ? `-u ${user(env)}` : `-H ${quoted(`${name}: <value>`)}`,
  );
  const type = "-H 'Content-Type: application/x-protobuf'";
  return ['curl', '-i', '--data', "''", type, ...given, publicUrl(new URL(endpoint.url))].join(' ');
}

/** By the variables, where the shell has them. */
function user(env: RouteExamination['env']): string {
  const names = ['GRAFANA_CLOUD_INSTANCE_ID', 'GRAFANA_CLOUD_API_KEY'];
  const areHere = names.every((name) => env.has(name) && process.env[name] !== undefined);
  return areHere ? `"${names.map((name) => `$${name}`).join(':')}"` : "'<user>:<token>'";
}
