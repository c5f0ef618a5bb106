// `npm run demo`: inbox, shop and traffic; the logs as they arrive. Ctrl-C ends it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderRecord, startInbox } from 'otlp-inbox';
import { direct, inboxEnvironment, type Route, realRoutes, withResource } from './environment.ts';
import { type ShopEnd, startShop } from './shop-process.ts';
import { runTraffic } from './traffic.ts';
import { ledgerLine } from './words.ts';

const usage = `npm run demo -- [options]

A small shop, its visitors, and its logs as they arrive.

  --seconds N   end after N seconds (otherwise: Ctrl-C)
  --rate N      requests a second, 1 to 50 (default 4)
  --metadata    show labels and structured metadata under each record

LOG_ROUTE chooses the route (direct, alloy or none; default here: direct). Without credentials
both routes lead to a local inbox that answers as Loki does.
`;

interface Settings {
  readonly seconds: number | undefined;
  readonly rate: number;
  readonly metadata: boolean;
  readonly route: Route | 'none';
}

const settings = readSettings();
if (typeof settings === 'string') {
  process.stderr.write(settings);
  process.exitCode = settings === usage ? 0 : 2;
} else {
  process.exitCode = await run(settings);
}

async function run({ seconds, rate, metadata, route }: Settings): Promise<number> {
  const stop = stopSignal(seconds);
  const setting = route === 'none' ? undefined : realRoutes(process.env)[route];
  const toInbox = route !== 'none' && setting === undefined;
  const spool = await mkdtemp(join(tmpdir(), 'otel-setup-demo-'));
  const colour = wantsColour();
  const inbox = await startInbox({
    port: 0,
    ...(route === 'direct' ? { auth: direct } : {}),
    onRecord: (record) => say(renderRecord(record, { colour, metadata })),
  });
  say(heading(route, setting, inbox.url));
  let end: ShopEnd | undefined;
  try {
    const env = toInbox
      ? inboxEnvironment(process.env, { direct: inbox.url, alloy: inbox.url })
      : { ...process.env };
    const shop = await startShop({
      env: withResource(
        {
          OTEL_SERVICE_NAME: 'shop',
          LOG_LEVEL: 'silly',
          ...env,
          PORT: '0',
          LOG_ROUTE: route,
          LOG_SPOOL_DIR: spool,
          ...(toInbox ? { LOG_CONSOLE: 'off' } : {}),
        },
        { 'deployment.environment.name': 'demo' },
      ),
      console: !toInbox,
    });
    void shop.ended.then(() => stop.abort());
    await runTraffic(shop.url, rate, stop.signal);
    end = await shop.stop();
  } finally {
    await inbox.close();
    if (end?.ledger?.pending === 0) await rm(spool, { recursive: true, force: true });
  }
  return close(end, route, spool);
}

function heading(route: Route | 'none', setting: string | undefined, inboxUrl: string): string {
  const chosen = process.env.LOG_ROUTE ? `LOG_ROUTE=${route}` : `LOG_ROUTE=${route} (default)`;
  const end = 'Ctrl-C ends the demo.\n';
  if (route === 'none') return `${chosen}: the shop's logs stay on its console. ${end}`;
  if (setting !== undefined) {
    return `${chosen}: the shop's logs go to what ${setting} names; below is its console. ${end}`;
  }
  const missing = route === 'direct' ? 'Grafana Cloud credentials are' : 'ALLOY_OTLP_ENDPOINT is';
  return `${chosen}: ${missing} not set, so the shop's logs go to a local inbox (${inboxUrl}) that stores them as Loki would. ${end}`;
}

function close(end: ShopEnd | undefined, route: Route | 'none', spool: string): number {
  if (end?.ledger === undefined) {
    say(`\nThe shop ended without a ledger (${end?.signal ?? end?.code ?? 'not started'}).`);
    return 1;
  }
  if (route === 'none') {
    say('\nThe shop is closed.');
    return 0;
  }
  say(`\nThe shop is closed. ${ledgerLine(end.ledger)}.`);
  if (end.ledger.pending > 0) say(`What is pending lies in ${spool}.`);
  return 0;
}

/** Aborts at Ctrl-C, SIGTERM, or after the given time. A second Ctrl-C ends at once, as ever. */
function stopSignal(seconds: number | undefined): AbortController {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  const timer = seconds === undefined ? undefined : setTimeout(abort, seconds * 1000);
  stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return stop;
}

function readSettings(): Settings | string {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string' },
        rate: { type: 'string', default: '4' },
        metadata: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return usage;
    const route = process.env.LOG_ROUTE || 'direct';
    if (route !== 'direct' && route !== 'alloy' && route !== 'none') {
      return `LOG_ROUTE must be "direct", "alloy" or "none", got ${JSON.stringify(route)}.\n`;
    }
    const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
    const rate = Number(values.rate);
    if (!(rate >= 1 && rate <= 50)) return '--rate must be a number from 1 to 50.\n';
    if (seconds !== undefined && !(seconds > 0)) return '--seconds must be a number above 0.\n';
    return { seconds, rate, metadata: values.metadata, route };
  } catch (error) {
    return `${(error as Error).message}\n\n${usage}`;
  }
}

function wantsColour(): boolean {
  if (process.env.NO_COLOR) return false;
  return Boolean(process.env.FORCE_COLOR) || process.stdout.isTTY === true;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
