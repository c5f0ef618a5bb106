// Each misconfiguration and fault once: the doctor and the application both name its cause and its fix.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missingOpenssl } from '../torture/certificates.ts';
import { missingDisk } from '../torture/small-disk.ts';
import { type Case, cases, token } from './cases.ts';
import { type Diagnosis, type Ended, Scene } from './scene.ts';

const missing = { openssl: missingOpenssl(), namespaces: missingDisk() };

describe('what goes wrong is named with its fix by the doctor and by the application', {
  concurrency: 4,
}, () => {
  for (const one of cases) {
    const skip = one.needs === undefined ? undefined : missing[one.needs];
    it(one.name, { skip: skip === undefined ? false : `needs ${skip}` }, async (t) => {
      const scene = new Scene(t);
      const env = await one.set(scene);
      const args = (one.doctorArgs ?? []).map((arg) => scene.env[arg.slice(1)] ?? arg);
      const [diagnosis, ended] = await Promise.all([
        scene.doctor(env, args),
        scene.application(env, one.application?.code ?? one.code),
      ]);
      assertDoctor(one, diagnosis);
      assertApplication(one, ended);
      for (const text of [diagnosis.stdout, diagnosis.stderr, ended.stdout, ended.stderr]) {
        assert.ok(!text.includes(token), 'the token is shown');
      }
    });
  }

  it('is a table of at least thirty', () => {
    assert.ok(cases.length >= 30);
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
  });
});

function assertDoctor({ code, says, state = 'wrong' }: Case, { code: exit, report }: Diagnosis) {
  const told = report.findings.filter((finding) => finding.code !== undefined);
  const found = told.find((finding) => finding.code === code && finding.state === state);
  assert.ok(found, `the doctor does not say ${code} as ${state}: ${JSON.stringify(told, null, 1)}`);
  const text = [found.message, found.fix, ...(found.paste ?? [])].join('\n');
  for (const words of says) assert.match(text, words);
  assert.ok((found.paste ?? []).length > 0, `nothing to paste: ${found.message}`);
  assert.equal(exit, report.findings.some((finding) => finding.state === 'wrong') ? 1 : 0);
}

function assertApplication({ application, code, says, silent }: Case, ended: Ended) {
  assert.equal(ended.code, 0, ended.stderr);
  if (silent !== undefined) return;
  const line = ended.stderr.split('\n').find((one) => one.includes(application?.code ?? code));
  assert.ok(line, `the application does not say ${application?.code ?? code}: ${ended.stderr}`);
  const { message } = JSON.parse(line) as { message: string };
  for (const words of application?.says ?? says) assert.match(message, words);
}
