// The shop as the demo and the smoke test start it: the same service, which also tells its parent, on
// descriptor 3, where it listens and at the very end what its ledger says.

import { writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { init } from 'otel-setup';
import { server } from './shop.ts';

/** The same Telemetry as the shop's: a process has one. */
const telemetry = init();

if (server.listening) tellUrl();
else server.once('listening', tellUrl);

// After the listener of init(), which sends what is still pending.
process.on('exit', () => {
  const { route, accepted, delivered, pending, dropped } = telemetry.stats();
  tell({ type: 'ledger', ledger: { route, accepted, delivered, pending, dropped } });
});

// The parent's end closes the pipe, however it ended; on Windows this is also how it asks us to stop.
process.stdin.on('end', () => process.emit('SIGTERM'));
process.stdin.resume();
// A pipe, so that it can be let go: the shop's natural end must not wait for its parent.
(process.stdin as unknown as { unref(): void }).unref();

function tellUrl(): void {
  const { port } = server.address() as AddressInfo;
  tell({ type: 'listening', url: `http://127.0.0.1:${port}` });
}

function tell(message: object): void {
  try {
    writeSync(3, `${JSON.stringify(message)}\n`);
  } catch (error) {
    // A parent that was ended by Ctrl-C listens no more.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
