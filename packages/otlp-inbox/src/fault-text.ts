// Faults as they are written on the command line: `slow:500`, `503@0.2`, `hang:body`.

import type { Fault } from './fault.ts';

export const faultHelp = `  slow:MS                the normal answer, MS milliseconds late
  hang[:request|body]    no answer; or not even read; or headers without a body
  cut[:after]            reset the connection before (or after) storing
  lost-answer            store, then reset the connection
  STATUS[:TEXT]          refuse with this status, for instance 401, 413, 503
  retry-after:VALUE      429 with this Retry-After
  partial:N              200, but the first N records of the request are refused
  poison:TEXT            400 for a request with TEXT in one of its lines
  max-bytes:N            413 for a request of more than N bytes
  blocked                260, as Loki answers when its operator blocks ingestion
  html, garbage[:body]   a web page; no HTTP (or a body that means nothing)
  redirect:URL           302
  huge-body:N, drip:N    a body of N bytes; a body at N bytes per second`;

type Parse = (value: string) => Fault | undefined;

const parsers: Readonly<Record<string, Parse>> = {
  slow: counted((ms) => ({ type: 'slow', ms })),
  partial: counted((rejected) => ({ type: 'partial', rejected })),
  'max-bytes': counted((bytes) => ({ type: 'max-bytes', bytes })),
  'huge-body': counted((bytes) => ({ type: 'huge-body', bytes })),
  drip: counted((bytesPerSecond) => ({ type: 'drip', bytesPerSecond })),
  hang: (where) =>
    oneOf(where, ['request', 'body'], (place) => ({ type: 'hang', where: place }), 'hang'),
  cut: (when) => oneOf(when, ['after'], (time) => ({ type: 'cut', when: time }), 'cut'),
  garbage: (where) =>
    oneOf(where, ['body'], (place) => ({ type: 'garbage', where: place }), 'garbage'),
  'lost-answer': plain('lost-answer'),
  html: plain('html'),
  blocked: plain('blocked'),
  'retry-after': (value) => (value === '' ? undefined : { type: 'retry-after', value }),
  redirect: (location) => (URL.canParse(location) ? { type: 'redirect', location } : undefined),
  poison: (text) =>
    text === ''
      ? undefined
      : { type: 'poison', status: 400, test: ({ line }) => line.includes(text) },
};

/** Undefined when the text is no fault. */
export function parseFault(text: string): Fault | undefined {
  const [, spec = text, odds] = /^(.*)@([\d.]+)$/s.exec(text) ?? [];
  const [kind = '', value = ''] = spec.split(/:(.*)/s);
  const fault = Object.hasOwn(parsers, kind) ? parsers[kind]?.(value) : statusFault(kind, value);
  if (fault === undefined || odds === undefined) return fault;
  const probability = Number(odds);
  return probability >= 0 && probability <= 1 ? { ...fault, probability } : undefined;
}

function statusFault(kind: string, body: string): Fault | undefined {
  if (!/^[2-5]\d\d$/.test(kind)) return undefined;
  return { type: 'status', status: Number(kind), body };
}

function counted(make: (count: number) => Fault): Parse {
  return (value) => (/^\d{1,15}$/.test(value) ? make(Number(value)) : undefined);
}

function plain(type: 'lost-answer' | 'html' | 'blocked'): Parse {
  return (value) => (value === '' ? { type } : undefined);
}

function oneOf<Choice extends string>(
  value: string,
  choices: readonly Choice[],
  make: (choice: Choice) => Fault,
  bare: 'hang' | 'cut' | 'garbage',
): Fault | undefined {
  if (value === '') return { type: bare };
  const choice = choices.find((one) => one === value);
  return choice === undefined ? undefined : make(choice);
}
