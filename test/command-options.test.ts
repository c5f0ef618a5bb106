// Every command says which options it takes, instead of a stack trace or of running.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Every script that is a program of ours; the demo and the smoke test have tests of their own. */
const programs = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /node (\S+\.ts)$/.exec(script) ?? [];
  return file === undefined ? [] : [[name, file] as const];
});

const run = (file: string, arg: string) =>
  spawnSync(process.execPath, [file, arg], { cwd: root, encoding: 'utf8' });

for (const [name, file] of programs) {
  it(`npm run ${name} -- --help prints its options, and so does a wrong one`, () => {
    const help = run(file, '--help');
    assert.equal(help.status, 0, help.stderr);
    assert.ok(help.stdout.startsWith(`npm run ${name} `), help.stdout);
    const wrong = run(file, '--halp');
    assert.equal(wrong.status, 2);
    assert.ok(wrong.stderr.endsWith(help.stdout), wrong.stderr);
    assert.doesNotMatch(wrong.stderr, /\n {4}at /);
  });
}
