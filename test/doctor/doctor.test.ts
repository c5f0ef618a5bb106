// The doctor where nothing is wrong, and how it speaks.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { startProgram } from '../journeys/program.ts';
import { token } from './cases.ts';
import { type Diagnosis, Scene } from './scene.ts';

const auth = { username: '424242', password: token };

function stateOf({ report }: Diagnosis, check: string): string | undefined {
  return report.findings.find((finding) => finding.check === check)?.state;
}

function textOf({ report }: Diagnosis, check: string): string {
  const found = report.findings.filter((finding) => finding.check === check);
  return found
    .map(({ fix, message, paste = [] }) => [message, fix, ...paste].join('\n'))
    .join('\n');
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

describe('doctor', { concurrency: 4 }, () => {
  it('finds all well on the direct route, and sends one record that can be found again', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox({ auth });
    const diagnosis = await scene.doctor({
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${inbox.url}/otlp`,
      GRAFANA_CLOUD_INSTANCE_ID: auth.username,
      GRAFANA_CLOUD_API_KEY: token,
    });
    assert.equal(diagnosis.code, 0, diagnosis.stdout);
    assert.equal(diagnosis.report.ok, true);
    for (const check of ['url', 'dns', 'tcp', 'authentication', 'scope', 'record', 'clock']) {
      assert.equal(stateOf(diagnosis, check), 'good', check);
    }
    const [record, ...others] = inbox.records;
    assert.deepEqual(others, []);
    assert.equal(record?.labels.service_name, 'patient');
    assert.ok(textOf(diagnosis, 'labels').includes(String(record?.labels.service_instance_id)));
    assert.equal(record?.level, 'info');
    assert.doesNotMatch(diagnosis.stdout, new RegExp(`${token}|${auth.username}`));
    const settings = new Map(diagnosis.report.settings.map((one) => [one.name, one]));
    assert.match(settings.get('credentials')?.value ?? '', /^Basic, user of 6 digits, token glc_/);
    assert.equal(settings.get('credentials')?.from, 'GRAFANA_CLOUD_API_KEY');
    assert.equal(settings.get('endpoint')?.from, 'GRAFANA_CLOUD_OTLP_ENDPOINT');
    assert.equal(settings.get('compression')?.from, 'default');
  });

  it('finds all well on the route by way of Alloy, whose figures say that it got on', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox({ rules: 'none' });
    const pages = await scene.http((request, response) => {
      if (request.url === '/-/ready') response.end('Alloy is ready.\n');
      else response.end(`otelcol_exporter_sent_log_records_total{a="b"} ${inbox.records.length}\n`);
    });
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url }, [
      '--route',
      'alloy',
      '--alloy',
      pages,
    ]);
    assert.equal(diagnosis.code, 0, diagnosis.stdout);
    assert.equal(stateOf(diagnosis, 'alloy'), 'good');
    assert.equal(stateOf(diagnosis, 'behind-alloy'), 'good');
    assert.match(textOf(diagnosis, 'record'), /handed to Alloy/);
  });

  it('tells an Alloy that is not ready, and one that keeps what it took', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox({ rules: 'none' });
    const pages = await scene.http((request, response) => {
      response.statusCode = request.url === '/-/ready' ? 503 : 200;
      const accepted = `otelcol_receiver_accepted_log_records_total ${inbox.records.length}\n`;
      response.end(`${accepted}otelcol_exporter_queue_size 7\n`);
    });
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url }, [
      '--alloy',
      pages,
      '--timeout',
      '4',
    ]);
    assert.equal(diagnosis.code, 1);
    assert.equal(stateOf(diagnosis, 'alloy'), 'warning');
    assert.match(textOf(diagnosis, 'behind-alloy'), /within 4 s: 7 requests wait in its queue/);
  });

  it('tells a single request that waits in the singular', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox({ rules: 'none' });
    const pages = await scene.http((_request, response) => {
      const accepted = `otelcol_receiver_accepted_log_records_total ${inbox.records.length}\n`;
      response.end(`${accepted}otelcol_exporter_queue_size 1\n`);
    });
    const args = ['--alloy', pages, '--timeout', '4'];
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url }, args);
    assert.match(textOf(diagnosis, 'behind-alloy'), /1 request waits in its queue/);
  });

  it('does not take the figures of another Alloy for those of the one that was asked', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox({ rules: 'none' });
    const pages = await scene.http((_request, response) => {
      response.end('otelcol_exporter_queue_size 7\n');
    });
    const args = ['--alloy', pages, '--timeout', '4'];
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url }, args);
    assert.equal(stateOf(diagnosis, 'behind-alloy'), 'skipped');
    assert.equal(diagnosis.code, 0);
  });

  it('reads its record back from a Loki, with a token for reading', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const asked: IncomingMessage[] = [];
    const loki = await scene.http((request, response) => {
      asked.push(request);
      const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
      const id = /doctor_id="([^"]+)"/.exec(query)?.[1];
      const found = inbox.records.some(({ metadata }) => metadata.doctor_id === id);
      response.end(JSON.stringify({ data: { result: found ? [id] : [] } }));
    });
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url, GRAFANA_CLOUD_LOKI_URL: loki };
    const reader = { GRAFANA_CLOUD_LOKI_USER: '77', GRAFANA_CLOUD_READ_TOKEN: token };
    const diagnosis = await scene.doctor({ ...env, ...reader });
    assert.equal(stateOf(diagnosis, 'read-back'), 'good', diagnosis.stdout);
    const basic = Buffer.from(`77:${token}`).toString('base64');
    assert.equal(asked[0]?.headers.authorization, `Basic ${basic}`);
    assert.doesNotMatch(diagnosis.stdout, new RegExp(`${token}|${basic}`));
  });

  it('skips a Loki that it only guessed, and that lets nobody ask', async (t) => {
    const scene = new Scene(t);
    for (const status of [401, 403, 404, 405]) {
      const loki = await scene.http((request, response) => {
        response.statusCode = request.method === 'POST' ? 204 : status;
        response.end();
      });
      const env = { LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: `${loki}/otlp` };
      const diagnosis = await scene.doctor(env);
      assert.equal(diagnosis.code, 0, diagnosis.stdout);
      assert.equal(stateOf(diagnosis, 'read-back'), 'skipped');
      assert.match(textOf(diagnosis, 'read-back'), new RegExp(`answers no queries .*${status}`));
    }
  });

  it('calls all well by way of Alloy only where it saw what is behind', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox({ rules: 'none' });
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url };
    const pages = await scene.http((_request, response) => {
      response.end(`otelcol_exporter_sent_log_records_total ${inbox.records.length}\n`);
    });
    const closed = await scene.closedPort();
    const sum = async (alloy: string, more: Record<string, string> = {}) => {
      const { stdout } = await scene.command({ ...env, ...more }, ['doctor', '--alloy', alloy]);
      return stdout.trim().split('\n').at(-1) ?? '';
    };
    assert.match(await sum(closed), /^Nothing is wrong as far as Alloy; .* not looked at/);
    assert.equal(await sum(pages), 'All is well.');
    const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    assert.match(
      await sum(closed, inPod),
      /^0 wrong, 1 warning\. What is behind Alloy was not looked at\./,
    );
    assert.doesNotMatch(await sum(pages, inPod), /not looked at/);
  });

  it("says whose console LOG_CONSOLE switches off, where a pod's output is collected", async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    const on = await scene.doctor(env);
    assert.equal(stateOf(on, 'double'), 'warning');
    const off = await scene.doctor({ ...env, LOG_CONSOLE: 'off' });
    assert.equal(stateOf(off, 'double'), 'good');
    assert.match(textOf(off, 'double'), /A logger of the application's own keeps its console/);
  });

  it('warns of a LoggerProvider that the application may bring', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url };
    assert.match(textOf(await scene.doctor(env), 'provider'), /as far as the dependencies tell/);
    scene.install({ '@opentelemetry/sdk-logs': '@opentelemetry/sdk-logs' });
    const diagnosis = await scene.doctor(env);
    assert.equal(stateOf(diagnosis, 'provider'), 'warning');
    assert.match(
      textOf(diagnosis, 'provider'),
      /@opentelemetry\/sdk-logs is among the dependencies/,
    );
  });

  it('gives the query where nobody lets it read the record back', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url });
    assert.equal(stateOf(diagnosis, 'read-back'), 'skipped');
    const id = inbox.records.at(-1)?.metadata.doctor_id;
    const text = textOf(diagnosis, 'read-back');
    assert.ok(text.includes(`{service_name="patient"} | doctor_id="${id}"`), text);
    assert.match(text, /GRAFANA_CLOUD_LOKI_URL .*GRAFANA_CLOUD_READ_TOKEN/);
  });

  it('tells a Loki that lets nothing be read, and one that does not show the record', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    let status = 401;
    const loki = await scene.http((_request, response) => {
      response.statusCode = status;
      response.end(status === 200 ? '{"data":{"result":[]}}' : 'invalid scope requested');
    });
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url, GRAFANA_CLOUD_LOKI_URL: loki };
    const refused = await scene.doctor(env);
    assert.equal(stateOf(refused, 'read-back'), 'wrong');
    assert.match(textOf(refused, 'read-back'), /401: invalid scope.*logs:read/s);
    status = 200;
    const none = await scene.doctor({ ...env, GRAFANA_CLOUD_LOKI_URL: 'loki' });
    assert.match(textOf(none, 'read-back'), /GRAFANA_CLOUD_LOKI_URL does not let .*it is no URL/);
    const missing = await scene.doctor(env, ['--timeout', '1']);
    assert.equal(stateOf(missing, 'read-back'), 'warning');
    assert.match(textOf(missing, 'read-back'), /\{service_name="patient"\} \| doctor_id=/);
  });

  it('asks the upstream exporter about a record that was refused', async (t) => {
    const scene = new Scene(t);
    let isJsonTaken = true;
    const picky = await scene.http(async (request, response) => {
      const body = await buffer(request);
      const isTaken =
        body.length === 0 || (isJsonTaken && /json/.test(request.headers['content-type'] ?? ''));
      response.statusCode = isTaken ? 200 : 400;
      response.end(isTaken ? '' : 'no such thing');
    });
    const env = { ALLOY_OTLP_ENDPOINT: picky };
    const ours = await scene.doctor(env);
    assert.equal(ours.code, 1);
    assert.match(textOf(ours, 'record'), /no such thing/);
    assert.equal(stateOf(ours, 'second-opinion'), 'wrong');
    isJsonTaken = false;
    const both = await scene.doctor(env);
    assert.equal(stateOf(both, 'second-opinion'), 'good');
    assert.match(textOf(both, 'second-opinion'), /refused as well/);
  });

  it('sends its record under the resource that an application would have', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const namespace = `service.namespace=${'n'.repeat(3000)}`;
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url, OTEL_RESOURCE_ATTRIBUTES: namespace };
    const diagnosis = await scene.doctor(env);
    assert.equal(stateOf(diagnosis, 'record'), 'good', textOf(diagnosis, 'record'));
    const { stderr } = await scene.application(env, 'none: it sends everything');
    assert.match(stderr, /OTEL_SETUP_RESOURCE_CHANGED/);
    const [ours, theirs] = inbox.records;
    const label = ours?.labels.service_namespace ?? '';
    assert.ok(label.length > 1000 && label.length <= 2048);
    assert.equal(theirs?.labels.service_namespace, label);
  });

  it('says of its own record neither that it is in quarantine nor that it is counted', async (t) => {
    const scene = new Scene(t);
    const body = "stream '{}' has label value too long: 'patient'";
    const fault = { type: 'status', status: 400, body, contentType: 'text/plain' } as const;
    const inbox = await scene.inbox({}, fault);
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url });
    const text = textOf(diagnosis, 'record');
    assert.match(
      text,
      /refuses every record of this service for the labels that its resource makes \(/,
    );
    assert.doesNotMatch(text, /quarantine|dropped/);
    assert.match(text, /\nOTEL_SERVICE_NAME='<shorter name>'/);
  });

  it('works where winston is missing, and says so', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    rmSync(join(scene.home, 'node_modules', 'winston'));
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url });
    assert.equal(diagnosis.code, 1);
    assert.match(textOf(diagnosis, 'winston'), /npm install winston/);
    assert.equal(stateOf(diagnosis, 'record'), 'good');
  });

  it('leaves the spool of a living process as it is, and of a dead one too', async (t) => {
    const scene = new Scene(t);
    const closed = await scene.closedPort();
    const inbox = await scene.inbox();
    const spool = scene.env.LOG_SPOOL_DIR ?? '';
    const running = startProgram(t, 'burst.ts', {
      env: { ...scene.env, ALLOY_OTLP_ENDPOINT: closed, LOG_CONSOLE: 'off' },
      args: ['50'],
      cwd: scene.home,
    });
    await running.said('\n');
    const before = everyFile(spool);
    const env = { ALLOY_OTLP_ENDPOINT: inbox.url };
    const alive = await scene.doctor(env);
    assert.match(textOf(alive, 'backlog'), /50 records wait.*; 0 of them were left/);
    assert.equal(stateOf(alive, 'backlog'), 'good');
    assert.equal(stateOf(await scene.doctor({ LOG_ROUTE: 'none' }), 'backlog'), undefined);
    running.child.kill('SIGKILL');
    await once(running.child, 'exit');
    const dead = await scene.doctor(env);
    assert.match(textOf(dead, 'backlog'), /50 of them were left.*otel-setup spool replay/s);
    assert.equal(stateOf(dead, 'backlog'), 'warning');
    const silent = await scene.doctor({ LOG_ROUTE: 'none' });
    assert.equal(stateOf(silent, 'spool'), 'skipped');
    assert.equal(stateOf(silent, 'backlog'), 'warning');
    const said = textOf(silent, 'backlog');
    assert.match(said, /50 records of earlier processes wait in .*\(LOG_ROUTE=none\)/);
    assert.match(said, /\nnpx otel-setup spool replay --route alloy$/);
    const disabled = await scene.doctor({ ...env, OTEL_SDK_DISABLED: 'true' });
    assert.match(textOf(disabled, 'backlog'), /\nOTEL_SDK_DISABLED=false npx otel-setup spool/);
    const inMemory = await scene.doctor({ ...env, LOG_DURABILITY: 'memory' });
    assert.match(
      textOf(inMemory, 'backlog'),
      /while no disk is used\..*\nnpx otel-setup spool replay$/s,
    );
    assert.deepEqual(everyFile(spool), before);
    assert.equal(inbox.records.length, 3, 'only its own records were sent');
    const replay = ['spool', 'replay', '--route', 'alloy'];
    const sent = await scene.command({ ...env, OTEL_SDK_DISABLED: 'false' }, replay);
    assert.match(sent.stdout, /50 handed to Alloy/);
    const nothing = await scene.doctor({ LOG_ROUTE: 'none' });
    assert.equal(stateOf(nothing, 'backlog'), undefined);
  });

  it('makes no spool of its own', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const diagnosis = await scene.doctor({ ALLOY_OTLP_ENDPOINT: inbox.url });
    assert.equal(stateOf(diagnosis, 'spool'), 'good');
    assert.deepEqual(readdirSync(scene.folder), ['app']);
  });

  it('reads a file of variables, which those of the process beat', async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const file = join(scene.home, 'staging.env');
    writeFileSync(file, `ALLOY_OTLP_ENDPOINT="${inbox.url}"\nLOG_LEVEL=debug\nLOG_CONSOLE=json\n`);
    const diagnosis = await scene.doctor({ LOG_LEVEL: 'info' }, ['--env-file', 'staging.env']);
    assert.equal(diagnosis.code, 0, diagnosis.stdout);
    const settings = new Map(diagnosis.report.settings.map((one) => [one.name, one]));
    assert.equal(settings.get('endpoint')?.from, 'ALLOY_OTLP_ENDPOINT in staging.env');
    assert.deepEqual(
      [settings.get('level')?.value, settings.get('level')?.from],
      ['info', 'LOG_LEVEL'],
    );
    assert.equal(inbox.records.length, 1);
  });

  it('is well with a laptop that has nothing set, and says what is missing', async (t) => {
    const scene = new Scene(t);
    const { code, stdout } = await scene.command({}, ['doctor']);
    assert.equal(code, 0);
    assert.match(stdout, /Nothing is sent: no route and no endpoint is set/);
    assert.match(stdout, /npx otel-setup env --route direct >> \.env/);
    assert.match(stdout, /0 wrong, 1 warning/);
  });

  it('has colours where they are wanted, and nowhere else', async (t) => {
    const scene = new Scene(t);
    const sgr = '\u001b[';
    const said = async (env: Record<string, string>) =>
      (await scene.command(env, ['doctor'])).stdout;
    assert.ok(!(await said({})).includes(sgr));
    assert.ok((await said({ FORCE_COLOR: '1' })).includes(sgr));
    assert.ok(!(await said({ FORCE_COLOR: '1', NO_COLOR: '1' })).includes(sgr));
  });

  it('exits with 2 where it is called wrongly, and says how it is called', async (t) => {
    const scene = new Scene(t);
    const wrong = [
      ['--rout', 'direct'],
      ['--route', 'none'],
      ['--timeout', '0'],
      ['--timeout', 'soon'],
      ['--alloy', 'alloy:12345'],
      ['now'],
    ];
    for (const args of wrong) {
      const { code, stderr, stdout } = await scene.command({}, ['doctor', ...args]);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^otel-setup: .*(--|now)/, args.join(' '));
    }
    // Node itself looks for that file before the command does; --env is left to the command.
    const missing = await scene.command({}, ['doctor', '--env-file', 'missing.env']);
    assert.notEqual(missing.code, 0);
    assert.match(missing.stderr, /missing\.env/);
    const help = await scene.command({}, ['doctor', '--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /npx otel-setup doctor --env \.env --route alloy/);
  });

  it('ends each sentence before the next, and helps after help as well as before --help', async (t) => {
    const scene = new Scene(t);
    const { stderr } = await scene.command({}, ['doctor', 'now']);
    assert.match(stderr, /positional arguments\. See: npx otel-setup doctor --help\n$/);
    const [after, before] = [
      await scene.command({}, ['help', 'doctor']),
      await scene.command({}, ['doctor', '--help']),
    ];
    assert.equal(after.stdout, before.stdout);
    assert.match((await scene.command({}, ['help'])).stdout, /^Usage: otel-setup <command>/);
    assert.match((await scene.command({}, ['help', 'spool'])).stdout, /^Usage: otel-setup spool/);
    assert.equal((await scene.command({}, ['help', 'nothing'])).code, 2);
  });

  it('says as JSON too that Node is too old', async (t) => {
    const scene = new Scene(t);
    const path = join(scene.folder, 'old.cjs');
    writeFileSync(
      path,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });",
    );
    scene.nodeArgs = ['--require', path];
    const { code, report } = await scene.doctor({});
    assert.equal(code, 1);
    assert.equal(report.ok, false);
    const [node, ...others] = report.findings;
    assert.deepEqual([node?.check, node?.code], ['node', 'OTEL_SETUP_NODE_VERSION']);
    assert.deepEqual(others, []);
  });
});
