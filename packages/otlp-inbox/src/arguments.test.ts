import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText, readArguments, UsageError } from './arguments.ts';
import { parseFault } from './fault-text.ts';

function settings(...args: string[]) {
  const read = readArguments(args);
  assert.ok(read !== 'help');
  return read;
}

test('without arguments it listens on loopback, port 4318, with the rules of Loki', () => {
  assert.deepEqual(settings(), {
    inbox: { port: 4318, host: '127.0.0.1', rules: 'loki' },
    faults: [],
    json: false,
    metadata: false,
    isOpen: false,
  });
});

test('every argument is read', () => {
  const args =
    '--port 0 --host ::1 --json --metadata --auth u:p:w --no-rules --max-bytes 5 --journal j';
  const read = settings(...args.split(' '), '--fault', 'cut', '--fault', '503@0.5');
  assert.deepEqual(read, {
    inbox: {
      port: 0,
      host: '::1',
      rules: 'none',
      auth: { username: 'u', password: 'p:w' },
      maxBytes: 5,
      journal: 'j',
    },
    faults: [{ type: 'cut' }, { type: 'status', status: 503, body: '', probability: 0.5 }],
    json: true,
    metadata: true,
    isOpen: false,
  });
});

test('an address beyond this machine must be named, and is known as such', () => {
  assert.equal(settings('--host', '0.0.0.0').isOpen, true);
  assert.equal(settings('--host', '::').isOpen, true);
  assert.equal(settings('--host', '192.168.1.5').isOpen, true);
  assert.equal(settings('--host', '127.0.0.2').isOpen, false);
  assert.equal(settings('--host', 'localhost').isOpen, false);
});

test('wrong arguments say what is right', () => {
  const wrong: [args: string[], text: RegExp][] = [
    [['--port', '70000'], /--port takes a whole number from 0 to 65535, got 70000\./],
    [['--port', 'x'], /--port takes/],
    [['--host', 'example.com'], /--host takes an address such as 127\.0\.0\.1/],
    [['--auth', 'nobody'], /--auth takes USER:PASSWORD\./],
    [['--max-bytes=-1'], /--max-bytes takes/],
    [['--fault', 'unknown'], /--fault does not know unknown\. Those it knows:\n {2}slow:MS/],
    [['--nonsense'], /--nonsense.*See otlp-inbox --help\./],
    [['surplus'], /surplus/],
  ];
  for (const [args, text] of wrong) {
    assert.throws(
      () => readArguments(args),
      (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, text);
        return true;
      },
    );
  }
});

test('a wrong credential is not repeated in the complaint', () => {
  assert.throws(
    () => readArguments(['--auth', 'secret']),
    (error: Error) => !error.message.includes('secret'),
  );
});

test('faults are read as they are written', () => {
  const faults: [text: string, fault: object | undefined][] = [
    ['slow:500', { type: 'slow', ms: 500 }],
    ['slow', undefined],
    ['slow:x', undefined],
    ['hang', { type: 'hang' }],
    ['hang:request', { type: 'hang', where: 'request' }],
    ['hang:body', { type: 'hang', where: 'body' }],
    ['hang:x', undefined],
    ['cut', { type: 'cut' }],
    ['cut:after@0.25', { type: 'cut', when: 'after', probability: 0.25 }],
    ['cut@2', undefined],
    ['lost-answer', { type: 'lost-answer' }],
    ['lost-answer:x', undefined],
    ['401', { type: 'status', status: 401, body: '' }],
    ['503:try later: please', { type: 'status', status: 503, body: 'try later: please' }],
    ['999', undefined],
    ['retry-after:3', { type: 'retry-after', value: '3' }],
    ['retry-after', undefined],
    ['partial:2', { type: 'partial', rejected: 2 }],
    ['max-bytes:1000', { type: 'max-bytes', bytes: 1000 }],
    ['huge-body:5', { type: 'huge-body', bytes: 5 }],
    ['drip:1', { type: 'drip', bytesPerSecond: 1 }],
    ['blocked', { type: 'blocked' }],
    ['html', { type: 'html' }],
    ['garbage:body', { type: 'garbage', where: 'body' }],
    ['redirect:http://127.0.0.1:9/x', { type: 'redirect', location: 'http://127.0.0.1:9/x' }],
    ['redirect:nowhere', undefined],
    ['constructor', undefined],
    ['', undefined],
  ];
  for (const [text, fault] of faults) assert.deepEqual(parseFault(text), fault, text);
  const poison = parseFault('poison:bad');
  assert.ok(poison?.type === 'poison' && poison.status === 400);
});

test('help names every argument and every fault', () => {
  assert.equal(readArguments(['--help', '--port', '1']), 'help');
  for (const name of [
    'port',
    'host',
    'metadata',
    'json',
    'auth',
    'fault',
    'no-rules',
    'max-bytes',
    'journal',
  ]) {
    assert.ok(helpText.includes(`--${name}`), name);
  }
  for (const fault of [
    'slow',
    'hang',
    'cut',
    'lost-answer',
    'retry-after',
    'partial',
    'poison',
    'max-bytes',
    'blocked',
    'html',
    'garbage',
    'redirect',
    'huge-body',
    'drip',
  ]) {
    assert.ok(helpText.includes(fault), fault);
  }
});
