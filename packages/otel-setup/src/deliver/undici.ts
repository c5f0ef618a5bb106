// Loads the HTTP client at the first send: an application that logs nothing pays nothing.

/// <reference path="./undici-parts.d.ts" />

import { Module } from 'node:module';
import type { buildConnector, Client, Pool } from 'undici';

export interface Undici {
  readonly Pool: typeof Pool;
  readonly Client: typeof Client;
  readonly buildConnector: typeof buildConnector;
}

export async function loadUndici(): Promise<Undici> {
  const own = nodesRequire();
  if (own !== undefined) {
    return {
      Pool: own('undici/lib/dispatcher/pool.js'),
      Client: own('undici/lib/dispatcher/client.js'),
      buildConnector: own('undici/lib/core/connect.js'),
    };
  }
  const [pool, client, connect] = await Promise.all([
    import('undici/lib/dispatcher/pool.js'),
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/core/connect.js'),
  ]);
  return { Pool: pool.default, Client: client.default, buildConnector: connect.default };
}

/**
 * Node's own `require` where a test runner puts its own in that place: Jest's `Module` is derived from Node's. What it
 * loads after the test file's end fails the whole run, and both the first send and undici load later than that.
 */
function nodesRequire(): NodeJS.Require | undefined {
  const nodes: unknown = Object.getPrototypeOf(Module);
  if (!isModule(nodes) || typeof __filename !== 'string') return undefined;
  const own = nodes.createRequire(__filename);
  try {
    own.resolve('undici/lib/core/connect.js');
    return own;
  } catch {
    // In a bundle it is in the same file, and cannot be found from there.
    return undefined;
  }
}

function isModule(value: unknown): value is typeof Module {
  return typeof value === 'function' && 'createRequire' in value;
}
