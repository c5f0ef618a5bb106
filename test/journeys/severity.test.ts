import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

const expected = {
  npm: 'error 17, warn 13, info 9, http 7 debug, verbose 6 debug, debug 5, silly 1 trace',
  syslog:
    'emerg 23 fatal, alert 22 fatal, crit 21 fatal, error 17, warning 13 warn, notice 10 info, info 9, debug 5',
  cli: 'error 17, warn 13, help 11 info, data 10 info, info 9, debug 5, prompt 4 trace, verbose 6 debug, input 2 trace, silly 1 trace',
  own: 'security 21 fatal, error 17, audit 13 warn, info 9, chatter 4 trace',
};

it('every level of winston, and one’s own by rank or by table, has a level that Grafana knows', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    LOG_CONSOLE: 'off',
  };
  const ended = await runProgram(t, 'severities.ts', { env });
  assert.equal(ended.code, 0, ended.stderr);
  const found: Record<string, string[]> = {};
  for (const { record, level } of inbox.records) {
    const { set, logged, 'winston.level': name } = record.attributes;
    assert.equal(record.severityText, level);
    assert.equal(name ?? level, logged);
    const shown = [logged, record.severityNumber, level === logged ? '' : level].join(' ');
    found[String(set)] = [...(found[String(set)] ?? []), shown.trim()];
  }
  assert.deepEqual(
    Object.fromEntries(Object.entries(found).map(([set, levels]) => [set, levels.join(', ')])),
    expected,
  );
});
