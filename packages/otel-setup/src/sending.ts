// From the spool to the endpoint, and what the end of the process needs of both.

import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { clockNotice } from './clock-notice.ts';
import { isForbiddenAddress, isPublicAddress } from './config/address.ts';
import type { Config, Endpoint } from './config/config.ts';
import { carriesOpenly } from './config/endpoint.ts';
import { ClockWatch } from './deliver/clock-skew.ts';
import { type Deliverer, startDeliverer } from './deliver/deliverer.ts';
import { findHost } from './deliver/hosts-file.ts';
import { judge, type Outcome } from './deliver/outcome.ts';
import { hostOf, proxyFor } from './deliver/proxy.ts';
import { createSender, type Sender } from './deliver/sender.ts';
import { troubleNotice } from './deliver/trouble.ts';
import { cleanWords } from './deliver/words.ts';
import { composeRequest } from './encode/compose-request.ts';
import { RequestBuffers } from './encode/request-buffers.ts';
import { truncateRecord } from './encode/truncate-record.ts';
import type { Health } from './health/health.ts';
import type { ExitAnswer, ExitBatch, ExitTarget } from './lifecycle/exit-sender.ts';
import type { Spool } from './spool/options.ts';
import { version } from './version.ts';
import { type RequestListener, watchRequests } from './watch-requests.ts';
import type { World } from './world.ts';

export interface Sending {
  readonly config: Config;
  readonly endpoint: Endpoint;
  readonly health: Health;
  readonly world: World;
  /** Is told of each request. */
  readonly requests?: RequestListener;
}

export function startSending(
  options: Sending,
  spool: Pick<Spool, 'nextOrphan' | 'own'>,
): { deliverer: Deliverer; exitTarget: () => ExitTarget | undefined } {
  const { config, endpoint, health, world } = options;
  const { ledger } = health;
  const sender = openSender({ config, endpoint, notice: health.notice, world });
  const buffers = new RequestBuffers();
  const { origin } = new URL(endpoint.url);
  const clockWatch = new ClockWatch(world.clock, (skewMs) =>
    health.notice(clockNotice(skewMs, origin)),
  );
  const watched = watchRequests({
    compose: (batch, from, to) => composeRequest(batch, from, to, buffers.take),
    send: sender.send,
    clock: world.clock,
    listener: options.requests,
    billed: (bytes, stream) => ledger.billed(bytes, stream),
  });
  const deliverer = startDeliverer({
    own: spool.own,
    nextOrphan: () => spool.nextOrphan(),
    compose: watched.compose,
    truncate: truncateRecord,
    send: async (body, signal) => {
      const answer = await watched.send(body, signal);
      // A body that was packed first is read by nobody now, whatever the answer.
      if (config.compression === 'gzip') {
        buffers.give(body);
      }
      clockWatch.look(answer);
      return answer;
    },
    close: sender.close,
    routeName: config.route,
    origin,
    settings: endpoint.settings,
    secrets: secretsOf(endpoint),
    world,
    report: {
      delivered: (count, wireBytes, adopted) => ledger.delivered(count, wireBytes, adopted),
      dropped: (reason, count, adopted) => ledger.dropped(reason, count, adopted),
      truncated: (count) => ledger.changed('truncated', count),
      notice: health.notice,
      recovered: health.recovered,
      duplicatePossible: (count) => ledger.changed('possibly_sent_twice', count),
    },
  });
  return { deliverer, exitTarget: () => exitTargetOf(options, sender) };
}

/** The connections to the route, as its settings want them. */
export function openSender(
  options: Pick<Sending, 'config' | 'endpoint' | 'world'> & Pick<Health, 'notice'>,
): Sender {
  const { config, endpoint, notice, world } = options;
  return createSender({
    endpoint,
    timeoutMs: config.timeoutMs,
    compression: config.compression,
    proxy: config.proxy,
    lookup: world.lookup,
    isForbiddenAddress,
    isExposedAddress: exposure(endpoint),
    fs: world.fs,
    userAgent: `otel-setup/${version}`,
    clock: world.clock,
    quietly,
    notice,
  });
}

