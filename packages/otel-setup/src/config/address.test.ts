import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForbiddenAddress, isGrafanaHost, isPublicAddress, isPublicHost } from './address.ts';

test('link-local and metadata addresses are forbidden in every spelling', () => {
  for (const ip of [
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '[::ffff:a9fe:a9fe]',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::a9fe:a9fe',
    'fd00:ec2::254',
    'FD00:0EC2:0:0:0:0:0:0254',
    'fe80::1',
    'fe80::1%eth0',
    '100.100.100.200',
  ]) {
    assert.equal(isForbiddenAddress(ip), true, ip);
  }
});

test('loopback, private and public addresses are not forbidden', () => {
  for (const ip of [
    '127.0.0.1',
    '::1',
    '::',
    '10.0.0.1',
    '8.8.8.8',
    'fd00:ec2::255',
    'fdaa::3',
    'x',
  ]) {
    assert.equal(isForbiddenAddress(ip), false, ip);
  }
});

test('an address is public unless a private network holds it', () => {
  for (const ip of ['8.8.8.8', '172.32.0.1', '2001:db8::1', '::ffff:8.8.8.8', '1::', 'not an ip']) {
    assert.equal(isPublicAddress(ip), true, ip);
  }
  for (const ip of [
    ...[
      '127.0.0.1',
      '::1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
    ],
    ...['0.0.0.0', '::', 'fc00::1', 'fdaa:0:1::3', 'fe80::1', '::ffff:10.0.0.1', '::ffff:7f00:1'],
  ]) {
    assert.equal(isPublicAddress(ip), false, ip);
  }
});

test('a host name is public unless only a private network answers for it', () => {
  for (const host of [
    'logs.example.com',
    'grafana.net',
    'alloy.monitoring',
    '8.8.8.8',
    '[2001:db8::1]',
  ]) {
    assert.equal(isPublicHost(host, false), true, host);
  }
  for (const host of [
    ...['localhost', 'alloy', 'a.localhost', 'shop.internal', 'nas.local', 'alloy.monitoring.svc'],
    ...[
      'alloy.monitoring.svc.cluster.local',
      'shop.flycast',
      'host.docker.internal',
      'x.internal.',
    ],
    ...['127.0.0.1', '[::1]', '[fdaa::3]'],
  ]) {
    assert.equal(isPublicHost(host, false), false, host);
  }
  assert.equal(isPublicHost('alloy.monitoring', true), false);
  assert.equal(isPublicHost('stack.grafana.net', true), true);
});

test('a host is Grafana Cloud only under grafana.net', () => {
  assert.equal(isGrafanaHost('otlp-gateway-prod-eu-west-0.grafana.net'), true);
  assert.equal(isGrafanaHost('OTLP-gateway-x.aws-eu-1-2.Grafana.net.'), true);
  assert.equal(isGrafanaHost('evilgrafana.net'), false);
  assert.equal(isGrafanaHost('grafana.net.evil.com'), false);
});
