// Every command of the pages is one that a test knows, with flags that exist, or its block says what it needs.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { alloyProgram, missing } from '../real/programs.ts';
import { alloyFlags, isProgram, missingMark, strange } from './commands.ts';
import { type Block, find, type Page, readPage, readPages } from './page.ts';
import { commandsOf } from './shell.ts';

const pages = readPages();

const shellBlocks = ({ blocks }: Page): Block[] =>
  blocks.filter(({ language }) => language === 'sh');

function wrongIn(page: Page): string[] {
  const blocks = shellBlocks(page).flatMap(({ text, line, needs }) => {
    const commands = commandsOf(text);
    const mark = missingMark(commands, needs);
    return [
      ...(mark === undefined ? [] : [`${page.path}:${line} is not marked: needs ${mark}`]),
      ...commands.flatMap((command) => {
        const told = strange(command);
        return told === undefined ? [] : [`${page.path}:${line + 1 + command.line} ${told}`];
      }),
    ];
  });
  const inline = find(page.prose, /`([^`\n]+)`/g).flatMap(({ text, line }) => {
    const [name = '', second] = text.split(' ');
    // A program's name alone is a word of the sentence.
    if (!isProgram(name) || second === undefined || text === 'npm run') return [];
    return commandsOf(text).flatMap((command) => {
      const told = strange(command);
      return told === undefined ? [] : [`${page.path}:${line} ${told}`];
    });
  });
  return [...blocks, ...inline];
}

it('every command is known, or its block says what it needs', () => {
  const commands = pages.flatMap(shellBlocks).flatMap(({ text }) => commandsOf(text));
  assert.ok(commands.length > 80, `${commands.length}`);
  assert.deepEqual(pages.flatMap(wrongIn), []);
});

it('every mark is one of the three, and stands before a block for the shell', () => {
  const marks = pages.flatMap(({ path, prose, blocks }) =>
    find(prose, /^[ \t]*<!-- (needs [^>]*?) -->/gm).map(({ text, line }) => ({
      place: `${path}:${line} ${text}`,
      block: blocks.find((block) => block.line === line + 1),
    })),
  );
  assert.ok(marks.length > 8, `${marks.length}`);
  const idle = marks.filter(({ block }) => block?.language !== 'sh' || block.needs === undefined);
  assert.deepEqual(
    idle.map(({ place }) => place),
    [],
  );
});

it('the real Alloy knows the flags', { skip: missing('alloy') }, () => {
  const { stdout, stderr } = spawnSync(alloyProgram ?? '', ['run', '--help'], { encoding: 'utf8' });
  assert.deepEqual(
    alloyFlags.filter((flag) => !`${stdout}${stderr}`.includes(`${flag} `)),
    [],
  );
});

it('a line for the shell is taken apart as a shell does', () => {
  const text = [
    'A=1 B="two words" node --env-file=.env app.js  # why',
    "printf '%s\\n' \"$(openssl passwd 'a b')\" > file && cp a b | jq '.x | .y'",
    'curl --fail \\',
    '  -H "X: y"; cd /tmp',
    'X=<zone>',
  ].join('\n');
  assert.deepEqual(
    commandsOf(text).map(({ line, words, variables }) => [line, ...variables, '-', ...words]),
    [
      [0, 'A=1', 'B=two words', '-', 'node', '--env-file=.env', 'app.js'],
      [1, '-', 'printf', '%s\\n', "$(openssl passwd 'a b')"],
      [1, '-', 'cp', 'a', 'b'],
      [1, '-', 'jq', '.x | .y'],
      [2, '-', 'curl', '--fail', '-H', 'X: y'],
      [3, '-', 'cd', '/tmp'],
      [4, 'X=<zone>', '-'],
    ],
  );
});

it('a command with each of these faults is caught', () => {
  const faults = [
    'npm run tset',
    'npm run torture -- --shrot',
    'npm run torture -- --only T99',
    'npm run real -- --only smal',
    'npm run bench -- --only ours-recrod',
    'npm run bench -- --run 3',
    'npm run compat -- --only nobody',
    'npm run soak -- --minute 3',
    'npm instal otel-setup',
    'npm install otel-setpu',
    'npx otel-stup doctor',
    'node --imprt otel-setup/register app.js',
    'node --import otel-setup/regsiter app.js',
    'node --env-fil=.env app.js',
    'npx node --test test/docs/none.test.ts',
    'alloy run --stability.levle=experimental a.alloy',
    'git gerp x',
    'wget https://grafana.com',
    'cd deploy/compse',
  ];
  for (const fault of faults) {
    const page = readPage('docs/made-up.md', `\`\`\`sh\n${fault}\n\`\`\`\n`);
    assert.equal(wrongIn(page).length, 1, fault);
  }
  const unmarked = [
    'docker compose up',
    'fly deploy',
    'kubectl apply -f a.yaml',
    'helm install a b',
  ];
  for (const line of unmarked) {
    const block = `\`\`\`sh\n${line}\n\`\`\`\n`;
    assert.equal(wrongIn(readPage('docs/made-up.md', block)).length, 1, line);
    const other = `<!-- needs nothing -->\n${block}`;
    assert.equal(wrongIn(readPage('docs/made-up.md', other)).length, 1, line);
  }
  const marked = '<!-- needs docker -->\n```sh\ndocker compose pu\n```\n';
  assert.deepEqual(wrongIn(readPage('docs/made-up.md', marked)), ['docs/made-up.md:3 docker: pu']);
  assert.equal(wrongIn(readPage('docs/made-up.md', 'Run `npm run tset` now.')).length, 1);
});
