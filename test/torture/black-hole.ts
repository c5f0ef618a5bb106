// An address whose connections are never made: a listener whose queue is full, so that each further SYN is dropped.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Case } from './case.ts';

// Stopped, it accepts nothing; so small a queue is full with the first connections (0 would mean 511 to Node).
const program = `
const server = require('node:net').createServer();
server.listen({ host: process.argv[1], port: Number(process.argv[2]), backlog: 1 }, () => {
  process.stdout.write(String(server.address().port));
});`;
const openMs = 300;
const mostFillers = 20;

/** Its port; it is gone when the test is over. */
export async function openBlackHole(c: Case, host: string, port = 0): Promise<number> {
  const child = spawn(process.execPath, ['-e', program, host, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const fillers: Socket[] = [];
  c.t.after(() => {
    child.kill('SIGKILL');
    for (const socket of fillers) socket.destroy();
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const bound = Number(said.toString());
  child.kill('SIGSTOP');
  for (let count = 0; count < mostFillers; count++) {
    const socket = connect(bound, host);
    socket.on('error', () => socket.destroy());
    fillers.push(socket);
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      wait(openMs).then(() => false),
    ]);
    if (!isOpen) return bound;
  }
  throw new Error('the queue of the listener does not fill');
}
