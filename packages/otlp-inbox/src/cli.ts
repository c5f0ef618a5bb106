#!/usr/bin/env node

// `otlp-inbox`: the receiver in a terminal, or with --json in a pipe.

import { helpText, readArguments, type Settings, UsageError } from './arguments.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { JournalError } from './journal.ts';
import type { RequestEntry } from './store.ts';
import type { StoredRecord } from './stored-record.ts';
import { greeting } from './view/greeting.ts';
import { jsonLine } from './view/json-line.ts';
import { renderRecord } from './view/render-record.ts';
import { renderRequest } from './view/render-request.ts';
import { paint } from './view/text.ts';

/** Records go to standard output; whatever else there is to say, to standard error. */
const show = (text: string): unknown => process.stdout.write(`${text}\n`);
const tell = (text: string): unknown => process.stderr.write(`${text}\n`);

interface View {
  readonly colour: boolean;
  metadata: boolean;
}

async function main(): Promise<void> {
  const settings = readArguments(process.argv.slice(2));
  if (settings === 'help') {
    show(helpText);
    return;
  }
  const view: View = {
    colour: !settings.json && hasColour(process.stdout),
    metadata: settings.metadata,
  };
  const fail = (problem: string) => {
    if (process.exitCode === undefined) tell(`otlp-inbox: ${problem}`);
    process.exitCode = 1;
    end();
  };
  const inbox = await openInbox(
    {
      ...settings.inbox,
      onRecord: (record: StoredRecord) =>
        show(settings.json ? jsonLine(record) : renderRecord(record, view)),
      onRequest: (request: RequestEntry) => {
        const line = renderRequest(request, hasColour(process.stderr));
        if (line !== undefined) tell(line);
      },
      onStranger: eachOnce((problem) => tell(`otlp-inbox: ${problem}`)),
    },
    (error) => {
      if (!(error instanceof JournalError)) throw error;
      fail(error.message);
    },
  );
  inbox.setFault(settings.faults);
  const end = endOnce(inbox);
  // A reader that has seen enough (`| head`) ends us; it is no error. A full disk is.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') end();
    else fail(`standard output cannot be written: ${error.message}`);
  });
  // Whoever looks at the records may have closed the other one.
  process.stderr.on('error', () => undefined);
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  greet(settings, inbox);
  readKeys(settings, view, end);
}

function greet({ inbox: { host = '' }, isOpen, json }: Settings, inbox: Inbox): void {
  for (const line of greeting({ url: inbox.url, host, isOpen })) tell(line);
  if (process.stdin.isTTY && !json) {
    tell(paint('m shows or hides metadata, q ends.', '2', hasColour(process.stderr)));
  }
}

function readKeys({ json }: Settings, view: View, end: () => void): void {
  const { stdin } = process;
  if (!stdin.isTTY || json) return;
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.on('data', (key: string) => {
    if (key === 'm') {
      view.metadata = !view.metadata;
      tell(paint(`metadata ${view.metadata ? 'on' : 'off'}`, '2', view.colour));
    }
    // Ctrl-C and Ctrl-D are keys like any other in raw mode.
    if (key === 'q' || key === '\u0003' || key === '\u0004') end();
  });
}

function endOnce(inbox: Inbox): () => void {
  let isEnding = false;
  return () => {
    if (isEnding) return;
    isEnding = true;
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.pause();
    const { requests, stored, duplicates, rejected } = inbox.totals;
    const rest = `${duplicates} repeats dropped, ${rejected} records rejected`;
    tell(`${stored} records stored from ${requests} requests; ${rest}.`);
    void inbox.close();
  };
}

/** Each text once: such a client tries again and again. */
function eachOnce(say: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    say(text);
  };
}

function hasColour(stream: NodeJS.WriteStream): boolean {
  const { FORCE_COLOR: forced = '', NO_COLOR: none = '' } = process.env;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && none === '';
}

try {
  await main();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const taken =
    code === 'EADDRINUSE' ? '. Another program listens there; choose another --port.' : '';
  tell(`otlp-inbox: ${message}${taken}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
