// The driver's end of the receiver.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Report } from './channel.ts';
import type { Order } from './receiver.ts';

export interface Receiver {
  /** Opens an endpoint for records with ids below `capacity`. */
  open(capacity: number): Promise<Endpoint>;
  close(): void;
}

export interface Endpoint {
  readonly url: string;
  settle(expected: number, quietMs: number): Promise<Report>;
  /** Refuses connections. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('receiver.ts', import.meta.url)));
  const [control] = (await once(child, 'message')) as [number];
  const order = async (body: Order): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${control}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The receiver failed: ${await response.text()}`);
    return response.json();
  };
  return {
    open: async (capacity) => {
      const port = Number(await order({ type: 'open', capacity }));
      return {
        url: `http://127.0.0.1:${port}`,
        settle: async (expected, quietMs) =>
          (await order({ type: 'settle', port, expected, quietMs })) as Report,
        stop: async () => void (await order({ type: 'stop', port })),
        resume: async () => void (await order({ type: 'resume', port })),
        close: async () => void (await order({ type: 'close', port })),
      };
    },
    close: () => child.disconnect(),
  };
}
