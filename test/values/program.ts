// Runs the code of every case, by otel-setup or by the stock pipeline (the argument), each between two flushes. Prints a
// line of JSON with what the calls threw.

import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import stream from 'node:stream';
import vm from 'node:vm';
import winston from 'winston';
import { groups } from './cases.ts';
import type { Pipeline } from './pipeline.ts';

/** A request as a server sees it, with its answer. */
async function exchange(): Promise<{ req: http.IncomingMessage; res: http.ServerResponse }> {
  return await new Promise((resolve, reject) => {
    const server = http.createServer((req, res) => {
      res.statusCode = 201;
      res.setHeader('location', '/orders/7');
      resolve({ req, res });
      res.once('close', () => server.close());
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const headers = { host: 'shop.example', 'x-request-id': 'r-1', connection: 'close' };
      http.get({ port, path: '/orders/7', headers }).once('error', reject);
    });
  });
}

function fileError(): unknown {
  try {
    return readFileSync('/missing');
  } catch (error) {
    return error;
  }
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const form = new FormData();
form.append('a', '1');
form.append('a', '2');

const name = process.argv[2] === 'stock' ? './stock.ts' : './ours.ts';
const { start } = (await import(name)) as { start: () => Pipeline };
const { logger, loggerProvider, init, flush } = start();
const { req, res } = await exchange();
const scope: Record<string, unknown> = {
  logger,
  loggerProvider,
  init,
  winston,
  ...winston.format,
  crypto,
  stream,
  vm,
  cyclic,
  fileError: fileError(),
  form,
  req,
  res,
  revoked: revokedProxy(),
  /** What winston logs of an Error that nobody caught. */
  uncaught() {
    const info = logger.exceptions.getAllInfo(new RangeError('too far'));
    (logger as unknown as { log(info: object): void }).log({
      ...info,
      level: 'error',
      exception: true,
    });
  },
};
for (const key of [
  'combine',
  'json',
  'simple',
  'printf',
  'timestamp',
  'label',
  'metadata',
  'splat',
  'errors',
  'colorize',
  'uncolorize',
  'padLevels',
  'align',
  'cli',
  'logstash',
  'ms',
] as const) {
  scope[key] = winston.format[key];
}

const marker = loggerProvider.getLogger('case');
const thrown: Record<number, string> = {};
for (const [i, { code }] of groups.flatMap(({ cases }) => cases).entries()) {
  marker.emit({ body: i });
  await flush();
  try {
    new Function(...Object.keys(scope), `'use strict'; { ${code} }`)(...Object.values(scope));
  } catch (error) {
    thrown[i] = error instanceof Error ? error.name : String(error);
  }
  await flush();
}
res.end();
process.stdout.write(`${JSON.stringify(thrown)}\n`, () => process.exit());
