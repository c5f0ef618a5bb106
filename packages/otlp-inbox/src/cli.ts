#!/usr/bin/env node

// `otlp-inbox`: the receiver in a terminal, or with --json in a pipe.

import { helpText, readArguments, type Settings, UsageError } from './arguments.ts';
import { type Inbox, startInbox } from './inbox.ts';
import type { StoredRecord } from './stored-record.ts';
import { jsonLine } from './view/json-line.ts';
import { renderRecord } from './view/render-record.ts';
import { paint } from './view/text.ts';

const say = (text: string): unknown => process.stdout.write(`${text}\n`);
const tell = (text: string): unknown => process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const settings = readArguments(process.argv.slice(2));
  if (settings === 'help') {
    say(helpText);
    return;
  }
  const view = { colour: settings.json ? false : hasColour(), metadata: settings.metadata };
  const show = (record: StoredRecord) =>
    say(settings.json ? jsonLine(record) : renderRecord(record, view));
  const inbox = await startInbox({ ...settings.inbox, onRecord: show });
  inbox.setFault(settings.fault);
  const end = endOnce(inbox);
  // A reader that has seen enough (`| head`) ends us; it is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') end();
    else throw error;
  });
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  greet(settings, inbox, view.colour);
  readKeys(settings, view, end);
}

function greet(settings: Settings, inbox: Inbox, colour: boolean): void {
  const dim = (text: string) => paint(text, '2', colour);
  tell(`Listening on ${inbox.url} (POST /v1/logs or /otlp/v1/logs)`);
  if (settings.isOpen) {
    tell(
      `Everybody who reaches ${settings.inbox.host} can send to it and read nothing; there is no TLS.`,
    );
  }
  if (process.stdin.isTTY && !settings.json) tell(dim('m: metadata on or off, q: quit'));
}

function readKeys(settings: Settings, view: { metadata: boolean }, end: () => void): void {
  const { stdin } = process;
  if (!stdin.isTTY || settings.json) return;
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.on('data', (key: string) => {
    if (key === 'm') view.metadata = !view.metadata;
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
    tell(
      `${stored} records stored from ${requests} requests, ${duplicates} repeats, ${rejected} rejected`,
    );
    void inbox.close();
  };
}

function hasColour(): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: none } = process.env;
  if (forced !== undefined && forced !== '') return forced !== '0';
  return process.stdout.isTTY === true && (none === undefined || none === '');
}

try {
  await main();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const taken =
    code === 'EADDRINUSE' ? ' Another program listens there; choose another --port.' : '';
  tell(`otlp-inbox: ${message}${taken}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
