// Questions by GET: to Alloy's own pages and to Loki's query endpoint.

import { isForbiddenAddress } from '../../config/address.ts';
import type { Config } from '../../config/config.ts';
import { Connector } from '../../deliver/connector.ts';
import { describeFailure } from '../../deliver/failure.ts';
import { noAddress, proxyFor } from '../../deliver/proxy.ts';
import { TlsFiles } from '../../deliver/tls-files.ts';
import { loadUndici } from '../../deliver/undici.ts';
import type { World } from '../../world.ts';

export interface Got {
  /** 0 where no answer came. */
  readonly status: number;
  /** The body, or why there is none. */
  readonly text: string;
}

export interface GetOptions {
  readonly config: Config;
  readonly world: World;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

// Alloy's metrics are the largest page that is asked for: some hundred KiB.
const maxBytes = 16 * 1024 * 1024;

/** Never rejects. Through the proxy where one is due, with the authorities of the route. */
export async function httpGet(url: string, options: GetOptions): Promise<Got> {
  const { config, headers = {}, signal, world } = options;
  const { Agent, request } = await import('undici');
  const proxy = proxyFor(new URL(url), config.proxy);
  if (proxy === 'invalid') return { status: 0, text: noAddress };
  const certificate = config.endpoint?.certificate;
  const files = { certificate, clientKey: undefined, clientCertificate: undefined };
  // As the sender connects: undici's own way through a proxy tries for ever where the proxy hangs up.
  const connector = new Connector({
    undici: await loadUndici(),
    lookup: world.lookup,
    isForbiddenAddress,
    isExposedAddress: () => false,
    tlsFiles: new TlsFiles({ ...files, ...world, notice: () => undefined }),
    proxy,
    timeoutMs: 0,
  });
  const dispatcher = new Agent({ connect: connector.open });
  try {
    const { statusCode, body } = await request(url, { dispatcher, headers, signal });
    return { status: statusCode, text: await textOf(body) };
  } catch (error) {
    return { status: 0, text: describeFailure(error).message };
  } finally {
    connector.close();
    await dispatcher.destroy();
  }
}

/** As far as it is of use: a page may have no end. */
async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(parts).toString();
}
