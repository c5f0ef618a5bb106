// A name server on a free port for the look-up's tests. Holds no tests itself.

import { createSocket } from 'node:dgram';
import { promises } from 'node:dns';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { AddressResolver } from './lookup.ts';

/** Addresses of one family; `unknown`: no such name; `failed`: the server's own fault. */
export type Reply = readonly string[] | 'unknown' | 'failed' | 'silence';

export interface NameServer {
  /** Each name that was asked for, once a family. */
  readonly asked: string[];
  /** Resolves when so many questions have come. */
  heard(count: number): Promise<void>;
  createResolver(times: { timeout: number; tries: number }): AddressResolver;
}

export async function startNameServer(
  context: TestContext,
  reply: (name: string, family: 4 | 6) => Reply,
): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const { name, end } = readName(question);
    const family = question.readUInt16BE(end) === 28 ? 6 : 4;
    asked.push(name);
    const given = reply(name, family);
    if (given !== 'silence') socket.send(answerTo(question, end + 4, given), from.port);
    socket.emit('heard');
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  context.after(() => socket.close());
  const { port } = socket.address() as AddressInfo;
  return {
    asked,
    async heard(count) {
      while (asked.length < count) await once(socket, 'heard');
    },
    createResolver(times) {
      const resolver = new promises.Resolver(times);
      resolver.setServers([`127.0.0.1:${port}`]);
      return resolver;
    },
  };
}

function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function answerTo(question: Buffer, end: number, reply: Exclude<Reply, 'silence'>): Buffer {
  const head = Buffer.from(question.subarray(0, end));
  const found = typeof reply === 'string' ? [] : reply;
  const code = reply === 'unknown' ? 3 : reply === 'failed' ? 2 : 0;
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(found.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...found.map(recordOf)]);
}

/** It points back to the question's name, and may be kept for a minute. */
function recordOf(address: string): Buffer {
  const data = address.includes(':') ? v6Of(address) : Buffer.from(address.split('.').map(Number));
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(data.length === 16 ? 28 : 1, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function v6Of(address: string): Buffer {
  const [left = [], right = []] = address
    .split('::')
    .map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
