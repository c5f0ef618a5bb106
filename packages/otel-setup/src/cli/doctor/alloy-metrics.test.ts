import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAlloyMetrics } from './alloy-metrics.ts';

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
  assert.deepEqual(readAlloyMetrics(text), { accepted: 9, sent: 7, failed: 1000, queued: 2 });
});

test('an Alloy that has counted nothing yet has zeros; a page of somebody else has none', () => {
  const zeros = { accepted: 0, sent: 0, failed: 0, queued: 0 };
  assert.deepEqual(readAlloyMetrics('alloy_build_info{version="v1"} 1\n'), zeros);
  assert.equal(readAlloyMetrics('<html>hello</html>'), undefined);
  assert.equal(readAlloyMetrics('go_goroutines 7\n'), undefined);
});
