// The doctor before an endpoint that speaks https.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { missingOpenssl, type Pem } from '../torture/certificates.ts';
import { type Diagnosis, type Env, type Found, Scene } from './scene.ts';

const missing = missingOpenssl();

function findingsOf({ report }: Diagnosis, check: string): readonly Found[] {
  return report.findings.filter((finding) => finding.check === check);
}

async function serve(scene: Scene, authority: Pem, pem: Pick<Pem, 'key' | 'cert'>): Promise<Env> {
  const { key, cert } = pem;
  const inbox = await scene.inbox({ tls: { key, cert }, rules: 'none' });
  return {
    LOG_ROUTE: 'direct',
    OTEL_EXPORTER_OTLP_ENDPOINT: inbox.url.replace('http:', 'https:'),
    OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certPath,
  };
}

/** One that ends in three days. */
function endingSoon(folder: string, authority: Pem): Pick<Pem, 'key' | 'cert'> {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'soon.key');
  openssl('req', '-new', '-key', 'soon.key', '-subj', '/CN=soon', '-out', 'soon.csr');
  const by = ['-CA', authority.certPath, '-CAkey', authority.keyPath, '-set_serial', '7'];
  const made = ['-days', '3', '-extfile', 'names', '-out', 'soon.pem'];
  openssl('x509', '-req', '-in', 'soon.csr', ...by, ...made);
  const [key = '', cert = ''] = ['soon.key', 'soon.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  return { key, cert };
}

describe('the doctor, before an endpoint that speaks https', {
  skip: missing === undefined ? false : `needs ${missing}`,
}, () => {
  it('goes through to the record where all is well', async (t) => {
    const scene = new Scene(t);
    const certificates = scene.certificates();
    const authority = certificates.authority('authority');
    const env = await serve(scene, authority, certificates.make('server', { by: authority }));
    const diagnosis = await scene.doctor(env);
    assert.equal(diagnosis.code, 0, diagnosis.stdout);
    assert.equal(diagnosis.report.ok, true);
    const [tls] = findingsOf(diagnosis, 'tls');
    assert.equal(tls?.state, 'good', tls?.message);
    assert.match(
      tls?.message ?? '',
      /^TLSv1\.3, a certificate by authority, valid for \d+ days\.$/,
    );
    assert.equal(findingsOf(diagnosis, 'record')[0]?.state, 'good');
  });

  it('warns of a certificate that ends in three days, and goes on', async (t) => {
    const scene = new Scene(t);
    const authority = scene.certificates().authority('authority');
    const env = await serve(scene, authority, endingSoon(scene.folder, authority));
    const diagnosis = await scene.doctor(env);
    const [tls] = findingsOf(diagnosis, 'tls');
    assert.equal(tls?.state, 'warning', tls?.message);
    assert.equal(tls?.code, 'OTEL_SETUP_CERTIFICATE_ENDS');
    assert.match(tls?.message ?? '', /valid for 3 days/);
    assert.match(tls?.paste?.[0] ?? '', /^openssl s_client .*\| openssl x509 -noout .*-enddate$/);
    assert.equal(findingsOf(diagnosis, 'record')[0]?.state, 'good');
    assert.equal(diagnosis.code, 0);
  });

  it('does not call an error of its own an endpoint that cannot be reached', async (t) => {
    const scene = new Scene(t);
    const certificates = scene.certificates();
    const authority = certificates.authority('authority');
    const env = await serve(scene, authority, certificates.make('server', { by: authority }));
    const path = join(scene.folder, 'broken.cjs');
    writeFileSync(
      path,
      `require('node:tls').TLSSocket.prototype.getProtocol = () => {
  throw new Error('no protocol today');
};`,
    );
    scene.nodeArgs = ['--require', path];
    const diagnosis = await scene.doctor(env);
    assert.doesNotMatch(diagnosis.stdout, /cannot be reached|UNREACHABLE/);
    const [finding] = diagnosis.report.findings.filter(({ state }) => state === 'wrong');
    assert.equal(finding?.code, 'OTEL_SETUP_DOCTOR');
    assert.match(finding?.message ?? '', /The doctor itself failed here: no protocol today/);
  });
});
