// Opens connections for undici: names looked up anew, forbidden addresses refused, TLS verified,
// through the proxy where one is due, and never a reason for the process to stay alive.

import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { soon } from '../world.ts';
import { ConnectError } from './failure.ts';
import { hostOf, type ProxyServer } from './proxy.ts';
import type { TlsFiles, TlsMaterial } from './tls-files.ts';
import { openTunnel } from './tunnel.ts';
import type { Undici } from './undici.ts';

export interface ConnectorOptions {
  readonly undici: Undici;
  readonly lookup: LookupFunction;
  readonly isForbiddenAddress: (ip: string) => boolean;
  readonly isExposedAddress: (ip: string) => boolean;
  readonly tlsFiles: TlsFiles;
  readonly proxy: ProxyServer | undefined;
  /** Ms for a connection, by undici's timer, which is the global one; 0 where the caller has a deadline of its own. */
  readonly timeoutMs: number;
}

type Connect = buildConnector.connector;
type Target = buildConnector.Options;
type Callback = buildConnector.Callback;

const secondAddressMs = 300;

export class Connector {
  readonly #options: ConnectorOptions;
  readonly #lookup: LookupFunction;
  readonly #abort = new AbortController();
  #material: TlsMaterial | undefined;
  #connect: Connect | undefined;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#lookup = guardedLookup(options);
  }

  /** For undici's `connect`. */
  readonly open: Connect = (target, callback) => {
    const refused = this.#refusal(target);
    if (refused !== undefined) {
      soon(() => callback(refused, null));
      return;
    }
    const { proxy, undici } = this.#options;
    const { signal } = this.#abort;
    if (proxy === undefined) this.#direct(target, callback);
    else {
      openTunnel({ undici, proxy, target, connect: this.#toProxy, signal }).then(
        (socket) => this.#throughTunnel(target, socket, callback),
        (error: Error) => callback(error, null),
      );
    }
  };

  /** Gives up what is still on its way through a proxy: undici knows nothing of it. */
  close(): void {
    this.#abort.abort();
  }

  #refusal(target: Target): ConnectError | undefined {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const refused = isIP(host) === 0 ? undefined : refusalOf(host, [host], this.#options);
    if (refused !== undefined) return refused;
    this.#refresh();
    if (this.#connect !== undefined) return undefined;
    return new ConnectError(this.#options.tlsFiles.problem, { kind: 'tls-files' });
  }

  /** Certificates that have changed on disk count from the next connection on. */
  #refresh(): void {
    const { tlsFiles, undici, timeoutMs } = this.#options;
    const material = tlsFiles.current();
    if (material === undefined || material === this.#material) return;
    this.#material = material;
    this.#connect = undici.buildConnector({
      ...material,
      lookup: this.#lookup,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: secondAddressMs,
      // Also where NODE_TLS_REJECT_UNAUTHORIZED=0 is set.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      timeout: timeoutMs,
    });
  }

  #direct(target: Target, callback: Callback): void {
    // undici types the connector as void; it returns the socket it is connecting.
    const socket = this.#connect?.(target, callback) as unknown as Socket | undefined;
    if (socket !== undefined) setFree(socket);
  }

  readonly #toProxy: Connect = (_target, callback) => {
    const { url } = this.#options.proxy ?? {};
    if (url === undefined) return;
    const host = hostOf(url);
    const refused = isIP(host) === 0 ? undefined : refusalOf('the proxy', [host], this.#options);
    if (refused !== undefined) {
      callback(refused, null);
      return;
    }
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    this.#direct({ hostname: host, host: url.host, protocol: url.protocol, port }, callback);
  };

  #throughTunnel(target: Target, socket: Socket, callback: Callback): void {
    if (target.protocol === 'https:') this.#direct({ ...target, httpSocket: socket }, callback);
    else callback(null, socket);
  }
}

/**
 * undici holds the process while a request is under way. Whoever waits for the records (flush,
 * shutdown, the end of the process) does that by a timer; the socket itself must not.
 */
function setFree(socket: Socket): void {
  socket.unref();
  socket.ref = () => socket;
  // A further address gets a new handle, which counts again.
  socket.on('connectionAttempt', () => socket.unref());
}

type Guard = Pick<ConnectorOptions, 'isForbiddenAddress' | 'isExposedAddress'>;

/** A name with a single such address is refused as a whole. */
function guardedLookup(options: Guard & Pick<ConnectorOptions, 'lookup'>): LookupFunction {
  return (hostname, query, callback) => {
    options.lookup(hostname, query, (error, address, family) => {
      const found = typeof address === 'string' ? [address] : (address ?? []).map((a) => a.address);
      const refused = error === null ? refusalOf(hostname, found, options) : undefined;
      callback(refused ?? error, address, family);
    });
  };
}

function refusalOf(name: string, found: readonly string[], guard: Guard): ConnectError | undefined {
  const kind = 'forbidden-address';
  if (found.some((ip) => guard.isForbiddenAddress(ip))) {
    return new ConnectError(`${name} leads to a link-local or metadata address`, { kind });
  }
  if (!found.some((ip) => guard.isExposedAddress(ip))) return undefined;
  const why = 'and plain http would show the credentials on the way; use https://';
  return new ConnectError(`${name} leads to a public address, ${why}`, { kind });
}
