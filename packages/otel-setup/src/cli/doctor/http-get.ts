// Questions by GET: to Alloy's own pages and to Loki's query endpoint.

import type { Config } from '../../config/config.ts';
import { describeFailure } from '../../deliver/failure.ts';
import { proxyFor } from '../../deliver/proxy.ts';
import { TlsFiles } from '../../deliver/tls-files.ts';
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

/** Never rejects. Through the proxy where one is due, with the authorities of the route. */
export async function httpGet(url: string, options: GetOptions): Promise<Got> {
  const { config, headers = {}, signal, world } = options;
  const { Agent, ProxyAgent, request } = await import('undici');
  const proxy = proxyFor(new URL(url), config.proxy);
  const certificate = config.endpoint?.certificate;
  const files = { certificate, clientKey: undefined, clientCertificate: undefined };
  const tls = new TlsFiles({ ...files, ...world, notice: () => undefined }).current() ?? {};
  const dispatcher =
    proxy === undefined || proxy === 'invalid'
      ? new Agent({ connect: { ...tls, lookup: world.lookup } })
      : new ProxyAgent({ uri: proxy.url.href, requestTls: tls });
  try {
    const { statusCode, body } = await request(url, { dispatcher, headers, signal });
    return { status: statusCode, text: await body.text() };
  } catch (error) {
    return { status: 0, text: describeFailure(error).message };
  } finally {
    await dispatcher.destroy();
  }
}
