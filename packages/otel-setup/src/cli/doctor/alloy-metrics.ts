// What Alloy counts of its own: the figures that tell whether it got rid of what it took.

export interface AlloyMetrics {
  /** Log records, over all exporters. */
  readonly sent: number;
  readonly failed: number;
  /** Requests that wait, over all exporters. */
  readonly queued: number;
  readonly accepted: number;
}

const names = {
  accepted: 'otelcol_receiver_accepted_log_records',
  sent: 'otelcol_exporter_sent_log_records',
  failed: 'otelcol_exporter_send_failed_log_records',
  queued: 'otelcol_exporter_queue_size',
} as const;

/** From the text of `/metrics`; undefined where it has none of them. */
export function readAlloyMetrics(text: string): AlloyMetrics | undefined {
  const sums = { accepted: 0, sent: 0, failed: 0, queued: 0 };
  let isAlloy = false;
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([a-z_]+)(?:\{.*\})?\s+(\S+)/.exec(line) ?? [];
    if (name.startsWith('alloy_') || name.startsWith('otelcol_')) isAlloy = true;
    for (const [key, metric] of Object.entries(names)) {
      if (name !== metric && name !== `${metric}_total`) continue;
      sums[key as keyof typeof names] += Number(value);
    }
  }
  return isAlloy ? sums : undefined;
}
