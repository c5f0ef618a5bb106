// Logs records at, just below and just above each of Loki's limits, through every door; prints the ledger.
import { SeverityNumber } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { init } from 'otel-setup';

const { logger, loggerProvider, processor, flush, stats } = init();
let id = 0;
const names: string[] = [];

function log(name: string, message: unknown, fields: object = {}): void {
  names.push(name);
  logger.log({ level: 'info', message, id: id++, ...fields } as never);
}

const filled = (length: number, unit = 'x') => unit.repeat(Math.ceil(length / unit.length));
const numbered = (count: number, key = (i: number) => `k${i}`, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [key(i), value]));

// The line: 256 KiB.
for (const by of [-1, 0, 1, 10_000]) {
  log(`line ${by}`, filled(262_144 + by));
}
log('line of wide characters', filled(262_145, 'ü'));
log('line of a map', { html: filled(250_000, '<&>'), control: filled(20_000, '\u0001') });
log(
  'line of an array',
  Array.from({ length: 1_000 }, (_, i) => filled(300, `"${i}\n`)),
);
log('line of numbers', [numbered(900, undefined, [0.5, 1, -1e300, 2 ** 53])]);
log('line of bytes', Buffer.alloc(262_144, 1));

// Structured metadata: 64 KiB.
for (let bytes = 56_000; bytes <= 66_000; bytes += 500) {
  log(`one attribute of ${bytes}`, 'm', { big: filled(bytes) });
  log(`ten attributes of ${bytes}`, 'm', numbered(10, undefined, filled(bytes / 10)));
}
log('wide characters', 'm', { big: filled(80_000, '日') });
log('html in an array', 'm', { list: Array.from({ length: 500 }, () => filled(120, '<&>')) });
log('control characters in an array', 'm', { list: [filled(20_000, '\u0001')] });
log('numbers in an array', 'm', {
  list: Array.from({ length: 900 }, () => [1e300, -1e-300, 1, 0.5]),
});
log('bytes', 'm', { bytes: Buffer.alloc(60_000, 1) });
log('long paths', 'm', {
  [filled(250, 'a')]: { [filled(250, 'b')]: { [filled(250, 'c')]: numbered(100) } },
});
log('long names', 'm', {
  ...numbered(128, (i) => `${filled(300)}${i}`, filled(100, 'ü')),
});

// 128 entries.
for (let count = 100; count <= 132; count++) {
  log(`${count} attributes`, 'm', numbered(count));
  log(`${count} leaves`, 'm', { map: numbered(count) });
}
log('100,000 attributes', 'm', numbered(100_000));
const error = Object.assign(new Error('boom'), { code: 'E1' });
log('an error behind 130 attributes', 'm', { ...numbered(130), error });

// Names.
log('names that are nothing', 'm', { '': 1, '---': 2, 日本語: 3, '\u0000': 4, __proto__x: 5 });
log('names that meet', 'm', { 'a.b': 1, a_b: 2, 'a-b': 3, a: { b: 4 }, A_B: 5 });
log('names of the record', 'm', {
  ...{ trace_id: 'a', 'trace.id': 'b', trace: { id: 'c' }, flags: 1, 'severity.text': 'd' },
  ...{ scope_name: 'e', scope: { version: 'f' }, observed_timestamp: 1, detected_level: 'fatal' },
  ...{ log: { level: 'fatal' }, service_version: 'g', service: { version: 'h', name: 'i' } },
});

// Other sources.
interface Emitter {
  emit(record: object): void;
}
function emit(name: string, emitter: Emitter, record: object = {}, attributes: object = {}): void {
  names.push(name);
  const severity = { severityNumber: SeverityNumber.WARN, severityText: 'warn' };
  emitter.emit({
    body: 'emitted',
    ...severity,
    ...record,
    attributes: { id: id++, ...attributes },
  });
}
const plain = loggerProvider.getLogger('plain') as unknown as Emitter;
emit('long fields', plain, { eventName: filled(10_000, 'e'), severityText: filled(10_000, 's') });
emit('300 emitted attributes', plain, {}, numbered(300, undefined, filled(1_000)));

const hugeAttributes = {
  ...numbered(200, (i) => `attribute.${i}`, filled(500)),
  ...{ huge: filled(100_000), '': 'x', '---': 'y', level: 'fatal', 'severity.text': 'z' },
  ...{ trace_id: 'a', 'a.b': 1, a_b: 2, 'lone\ud800': '\udc00' },
};
type GetLogger = (name: string, version: string, options: object) => Emitter;
const getLogger = loggerProvider.getLogger.bind(loggerProvider) as unknown as GetLogger;
const hugeScope = { attributes: hugeAttributes };
emit('a huge scope', getLogger(filled(100_000, 'n'), filled(100_000, 'v'), hugeScope));
emit(
  'a full record of a huge scope',
  getLogger(filled(2_000, 'm'), '1', hugeScope),
  { eventName: 'e' },
  numbered(128, undefined, filled(2_000)),
);

// A provider of the application's own, with a resource of its own.
function foreign(attributes: object): Emitter {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'foreign', ...attributes } as never),
    processors: [processor],
  });
  return provider.getLogger('foreign') as unknown as Emitter;
}
const labels = [
  ...['service.namespace', 'service.instance.id', 'deployment.environment'],
  ...['deployment.environment.name', 'cloud.region', 'cloud.availability_zone'],
  ...['k8s.cluster.name', 'k8s.namespace.name', 'k8s.pod.name', 'k8s.container.name'],
  ...['container.name', 'k8s.replicaset.name', 'k8s.deployment.name', 'k8s.statefulset.name'],
  ...['k8s.daemonset.name', 'k8s.cronjob.name', 'k8s.job.name'],
];
const all = Object.fromEntries(labels.map((label) => [label, 'v']));
const fifteen = Object.fromEntries(labels.slice(0, 15).map((label) => [label, 'v']));
for (const by of [-1, 0, 1, 5_000]) {
  emit(`a label of ${2_048 + by} bytes`, foreign({ 'k8s.pod.name': filled(2_048 + by) }));
}
emit('a label of wide characters', foreign({ 'k8s.pod.name': filled(1_500, '日') }));
emit('a label that is no UTF-16', foreign({ 'k8s.pod.name': 'a\ud800b' }));
emit('a label that is a list', foreign({ 'k8s.pod.name': ['a', 'b'] }));
emit('15 labels', foreign(fifteen));
emit('17 labels', foreign(all));
emit('a huge resource', foreign({ ...all, ...hugeAttributes }));
emit(
  'a full record of a huge resource',
  foreign(hugeAttributes),
  { eventName: filled(600, 'e') },
  { ...numbered(128, undefined, filled(2_000)), list: [filled(70_000, '<')] },
);
emit('a record that meets its resource', foreign({ team: 'a' }), {}, { team: 'b' });

await flush(60_000);
process.stdout.write(`${JSON.stringify({ names, stats: stats() })}\n`);
