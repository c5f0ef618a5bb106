import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DemoSettings, heading, readSettings, usage } from './demo-settings.ts';

function settings(args: string[], env: Record<string, string> = {}): DemoSettings {
  const read = readSettings(args, env);
  assert.ok(typeof read !== 'string', String(read));
  return read;
}

test('without arguments and variables the demo takes the direct route to the inbox until Ctrl-C', () => {
  const read = settings([]);
  assert.deepEqual([read.route, read.endpointFrom, read.seconds], ['direct', undefined, undefined]);
  assert.match(heading(read, 'http://inbox'), /^LOG_ROUTE=direct \(not set.*local inbox/);
});

test('LOG_ROUTE decides; where it is not set, the endpoint that is set does', () => {
  const env = { ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' };
  assert.equal(settings([], env).route, 'alloy');
  assert.match(heading(settings([], env), 'http://inbox'), /what ALLOY_OTLP_ENDPOINT names/);
  const direct = settings([], { ...env, LOG_ROUTE: 'direct' });
  assert.equal(direct.endpointFrom, undefined);
  assert.match(heading(direct, 'http://inbox'), /Grafana Cloud credentials are not set/);
  assert.match(heading(settings([], { LOG_ROUTE: 'none' }), ''), /stay on its console/);
});

test('what cannot be meant is told instead of started', () => {
  assert.match(String(readSettings([], { LOG_ROUTE: 'allow' })), /got "allow"/);
  assert.match(String(readSettings(['--rate', 'fast'], {})), /--rate must be/);
  assert.match(String(readSettings(['--rate', '1000'], {})), /--rate must be/);
  assert.match(String(readSettings(['--seconds=-1'], {})), /--seconds must be/);
  assert.match(String(readSettings(['--what'], {})), /Unknown option '--what'/);
  assert.equal(readSettings(['--help'], {}), usage);
});
