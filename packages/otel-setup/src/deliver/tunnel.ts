// A CONNECT tunnel through an HTTP proxy. Its credentials go to the proxy and nowhere else.

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { buildConnector, Dispatcher } from 'undici';
import { ConnectError, describeFailure } from './failure.ts';
import type { ProxyServer } from './proxy.ts';
import type { Undici } from './undici.ts';

export interface TunnelOptions {
  readonly undici: Undici;
  readonly proxy: ProxyServer;
  readonly target: buildConnector.Options;
  /** Connects to the proxy itself. */
  readonly connect: buildConnector.connector;
  /** Gives up a tunnel that is not open yet, its connection included. */
  readonly signal: AbortSignal;
}

/** Rejects with a ConnectError. The wait for the proxy's answer has no end of its own. */
export async function openTunnel(options: TunnelOptions): Promise<Socket> {
  const { undici, proxy, signal, target } = options;
  const client = new undici.Client(proxy.url.origin, { connect: options.connect });
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  const name = `the proxy ${proxy.url.host}`;
  const authority = `${target.hostname}:${port}`;
  const handler = new TunnelHandler();
  const answer = new Promise<TunnelAnswer>((resolve, reject) => {
    handler.resolve = resolve;
    handler.reject = reject;
  });
  client.dispatch(
    {
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(proxy.authorization === undefined
          ? {}
          : { 'proxy-authorization': proxy.authorization }),
      },
      headersTimeout: 0,
    },
    handler,
  );
  const abandon = (): void => void client.destroy(new Error('aborted'));
  signal.addEventListener('abort', abandon);
  try {
    const { status, socket } = await answer;
    if (status >= 200 && status < 300) return socket as Socket;
    socket.on('error', () => undefined).destroy();
    throw new ConnectError(`${name} answers ${status}`, { kind: 'proxy' });
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    const { message } = describeFailure(error);
    throw new ConnectError(`${name}: ${message}`, { kind: 'proxy', cause: error });
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

interface TunnelAnswer {
  readonly status: number;
  readonly socket: Duplex;
}

class TunnelHandler implements Dispatcher.DispatchHandler {
  resolve: (answer: TunnelAnswer) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;

  onRequestStart(): void {
    // Its presence says that this is a handler of undici's newer kind.
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    socket: Duplex,
  ): void {
    this.resolve({ status, socket });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }
}
