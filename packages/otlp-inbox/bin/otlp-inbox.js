#!/usr/bin/env node
// Stands before the build, so that npm can link the command on a fresh clone.

const { node } = process.versions;
const [major = 0, minor = 0] = node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 15)) {
  // Said here: an older Node does not even link what follows.
  process.stderr.write(`otlp-inbox: Node ${node} is too old. Use Node 22.15.0 or newer.\n`);
  process.exitCode = 1;
} else {
  await import('../dist/cli.js');
}
