// `npm run demo`: inbox, shop and traffic; the logs as they arrive. Ctrl-C ends it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderRecord, startInbox } from 'otlp-inbox';
import { type DemoSettings, heading, readSettings, usage } from './demo-settings.ts';
import { direct, inboxEnvironment, withResource } from './environment.ts';
import { type ShopEnd, startShop } from './shop-process.ts';
import { runTraffic } from './traffic.ts';
import { ledgerLine } from './words.ts';

const settings = readSettings(process.argv.slice(2), process.env);
if (typeof settings === 'string') {
  process.stderr.write(settings);
  process.exitCode = settings === usage ? 0 : 2;
} else {
  process.exitCode = await run(settings);
}

async function run(settings: DemoSettings): Promise<number> {
  const { rate, metadata, route } = settings;
  const stop = stopSignal(settings.seconds);
  const spool = await mkdtemp(join(tmpdir(), 'otel-setup-demo-'));
  const colour = wantsColour();
  const inbox = await startInbox({
    port: 0,
    ...(route === 'direct' ? { auth: direct } : {}),
    onRecord: (record) => say(renderRecord(record, { colour, metadata })),
  });
  say(`${heading(settings, inbox.url)} Ctrl-C ends the demo.\n`);
  let end: ShopEnd | undefined;
  try {
    const shop = await startShop(shopOptions(settings, inbox.url, spool));
    void shop.ended.then(() => stop.abort());
    await runTraffic(shop.url, rate, stop.signal);
    end = await shop.stop();
  } catch (error) {
    say((error as Error).message);
  } finally {
    await inbox.close();
    // A shop with an endpoint of its own has its spool where its settings say, and its last notice names it.
    if (!end?.ledger?.pending || settings.endpointFrom !== undefined) {
      await rm(spool, { recursive: true, force: true });
    }
  }
  return close(end, settings, spool);
}

/** In front of the inbox the shop's own console is off: each record is shown once, as it arrives. */
function shopOptions(
  { route, endpointFrom }: DemoSettings,
  inboxUrl: string,
  spool: string,
): Parameters<typeof startShop>[0] {
  const defaults = { OTEL_SERVICE_NAME: 'shop', LOG_LEVEL: 'silly' };
  const fixed = { PORT: '0', HOST: '127.0.0.1', LOG_ROUTE: route };
  const attributes = { 'deployment.environment.name': 'demo' };
  if (route === 'none' || endpointFrom !== undefined) {
    const env = { ...defaults, ...process.env, ...fixed };
    return { env: withResource(env, attributes), console: true };
  }
  const env = {
    ...defaults,
    OTEL_LOG_LEVEL: 'warn',
    ...inboxEnvironment(process.env, { direct: inboxUrl, alloy: inboxUrl }),
    ...fixed,
    LOG_CONSOLE: 'off',
    ...(process.env.LOG_DURABILITY === 'memory' ? {} : { LOG_SPOOL_DIR: spool }),
  };
  return { env: withResource(env, attributes), console: false };
}

function close(
  end: ShopEnd | undefined,
  { endpointFrom, route }: DemoSettings,
  spool: string,
): number {
  if (end?.ledger === undefined) {
    say(`\nThe shop ended without a ledger (${end?.signal ?? end?.code ?? 'it never opened'}).`);
    return 1;
  }
  say(`\nThe shop is closed${route === 'none' ? '' : `: ${ledgerLine(end.ledger)}`}.`);
  if (end.ledger.pending > 0 && endpointFrom === undefined) {
    say(`What is pending lies in ${spool}.`);
  }
  return end.code === 0 ? 0 : 1;
}

/** Aborts at Ctrl-C, SIGTERM, when nobody reads on, or after the given time. A second Ctrl-C ends at once. */
function stopSignal(seconds: number | undefined): AbortController {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  process.stdout.on('error', abort);
  const timer = seconds === undefined ? undefined : setTimeout(abort, seconds * 1000);
  stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return stop;
}

function wantsColour(): boolean {
  if (process.env.NO_COLOR) return false;
  return Boolean(process.env.FORCE_COLOR) || process.stdout.isTTY === true;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
