// A preload: writes each address that a process tries to connect to into the file named by CONNECTS, a line each.
// Sockets by path are not of the network.

import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const path = process.env.CONNECTS;
const { connect } = Socket.prototype;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  this.on('connectionAttempt', (ip, port) => {
    if (path !== undefined && port !== undefined) appendFileSync(path, `${ip} ${port}\n`);
  });
  return Reflect.apply(connect, this, args) as Socket;
};
