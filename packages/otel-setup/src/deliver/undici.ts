// Loads the HTTP client at the first send: an application that logs nothing pays nothing.

/// <reference path="./undici-parts.d.ts" />

import type { buildConnector, Client, Pool } from 'undici';

export interface Undici {
  readonly Pool: typeof Pool;
  readonly Client: typeof Client;
  readonly buildConnector: typeof buildConnector;
}

export async function loadUndici(): Promise<Undici> {
  const [pool, client, connect] = await Promise.all([
    import('undici/lib/dispatcher/pool.js'),
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/core/connect.js'),
  ]);
  return { Pool: pool.default, Client: client.default, buildConnector: connect.default };
}
