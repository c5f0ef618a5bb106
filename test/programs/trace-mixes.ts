// What may stand beside our transport in a logger, each in a way of its own.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type winston from 'winston';
import type { LoggerOptions } from 'winston';
import Transport from 'winston-transport';

/** A transport whose `log` is the given one. */
function transport(log: (done: (error?: Error) => void) => void): Transport {
  return new Transport({ log: (_info, done) => log(done) });
}

/** By name; `folder` for files, `port` of a server that takes what the Http transport posts. */
export function mixes(
  library: typeof winston,
  folder: string,
  port: number,
): Record<string, LoggerOptions> {
  const { transports, format } = library;
  const rest = { host: '127.0.0.1', port, path: '/logs' };
  return {
    alone: {},
    console: { transports: [new transports.Console({ stderrLevels: ['error'] })] },
    file: { transports: [new transports.File({ filename: join(folder, 'app.log') })] },
    stream: { transports: [new transports.Stream({ stream: new PassThrough() })] },
    http: { transports: [new transports.Http({ ...rest, batch: true, batchInterval: 20 })] },
    'calls back later': { transports: [transport((done) => setImmediate(done))] },
    'calls back in any order': {
      transports: [1, 5, 9].map((ms) => transport((done) => setTimeout(done, ms))),
    },
    'never calls back': { transports: [transport(() => undefined)] },
    'throws always': {
      transports: [
        transport(() => {
          throw new Error('of the transport');
        }),
      ],
    },
    'fails always': { transports: [transport((done) => done(new Error('of the transport')))] },
    'format that copies': {
      transports: [transport((done) => setTimeout(done, 2))],
      format: format((info) => ({ ...info, copied: true }))(),
    },
    'format that drops': {
      transports: [transport((done) => setTimeout(done, 2))],
      format: format((info) => (info.drop === true ? false : info))(),
    },
    'formats of winston': {
      transports: [new transports.File({ filename: join(folder, 'formats.log') })],
      format: format.combine(
        format.errors({ stack: true }),
        format.timestamp(),
        format.label({ label: 'shop' }),
        format.splat(),
        format.json(),
      ),
    },
    'level of its own': {
      transports: [
        Object.assign(
          transport((done) => setImmediate(done)),
          { level: 'error' },
        ),
      ],
    },
  };
}

export async function startSink(): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
