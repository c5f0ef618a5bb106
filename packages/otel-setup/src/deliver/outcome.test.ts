import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answer } from './harness.test.ts';
import { judge } from './outcome.ts';
import { type TroubleKind, troubleNotice } from './trouble.ts';

const names = {
  routeName: 'direct',
  origin: 'https://gateway.example',
  settings: { url: 'THE_URL', credentials: 'THE_TOKEN' },
};

const cases: [number, string, 'keep' | 'probe', TroubleKind, RegExp][] = [
  [401, 'authentication error: invalid token', 'probe', 'unauthorized', /THE_TOKEN/],
  [401, 'authentication error: invalid scope requested', 'probe', 'forbidden', /logs:write/],
  [401, 'no org id', 'probe', 'tenant', /X-Scope-OrgID/],
  [
    400,
    'Client sent an HTTP request to an HTTPS server.',
    'probe',
    'plain-http',
    /https:\/\/ in THE_URL/,
  ],
  [400, 'The plain HTTP request was sent to HTTPS port', 'probe', 'plain-http', /THE_URL/],
  [407, '', 'probe', 'unnamed-proxy', /none that HTTPS_PROXY.* names\. Check that THE_URL /],
  [530, 'error code: 1016', 'keep', 'wrong-zone', /zone in THE_URL/],
];

for (const [status, body, type, trouble, fix] of cases) {
  it(`${status} "${body}" is told as ${trouble}, with its fix`, () => {
    const outcome = judge(answer(status, body), 0);
    assert.equal(outcome.type, type);
    assert.equal('trouble' in outcome ? outcome.trouble : '', trouble);
    assert.match(troubleNotice(trouble, names, '').message, fix);
  });
}

it('a 200 with a JSON object that is none of OTLP is no silent success', () => {
  const json = (body: string) => judge(answer(200, body, { contentType: 'application/json' }), 0);
  for (const body of [
    '{"error":"no"}',
    '{"success":false}',
    '{"status":"error"}',
    '{"ok":false}',
  ]) {
    assert.equal(json(body).type, 'probe', body);
  }
  for (const body of ['{}', '{"partialSuccess":{}}', '{"partial_success":null}']) {
    assert.deepEqual(json(body), { type: 'settle', rejected: 0, words: '' }, body);
  }
  const words = '{"status":"ok"}';
  assert.deepEqual(json(words), { type: 'settle', rejected: 0, words });
});

for (const kind of ['unauthorized', 'not-found'] as const) {
  it(`${kind} on the way that LOKI_URL leads names the two variables to set instead`, () => {
    const settings = { url: 'LOKI_URL', credentials: 'LOKI_AUTH' };
    const own = { ...names, origin: 'http://loki:3100', settings };
    assert.match(
      troubleNotice(kind, own, '').message,
      /OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http:\/\/loki:3100\/otlp\/v1\/logs and OTEL_EXPORTER_OTLP_LOGS_HEADERS=/,
    );
    const cloud = { ...names, origin: 'https://logs-prod-012.grafana.net', settings };
    assert.match(
      troubleNotice(kind, cloud, '').message,
      /OTEL_EXPORTER_OTLP_ENDPOINT=https:\/\/otlp-gateway-.*\/otlp and OTEL_EXPORTER_OTLP_HEADERS=/,
    );
  });
}
