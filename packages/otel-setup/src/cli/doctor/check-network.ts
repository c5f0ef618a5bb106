// From the name to a connection that can be trusted: each layer by itself, so that the first that fails is named.

import { type AddressInfo, connect, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isForbiddenAddress } from '../../config/address.ts';
import type { SendFailure } from '../../deliver/answer.ts';
import { Connector } from '../../deliver/connector.ts';
import { ConnectError, describeFailure } from '../../deliver/failure.ts';
import { hostOf, type ProxyServer, proxyFor } from '../../deliver/proxy.ts';
import { TlsFiles } from '../../deliver/tls-files.ts';
import { loadUndici } from '../../deliver/undici.ts';
import { spanOf } from '../../health/words.ts';
import { exposure } from '../../sending.ts';
import type { RouteExamination } from './examination.ts';
import { type Finding, good, skipped, warning } from './finding.ts';
import { sourceOf } from './settings.ts';
import { troubleFinding } from './trouble-finding.ts';
import { showCertificate } from './trouble-paste.ts';
import { within } from './within.ts';

const dayMs = 24 * 3_600_000;
const soonMs = 14 * dayMs;

/** Ends with the first layer that fails. */
export async function* checkNetwork(examination: RouteExamination): AsyncGenerator<Finding> {
  const url = new URL(examination.endpoint.url);
  const proxy = proxyFor(url, examination.config.proxy);
  if (proxy === 'invalid') {
    yield troubleFinding('proxy', 'proxy', 'its setting is no address', examination);
    return;
  }
  yield proxyLine(proxy, examination);
  const hop = proxy?.url ?? url;
  for (const look of [lookUp, reach]) {
    const finding = await look(hop, proxy !== undefined, examination);
    yield finding;
    if (finding.state === 'wrong') return;
  }
  yield await secure(url, proxy, examination);
}

function proxyLine(proxy: ProxyServer | undefined, examination: RouteExamination): Finding {
  if (proxy === undefined) return good('proxy', 'None in between.');
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
  const with_ = proxy.authorization === undefined ? '' : ', with credentials';
  return good('proxy', `${proxy.url.origin}${with_} (${sourceOf(examination, names)}).`);
}

async function lookUp(hop: URL, isProxy: boolean, examination: RouteExamination): Promise<Finding> {
  const host = hostOf(hop);
  if (isIP(host) !== 0) return good('dns', `${host} is an address.`);
  const { stepMs, world } = examination;
  const startedMs = world.clock.monotonic();
  try {
    const found = await within(world.clock, stepMs, () => addressesOf(host, examination));
    if (found === 'late') return late('dns', isProxy ? 'proxy' : 'dns', examination);
    const took = spanOf(world.clock.monotonic() - startedMs);
    return good('dns', `${host} is ${found.slice(0, 4).join(', ')} (${took}).`);
  } catch (error) {
    const { message } = failureOf(error);
    return troubleFinding('dns', isProxy ? 'proxy' : 'dns', message, examination);
  }
}

function addressesOf(host: string, { world }: RouteExamination): Promise<string[]> {
  return new Promise((resolve, reject) => {
    world.lookup(host, { all: true }, (error, addresses) => {
      if (error !== null) reject(error);
      else resolve([addresses].flat().map((one) => (typeof one === 'string' ? one : one.address)));
    });
  });
}

async function reach(hop: URL, isProxy: boolean, examination: RouteExamination): Promise<Finding> {
  const { stepMs, world } = examination;
  const port = Number(hop.port || (hop.protocol === 'https:' ? 443 : 80));
  const { lookup } = world;
  const socket = connect({ host: hostOf(hop), port, lookup, autoSelectFamily: true });
  try {
    const address = await within(world.clock, stepMs, () => connected(socket));
    if (address === 'late') return late('tcp', isProxy ? 'proxy' : 'timeout', examination);
    return good('tcp', `${address} port ${port} takes connections.`);
  } catch (error) {
    const { kind, message } = failureOf(error);
    const direct = kind === 'refused' || kind === 'timeout' ? kind : 'network';
    return troubleFinding('tcp', isProxy ? 'proxy' : direct, message, examination);
  } finally {
    socket.destroy();
  }
}

function connected(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject).once('connect', () => {
      resolve((socket.address() as AddressInfo).family ? (socket.remoteAddress ?? '') : '');
    });
  });
}

/** As the sender connects: through the proxy, with the same authorities, to addresses that are allowed. */
async function secure(
  url: URL,
  proxy: ProxyServer | undefined,
  examination: RouteExamination,
): Promise<Finding> {
  const { endpoint, stepMs, world } = examination;
  if (url.protocol === 'http:' && proxy === undefined) {
    return skipped('tls', 'Plain http, as the address says.');
  }
  const tlsFiles = new TlsFiles({ ...endpoint, ...world, notice: () => undefined });
  const connector = new Connector({
    undici: await loadUndici(),
    lookup: world.lookup,
    isForbiddenAddress,
    isExposedAddress: exposure(endpoint),
    tlsFiles,
    proxy,
    timeoutMs: stepMs,
  });
  try {
    const socket = await within(world.clock, stepMs, () => opened(connector, url));
    if (socket === 'late') return late('tls', 'timeout', examination);
    try {
      // A socket that is closed has no certificate to show.
      return certificateLine(socket, url, examination);
    } finally {
      socket.destroy();
    }
  } catch (error) {
    const { kind, message } = failureOf(error);
    const trouble = kind === 'aborted' ? 'network' : kind;
    return troubleFinding(kind === 'proxy' ? 'proxy' : 'tls', trouble, message, examination);
  } finally {
    connector.close();
  }
}

/** Throws what is no failure of a connection: that is the doctor's own, and blames no server. */
function failureOf(error: unknown): SendFailure {
  const failure = describeFailure(error);
  if (failure.code === undefined && !(error instanceof ConnectError)) throw error;
  return failure;
}

function opened(connector: Connector, url: URL): Promise<Socket | TLSSocket> {
  const { host, hostname, port, protocol } = url;
  return new Promise((resolve, reject) => {
    connector.open({ host, hostname, port, protocol }, (error, socket) => {
      if (error !== null) reject(error);
      else resolve(socket.on('error', () => undefined));
    });
  });
}

function certificateLine(
  socket: Socket | TLSSocket,
  url: URL,
  examination: RouteExamination,
): Finding {
  if (!('getPeerCertificate' in socket)) return skipped('tls', 'Plain http, through the proxy.');
  const { issuer, valid_to: end } = socket.getPeerCertificate();
  const leftMs = Date.parse(end) - examination.world.clock.now();
  const by = [issuer?.O ?? issuer?.CN ?? 'an unnamed authority'].flat().join(', ');
  const message = `${socket.getProtocol() ?? 'TLS'}, a certificate by ${by}, valid for ${spanOf(leftMs)}.`;
  if (leftMs > soonMs) return good('tls', message);
  return warning('tls', {
    code: 'OTEL_SETUP_CERTIFICATE_ENDS',
    message,
    fix: 'Have it renewed by whoever runs that server: nothing is sent once it has expired.',
    paste: [`${showCertificate(url)} | openssl x509 -noout -issuer -enddate`],
  });
}

function late(
  check: 'dns' | 'tcp' | 'tls',
  kind: 'dns' | 'proxy' | 'timeout',
  examination: RouteExamination,
): Finding {
  return troubleFinding(check, kind, `nothing within ${spanOf(examination.stepMs)}`, examination);
}
