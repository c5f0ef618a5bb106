import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { movePins, planMoves, readPins } from './otel-pins.ts';

const before = `{
  "dependencies": {
    "@opentelemetry/api": "1.10.0",
    "@opentelemetry/sdk-logs": "3.1.0",
    "@opentelemetry/exporter-logs-otlp-http": "^0.301.0",
    "winston": "3.1.0"
  }
}
`;

test('pins of both lines move and become exact, and everything else stays to the byte', () => {
  const { moves, others } = planMoves(readPins(before), [
    { from: '3.1.0', to: '3.2.0' },
    { from: '0.301.0', to: '0.302.0' },
  ]);
  assert.deepEqual(others, ['@opentelemetry/api 1.10.0']);
  assert.equal(
    movePins(before, moves),
    before.replace('sdk-logs": "3.1.0', 'sdk-logs": "3.2.0').replace('^0.301.0', '0.302.0'),
  );
});

test("the SDK's own package.json pins the two lines that the command moves", () => {
  const path = new URL('../../packages/otel-setup/package.json', import.meta.url);
  const pins = readPins(readFileSync(path, 'utf8'));
  assert.match(pins.get('@opentelemetry/sdk-logs') ?? '', /^\d+\.\d+\.\d+$/);
  assert.equal(pins.get('@opentelemetry/resources'), pins.get('@opentelemetry/sdk-logs'));
  assert.match(pins.get('@opentelemetry/exporter-logs-otlp-http') ?? '', /^0\.\d+\.\d+$/);
});
