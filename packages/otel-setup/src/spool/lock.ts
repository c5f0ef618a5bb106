// A directory's lock: a Unix socket inside it. Whoever can connect knows that its owner lives, from any
// network or pid namespace; a refusal comes the moment the owner is dead, SIGKILL included.

import { constants } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import type { Clock, FileSystem } from '../world.ts';
import { lockName } from './layout.ts';
import { isCode } from './segment-file.ts';

const probeTimeoutMs = 5_000;
// sun_path holds 108 bytes with the closing zero on Linux, 104 elsewhere. Node 20 and 22 cut a longer
// path in silence and would bind somewhere else.
const maxPathBytes = process.platform === 'linux' ? 107 : 103;

export interface Lock {
  /** Lets go; the socket's file goes with the directory. */
  release(): void;
}

interface Address {
  readonly path: string;
  /** To be closed once the address is no longer used. */
  readonly fd: number | undefined;
}

function addressOf(fs: FileSystem, directory: string): Address {
  const path = `${directory}/${lockName}`;
  if (Buffer.byteLength(path) <= maxPathBytes) return { path, fd: undefined };
  if (process.platform !== 'linux') {
    throw new Error(`The path of its lock is longer than ${maxPathBytes} bytes.`);
  }
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  const fd = fs.openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  return { path: `/proc/self/fd/${fd}/${lockName}`, fd };
}

/** Binds and listens before it returns, or throws. The lock moves along when the directory is renamed. */
export function bindLock(fs: FileSystem, directory: string): Lock {
  const address = addressOf(fs, directory);
  const server = createServer((socket) => socket.destroy());
  server.on('error', () => {
    // Told at once below: the file is missing then.
  });
  try {
    // `exclusive`: otherwise a cluster's primary binds for its workers, and two of them "hold" one lock.
    server.listen({ path: address.path, exclusive: true });
    server.unref();
    const file = `${directory}/${lockName}`;
    if (!server.listening || !fs.lstatSync(file).isSocket()) {
      // What the server fails of is told in a later turn. For want of descriptors this throws the reason.
      fs.closeSync(fs.openSync(directory, constants.O_RDONLY));
      throw new Error('Its file system takes no sockets.');
    }
    fs.chmodSync(file, 0o600);
  } catch (error) {
    release(fs, server, address);
    throw error;
  }
  return { release: () => release(fs, server, address) };
}

function release(fs: FileSystem, server: Server, address: Address): void {
  // Closing unlinks the path that was bound: through the descriptor as long as that is open, else by the
  // hidden name, which is gone by then.
  server.close();
  if (address.fd !== undefined) fs.closeSync(address.fd);
}

/** `dead` where the connection is refused or there is nothing to connect to; `unclear` where this user may not ask. */
export function askLock(
  fs: FileSystem,
  clock: Clock,
  directory: string,
): Promise<'alive' | 'dead' | 'unclear'> {
  return new Promise((resolve) => {
    let address: Address;
    try {
      address = addressOf(fs, directory);
    } catch (error) {
      resolve(isCode(error, 'ENOENT', 'ENOTDIR') ? 'dead' : withoutAnswer(error));
      return;
    }
    const socket = connect({ path: address.path });
    const timer = clock.setTimeout(() => settle('alive'), probeTimeoutMs);
    timer.unref();
    let isSettled = false;
    function settle(state: 'alive' | 'dead' | 'unclear'): void {
      if (isSettled) return;
      isSettled = true;
      clock.clearTimeout(timer);
      socket.destroy();
      if (address.fd !== undefined) fs.closeSync(address.fd);
      resolve(state);
    }
    socket.on('connect', () => settle('alive'));
    // EAGAIN (a full backlog) and everything else that is unclear counts as alive.
    socket.on('error', (error) =>
      settle(isCode(error, 'ECONNREFUSED', 'ENOENT') ? 'dead' : withoutAnswer(error)),
    );
    socket.unref();
  });
}

function withoutAnswer(error: unknown): 'alive' | 'unclear' {
  return isCode(error, 'EACCES', 'EPERM') ? 'unclear' : 'alive';
}