/** What a server may repeat in its answers and nobody may read: some take their key in the query. */
export function secretsOf({ headers, url }: Endpoint): string[] {
  return [...Object.values(headers), ...new URL(url).searchParams.values()];
}

/** What the configuration refuses by name, for the address that a private name turns out to have. */
export function exposure({ url, headers }: Endpoint): (ip: string) => boolean {
  return carriesOpenly(new URL(url), headers) ? isPublicAddress : () => false;
}

/** The addresses that the worker at the exit may not connect to. */
export function isRefusedAtExit({ endpoint }: Sending, ip: string): boolean {
  return isForbiddenAddress(ip) || exposure(endpoint)(ip);
}

const apiSymbol = Symbol.for('opentelemetry.js.api.1');

interface ApiGlobal {
  readonly context?: { with<T>(context: Context, run: () => T): T };
}

/** Our own HTTP makes no span: through the application's API, whichever version that is. */
function quietly<T>(run: () => T): T {
  const context = (globalThis as { [apiSymbol]?: ApiGlobal })[apiSymbol]?.context;
  return context === undefined ? run() : context.with(suppressTracing(ROOT_CONTEXT), run);
}

/** Where the worker at the exit sends to; undefined where it had better not try. */
export function exitTargetOf(
  { config, endpoint, world }: Sending,
  { tls }: Pick<Sender, 'tls'>,
): ExitTarget | undefined {
  const url = new URL(endpoint.url);
  const proxy = proxyFor(url, config.proxy);
  const material = tls();
  if (proxy === 'invalid' || material === undefined) {
    return undefined;
  }
  const addresses = findHost(hostOf(proxy?.url ?? url), world.fs);
  return {
    url: endpoint.url,
    headers: { ...endpoint.headers, 'user-agent': `otel-setup/${version}` },
    gzip: config.compression === 'gzip',
    ...material,
    proxy: proxy?.url.href,
    addresses: addresses.length > 0 ? addresses : undefined,
  };
}

/** What is pending, as requests. */
export function exitBatches(spool: Spool, maxBytes: number): ExitBatch[] {
  return spool.snapshot(maxBytes).map((batch) => ({
    body: composeRequest(batch),
    lastSeq: batch.seqs[batch.count - 1] as number,
  }));
}

/** Says why the worker at the exit got no further: a program that always ends so hears it nowhere else. */
export function tellAtExit({ config, endpoint, health, world }: Sending, answer: ExitAnswer): void {
  const outcome = judgeAtExit(answer, world);
  if (outcome.type !== 'keep' && outcome.type !== 'probe') return;
  const { origin } = new URL(endpoint.url);
  const names = { routeName: config.route, origin, settings: endpoint.settings };
  const words = cleanWords(outcome.words, secretsOf(endpoint));
  health.notice(troubleNotice(outcome.trouble, names, words));
}

function judgeAtExit(answer: ExitAnswer, { clock }: World): Outcome {
  const { contentType, ...rest } = answer;
  const headers = { contentType, retryAfter: undefined, date: undefined };
  return judge({ type: 'answer', headers, cut: false, ...rest }, clock.now());
}

/** Settles what the worker at the exit got through. */
export function settleAtExit(
  { health, world }: Sending,
  spool: Spool,
  lastSeq: number,
  answer: ExitAnswer,
): void {
  const outcome = judgeAtExit(answer, world);
  if (outcome.type !== 'settle') {
    return;
  }
  const before = spool.own.pending;
  spool.own.settle(lastSeq);
  const settled = before - spool.own.pending;
  const rejected = Math.min(outcome.rejected, settled);
  health.ledger.delivered(settled - rejected, answer.wireBytes);
  health.ledger.dropped('partial_success', rejected);
}
