import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { inspectSegments } from '../../spool/inspect-segments.ts';
import { command, leaveSpool, placeIn, startLogging, temporaryFolder } from './harness.test.ts';

interface Server {
  readonly env: Readonly<Record<string, string>>;
  readonly bodies: Buffer[];
  readonly headers: (string | undefined)[];
}

async function startServer(t: TestContext, status: number): Promise<Server> {
  const bodies: Buffer[] = [];
  const headers: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    headers.push(request.headers.authorization);
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (status === 204) bodies.push(Buffer.concat(parts));
      response.writeHead(status).end(status === 204 ? undefined : 'the token s3cr3t is wrong');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const env = {
    ALLOY_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    ALLOY_OTLP_HEADERS: 'Authorization=Bearer s3cr3t',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
  };
  return { env, bodies, headers };
}

function storedIn(path: string): Buffer[] {
  return [...inspectSegments(fs, path, false)].flatMap(({ image }) =>
    Array.from({ length: image.count }, (_, at) =>
      Buffer.from(image.buffer.subarray(image.starts[at], image.ends[at])),
    ),
  );
}

it('replay sends a copied spool byte for byte under its own resource, and leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  const stored = storedIn(await leaveSpool(t, folder, 500));
  assert.equal(stored.length, 500);
  fs.cpSync(join(folder, 'spool'), join(folder, 'copy'), {
    recursive: true,
    // A socket is not copied by scp or tar either.
    filter: (path) => basename(path) !== 'lock',
  });
  const server = await startServer(t, 204);
  const args = ['spool', 'replay', '--route', 'alloy', '--dir', join(folder, 'copy')];
  const { code, stderr, stdout } = await command(folder, args, server.env);
  assert.equal(stdout, '500 records found, 500 handed to Alloy.\n', stderr);
  assert.equal(code, 0);
  const sent = Buffer.concat(server.bodies);
  let at = 0;
  for (const record of stored) {
    at = sent.indexOf(record, at);
    assert.ok(at >= 0, 'a record is missing, altered or out of order');
    at += record.length;
  }
  assert.ok(sent.includes('shop'));
  assert.equal(server.headers[0], 'Bearer s3cr3t');
  const files = fs.readdirSync(join(folder, 'copy'), { recursive: true }).map(String);
  assert.deepEqual(
    files.filter((name) => name.endsWith('.seg')),
    [],
  );
  const again = await command(folder, args, server.env);
  assert.match(again.stderr, /Nothing to replay/);
});

it('replay stops at a server that refuses, keeps every record, prints no secret', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 30);
  const server = await startServer(t, 401);
  const { code, stderr, stdout } = await command(
    folder,
    ['spool', 'replay', '--route', 'alloy'],
    server.env,
  );
  assert.equal(code, 1);
  assert.match(stdout, /30 records found, 0 handed to Alloy, 30 left/);
  assert.match(stderr, /401/);
  assert.doesNotMatch(stdout + stderr, /s3cr3t/);
  assert.equal(storedIn(dead).length, 30);
});

it('neither replay nor purge touches the directory of a living process', async (t) => {
  const folder = temporaryFolder(t);
  await startLogging(t, folder, 10);
  const [id = ''] = fs.readdirSync(placeIn(folder));
  const path = join(placeIn(folder), id);
  const inode = fs.statSync(path).ino;
  const server = await startServer(t, 204);
  const replay = await command(folder, ['spool', 'replay', '--route', 'alloy'], server.env);
  assert.match(replay.stderr, new RegExp(`${id}: its process is alive`));
  assert.equal(server.bodies.length, 0);
  const named = await command(folder, ['spool', 'purge', id, '--yes']);
  assert.equal(named.code, 1);
  assert.match(named.stderr, /living process/);
  const all = await command(folder, ['spool', 'purge', '--all-dead', '--yes']);
  assert.match(all.stderr, /Nothing to remove/);
  assert.equal(fs.statSync(path).ino, inode);
  assert.equal(storedIn(path).length, 10);
});

it('purge asks for consent, then removes what it said', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 40);
  const id = basename(dead);
  const asked = await command(folder, ['spool', 'purge', id]);
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /40 records.*--yes/s);
  assert.equal(storedIn(dead).length, 40);
  const removed = await command(folder, ['spool', 'purge', id, '--yes']);
  assert.equal(removed.code, 0);
  assert.match(removed.stdout, new RegExp(`^removed ${id} of shop: 40 records`));
  assert.deepEqual(fs.readdirSync(placeIn(folder)), []);
});

it('replay without a route says what to set', async (t) => {
  const folder = temporaryFolder(t);
  await leaveSpool(t, folder, 1);
  const { code, stderr } = await command(folder, ['spool', 'replay']);
  assert.equal(code, 1);
  assert.match(stderr, /--route direct or alloy/);
});
