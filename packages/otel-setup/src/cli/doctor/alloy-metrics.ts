// What Alloy counts of its own: the figures that tell whether it got rid of what it took.

export interface AlloyMetrics {
  /** Log records, over all exporters. */
  readonly sent: number;
  readonly failed: number;
  /** Requests that wait, over all exporters. */
  readonly queued: number;
  readonly accepted: number;
  /** Requests that were sent again. */
  readonly retried: number;
  /** Of what failed: records by the reason and the server that the labels name. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Those of `otelcol.exporter.*`, and of `loki.write` behind `otelcol.exporter.loki`. */
const names = {
  accepted: ['otelcol_receiver_accepted_log_records'],
  sent: ['otelcol_exporter_sent_log_records', 'loki_write_sent_entries'],
  failed: ['otelcol_exporter_send_failed_log_records', 'loki_write_dropped_entries'],
  queued: ['otelcol_exporter_queue_size'],
  retried: ['loki_write_batch_retries'],
} as const;

type Key = keyof typeof names;

/** From the text of `/metrics`; undefined where it has none of them. */
export function readAlloyMetrics(text: string): AlloyMetrics | undefined {
  const sums: Record<Key, number> = { accepted: 0, sent: 0, failed: 0, queued: 0, retried: 0 };
  const reasons: Record<string, number> = {};
  let isAlloy = false;
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value = ''] =
      /^([a-z_]+)(?:\{(.*)\})?\s+(\S+)/.exec(line) ?? [];
    if (/^(?:alloy|otelcol|loki_write)_/.test(name)) isAlloy = true;
    const key = keyOf(name);
    if (key === undefined) continue;
    sums[key] += Number(value);
    const reason = key === 'failed' ? reasonOf(labels) : '';
    if (reason !== '') reasons[reason] = (reasons[reason] ?? 0) + Number(value);
  }
  return isAlloy ? { ...sums, reasons } : undefined;
}

/** What made records fail between two looks. */
export function newReasons(before: AlloyMetrics, now: AlloyMetrics): string[] {
  const { reasons } = now;
  return Object.keys(reasons).filter(
    (reason) => (reasons[reason] ?? 0) > (before.reasons[reason] ?? 0),
  );
}

function keyOf(name: string): Key | undefined {
  const bare = name.replace(/_total$/, '');
  const found = Object.entries(names).find(([, all]) => (all as readonly string[]).includes(bare));
  return found?.[0] as Key | undefined;
}

/** `Unimplemented at loki:3100` */
function reasonOf(labels: string): string {
  const given = new Map(
    Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  );
  const why = given.get('error_type') ?? given.get('reason') ?? '';
  const port = given.get('server_port');
  const server = given.get('host') ?? given.get('server_address');
  if (why === '' || server === undefined) return why;
  return `${why} at ${server}${port === undefined ? '' : `:${port}`}`;
}
