import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newReasons, readAlloyMetrics } from './alloy-metrics.ts';

test('the figures of all exporters are added up, with and without the ending of a counter', () => {
  const text = `# HELP otelcol_exporter_sent_log_records_total x
# TYPE otelcol_exporter_sent_log_records_total counter
otelcol_exporter_sent_log_records_total{component_id="a",x="{}"} 3
otelcol_exporter_sent_log_records{component_id="b"} 4
otelcol_exporter_send_failed_log_records_total{component_id="a"} 1e+03
otelcol_exporter_queue_size{component_id="a",data_type="logs"} 2
otelcol_exporter_queue_capacity{component_id="a"} 1000
otelcol_receiver_accepted_log_records_total{transport="http"} 9
`;
  const sums = { accepted: 9, sent: 7, failed: 1000, queued: 2, retried: 0 };
  assert.deepEqual(readAlloyMetrics(text), { ...sums, reasons: {} });
});

test("loki.write's entries count as records, and what failed has its reason and its server", () => {
  const look = (failed: number) =>
    readAlloyMetrics(`loki_write_sent_entries_total{component_id="a",host="loki:3100"} 5
loki_write_dropped_entries_total{host="loki:3100",reason="ingester_error",tenant=""} ${failed}
loki_write_dropped_entries_total{host="loki:3100",reason="rate_limited",tenant=""} 2
loki_write_dropped_bytes_total{host="loki:3100",reason="rate_limited",tenant=""} 900
loki_write_batch_retries_total{host="loki:3100"} 4
otelcol_exporter_send_failed_log_records_total{error_permanent="true",error_type="Unimplemented",server_address="10.0.0.1",server_port="80"} ${failed}
`);
  const [before, now] = [look(0), look(1)];
  assert.ok(before !== undefined && now !== undefined);
  const { reasons, ...sums } = now;
  assert.deepEqual(sums, { accepted: 0, sent: 5, failed: 4, queued: 0, retried: 4 });
  assert.equal(reasons['rate_limited at loki:3100'], 2);
  assert.deepEqual(newReasons(before, now), [
    'ingester_error at loki:3100',
    'Unimplemented at 10.0.0.1:80',
  ]);
});

test('an Alloy that has counted nothing yet has zeros; a page of somebody else has none', () => {
  const zeros = { accepted: 0, sent: 0, failed: 0, queued: 0, retried: 0, reasons: {} };
  assert.deepEqual(readAlloyMetrics('alloy_build_info{version="v1"} 1\n'), zeros);
  assert.equal(readAlloyMetrics('<html>hello</html>'), undefined);
  assert.equal(readAlloyMetrics('go_goroutines 7\n'), undefined);
});
