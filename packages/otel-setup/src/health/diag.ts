// What OpenTelemetry's packages say by `diag`, as notices: without a logger they say it to nobody.

import { inspect } from 'node:util';
import type { DiagLogger } from '@opentelemetry/api';
import type { Notice } from '../errors.ts';

/** Tells a notice; those of one key are repeats of each other. */
export type TellApart = (notice: Notice, key: string) => void;

const code = 'OTEL_SETUP_OTEL';
const mostCharacters = 500;
const mostTexts = 20;

// The API says this to each logger that is replaced: to ours, when the application sets its own.
const replaced = 'Current logger will be overwritten';

// And this to whoever comes second, a NodeSDK started after init() for example: as it should be, and no error.
const refused = 'Attempted duplicate registration of API: logs';
const stays =
  'another LoggerProvider, as a NodeSDK makes one, was not registered: log sources of OpenTelemetry stay with the first one. ' +
  'Where that is the one of init(), nothing is wrong; processors of the other belong into init({ processors })';

/** @param clean makes foreign words short and takes secrets out of them. */
export function createDiag(clean: (words: string) => string, tell: TellApart): DiagLogger {
  const keys = new Set<string>();
  let isTelling = false;

  const say =
    (level: Notice['level']) =>
    (...words: unknown[]): void => {
      // Whoever hears a notice may have reason to say something by `diag` again.
      if (isTelling) return;
      isTelling = true;
      try {
        const text = clean(words.map(wordOf).join(' '));
        if (text.includes(refused)) {
          tell({ code, level: 'info', message: messageOf(stays) }, keyOf(stays, keys));
        } else if (!text.startsWith(replaced)) {
          tell({ code, level, message: messageOf(text) }, keyOf(text, keys));
        }
      } finally {
        isTelling = false;
      }
    };
  const debug = say('debug');
  return { error: say('error'), warn: say('warn'), info: say('info'), debug, verbose: debug };
}

function messageOf(text: string): string {
  return `An OpenTelemetry package says: ${text} (OTEL_LOG_LEVEL sets how much of this is told)`;
}

/** Texts that differ in their numbers only are one; after 20 texts the others share a key. */
function keyOf(text: string, keys: Set<string>): string {
  const key = text.slice(0, 100).replace(/[0-9a-f]*[0-9][0-9a-f]*/gi, '#');
  if (!keys.has(key) && keys.size >= mostTexts) return code;
  keys.add(key);
  return `${code} ${key}`;
}

function wordOf(word: unknown): string {
  if (typeof word === 'string') return (flattenedError(word) ?? word).slice(0, mostCharacters);
  if (word instanceof Error) return `${word.name}: ${word.message}`;
  try {
    return inspect(word, {
      depth: 1,
      customInspect: false,
      maxStringLength: 100,
      breakLength: Infinity,
    });
  } catch {
    // A hostile object has no text.
    return typeof word;
  }
}

/** OpenTelemetry's error handler says an error as JSON of all its fields, the stack first. */
function flattenedError(text: string): string | undefined {
  if (!text.startsWith('{"')) return undefined;
  try {
    const { name, message, code: errorCode, stack } = JSON.parse(text) as Record<string, unknown>;
    if (typeof stack !== 'string') return undefined;
    // That no address of a name can be reached is an AggregateError without a message.
    const words = [name ?? 'Error', message || errorCode].filter((word) => word !== undefined);
    return words.map(String).join(': ');
  } catch {
    // No JSON after all.
    return undefined;
  }
}
