// Whatever a page says that a machine can look up is true: links, commands, files, variables, codes, blocks of code.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { it } from 'node:test';
import { transformSync } from 'esbuild';
import { run } from '../../packages/otel-setup/src/cli/run.ts';
import type { Terminal } from '../../packages/otel-setup/src/cli/terminal.ts';
import { variableNames, variables } from '../../packages/otel-setup/src/config/variables.ts';
import { realWorld } from '../../packages/otel-setup/src/real-world.ts';
import { helpText as inboxHelp } from '../../packages/otlp-inbox/src/arguments.ts';
import { temporaryFolder } from '../journeys/program.ts';
import {
  anchors,
  type Block,
  type Found,
  find,
  links,
  othersVariables,
  type Page,
  readPage,
  readPages,
  root,
  typed,
} from './page.ts';

const noShell = process.platform === 'win32' && 'needs sh';
const pages = readPages();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pageAt = new Map(pages.map((page) => [page.path, page]));

/** `page:line: what` for each thing that is not as it is said. */
function problems(look: (page: Page) => readonly Found[], among = pages): string[] {
  return among.flatMap((page) =>
    look(page).map(({ text, line }) => `${page.path}:${line} ${text}`),
  );
}

const exists = (path: string) => path === '' || globSync(path, { cwd: root }).length > 0;

function targetOf(page: Page, link: string): { path: string; anchor: string | undefined } {
  const [file = '', anchor] = link.split('#');
  const path = posix.normalize(posix.join(posix.dirname(page.path), file));
  return { path: file === '' ? page.path : path.replace(/\/$/, ''), anchor };
}

function isBroken(page: Page, link: string): boolean {
  if (/^(?:https:\/\/|mailto:)/.test(link)) return !URL.canParse(link);
  const { path, anchor } = targetOf(page, link);
  if (path !== page.path && (path.startsWith('..') || !exists(path))) return true;
  const target = path === page.path ? page : pageAt.get(path);
  return anchor !== undefined && target !== undefined && !anchors(target).has(anchor);
}

it('no link of the pages in the package leads out of them', (t) => {
  const to = join(temporaryFolder(t), 'docs');
  const script = join(root, 'packages/otel-setup/copy-docs.js');
  const copied = spawnSync(process.execPath, [script, join(root, 'docs'), to]);
  assert.equal(copied.status, 0, String(copied.stderr));
  const names = globSync('**/*.md', { cwd: to });
  assert.ok(names.length > 12, `${names.length} pages`);
  const dead = names.flatMap((name) => {
    return links(readPage(name, readFileSync(join(to, name), 'utf8')))
      .filter(({ text }) => !/^(?:https:|mailto:|#)/.test(text))
      .filter(({ text }) => !existsSync(join(to, dirname(name), text.split('#')[0] ?? '')))
      .map(({ text }) => `${name}: ${text}`);
  });
  assert.deepEqual(dead, []);
});

it('every link leads to a file and to a heading of it', () => {
  assert.ok(pages.length > 12, `${pages.length} pages`);
  assert.deepEqual(
    problems((page) => links(page).filter(({ text }) => isBroken(page, text))),
    [],
  );
});

it('every page of docs/ is linked from another one', () => {
  const linked = new Set(
    pages.flatMap((page) =>
      links(page)
        .map(({ text }) => targetOf(page, text).path)
        .filter((path) => path !== page.path),
    ),
  );
  const alone = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
  assert.deepEqual(
    alone.filter((path) => !linked.has(path)),
    [],
  );
});

const blocksOf = (language: RegExp) => (page: Page) =>
  page.blocks.filter((block) => language.test(block.language));

const failing = (language: RegExp, check: (block: Block) => void) => (page: Page) =>
  blocksOf(language)(page).flatMap((block) => {
    try {
      check(block);
      return [];
    } catch (error) {
      return [{ line: block.line, text: String(error) }];
    }
  });

const known =
  /^(?:|text|sh|ts|js|cjs|json|alloy|logql|yaml|toml|ini|dockerfile|diff|promql|mermaid|sql|python|html|hcl)$/i;

it('every block has a language that is known', () => {
  assert.deepEqual(
    problems((page) =>
      page.blocks
        .filter(({ language }) => !known.test(language))
        .map(({ language, line }) => ({ line, text: language })),
    ),
    [],
  );
});

it('a block without a language is output, not something to type', () => {
  const input = /^(?:\$ |npm |npx |node |export |docker |kubectl |fly |import |curl |const )/m;
  assert.deepEqual(
    problems((page) =>
      blocksOf(/^(?:text)?$/)(page)
        .filter(({ text }) => input.test(text))
        .map(({ line }) => ({ line, text: 'has something to type' })),
    ),
    [],
  );
});

it('every npm script that is named exists', () => {
  const scripts = new Set(Object.keys(JSON.parse(read('package.json')).scripts));
  const missing = problems((page) =>
    typed(page).flatMap(({ text, line }) =>
      find(text, /\bnpm run ([\w:-]+)/g, line).filter((found) => !scripts.has(found.text)),
    ),
  );
  assert.deepEqual(missing, []);
});

it('every block for the shell is one that a shell can read', { skip: noShell }, () => {
  const parse = ({ text }: Block) => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };
  assert.deepEqual(problems(failing(/^sh$/, parse)), []);
});

/** What the command prints, run in this process. */
async function help(args: readonly string[]): Promise<string> {
  let printed = '';
  const terminal: Terminal = {
    out: async (text) => {
      printed += text;
    },
    tell: (line) => {
      printed += line;
    },
    progress: () => undefined,
    confirm: () => undefined,
    isGone: false,
    paint: (text) => text,
    columns: 120,
  };
  const code = await run([...args, '--help'], terminal, realWorld());
  return code === 0 ? printed : '';
}

/** Of a line to type: the command's own words, up to a pipe, a redirection, a quote or a comment. */
const wordsOf = (line: string, command: string): string[][] =>
  Array.from(
    line.matchAll(new RegExp(`(?:npx |^|["(] ?|&& )${command}(?= [a-z-]|$)([^|>#;&)"']*)`, 'g')),
    ([, words = '']) => words.trim().split(/\s+/).filter(Boolean),
  );

async function unknownWords(words: readonly string[]): Promise<string | undefined> {
  const [command = '', sub = ''] = words;
  if (command === '' || command.startsWith('-')) return undefined;
  const text = await help([command]);
  if (text === '') return `has no command ${command}`;
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]);
  const own = /^[a-z]+$/.test(sub) && command === 'spool' ? await help([command, sub]) : text;
  if (own === '') return `${command} has no ${sub}`;
  const strange = flags.filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(text + own));
  return strange.length === 0 ? undefined : `${command} has no ${strange.join(', ')}`;
}

it('every otel-setup command and flag is known to the command', async () => {
  const lines = pages.flatMap((page) =>
    typed(page).flatMap(({ text, line }) =>
      wordsOf(text, 'otel-setup').map((words) => ({ place: `${page.path}:${line}`, words })),
    ),
  );
  assert.ok(lines.length > 10, `${lines.length}`);
  const strange: string[] = [];
  for (const { place, words } of lines) {
    const unknown = await unknownWords(words);
    if (unknown !== undefined) strange.push(`${place} ${unknown}`);
  }
  assert.deepEqual(strange, []);
});

it('every otlp-inbox flag is known to the command', () => {
  assert.deepEqual(
    problems((page) =>
      typed(page).flatMap(({ text, line }) =>
        wordsOf(text, 'otlp-inbox')
          .flat()
          .filter((word) => word.startsWith('-') && !inboxHelp.includes(word.split('=')[0] ?? ''))
          .map((word) => ({ text: word, line })),
      ),
    ),
    [],
  );
});

const ofRepository =
  /(?<![\w./@-])((?:\.\/)?(?:packages|test|docs|deploy|bench|\.github|\.ci)\/[\w./*{},@-]*)/g;

it('every file of this repository that is named exists', () => {
  // Built files are there after a build only.
  const isMissing = ({ text }: Found) => {
    const path = text.replace(/[.,]+$/, '').replace(/\/$/, '');
    return !/\/(?:dist|node_modules)(?:\/|$)/.test(path) && !exists(path);
  };
  assert.deepEqual(
    problems((page) =>
      typed(page).flatMap(({ text, line }) => find(text, ofRepository, line).filter(isMissing)),
    ),
    [],
  );
});

const variable = /(?<![\w$-])((?:LOG|OTEL|GRAFANA_CLOUD|ALLOY|LOKI)_[A-Z0-9_]+\*?)(?![\w-])/g;

function isKnown(name: string): boolean {
  if (name.startsWith('OTEL_SETUP_')) return true;
  const prefix = name.replace(/\*$/, '');
  return prefix.endsWith('_')
    ? variableNames.some((each) => each.startsWith(prefix))
    : variableNames.includes(prefix) || prefix in othersVariables;
}

it('every variable that is named is read', () => {
  assert.deepEqual(
    problems((page) =>
      [{ text: page.prose, line: 1 }, ...page.blocks].flatMap(({ text, line }) =>
        find(text, variable, line).filter((found) => !isKnown(found.text)),
      ),
    ),
    [],
  );
});

it('every default that a table gives for a variable is the one in force', () => {
  const wrong = problems(({ prose }) =>
    prose.split('\n\n').flatMap((part, index, parts) => {
      const [head = '', , ...rows] = part.trimStart().split('\n');
      const column = head.split('|').findIndex((cell) => cell.trim().toLowerCase() === 'default');
      if (column < 0) return [];
      const line = parts.slice(0, index).join('\n\n').split('\n').length + 3;
      return rows.flatMap((row, at) => {
        const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
        const name = /^`([A-Z][A-Z0-9_]+)`/.exec(cells[1] ?? '')?.[1] ?? '';
        const said = variables.find(({ names }) => names.includes(name))?.default;
        const isWrong = said !== undefined && said !== cells[column];
        return isWrong ? [{ line: line + at, text: `${name}: ${cells[column]}, not ${said}` }] : [];
      });
    }),
  );
  assert.deepEqual(wrong, []);
});

it('every code is one that troubleshooting.md explains', () => {
  const explained = read('docs/troubleshooting.md');
  assert.deepEqual(
    problems((page) =>
      [{ text: page.prose, line: 1 }, ...page.blocks].flatMap(({ text, line }) =>
        find(text, /\bOTEL_SETUP_[A-Z_]*[A-Z]\b(?!_)/g, line).filter(
          (found) => !explained.includes(found.text),
        ),
      ),
    ),
    [],
  );
});

it('every json block parses, whole or line by line', () => {
  const parse = ({ text }: Block) => {
    try {
      JSON.parse(text);
    } catch {
      for (const line of text.trim().split('\n')) JSON.parse(line);
    }
  };
  assert.deepEqual(problems(failing(/^json$/, parse)), []);
});

const exported = new Set(
  Array.from(read('packages/otel-setup/src/index.ts').matchAll(/\{([^}]*)\}/g), ([, names = '']) =>
    names.split(',').map((name) => name.replace(/^\s*type\s/, '').trim()),
  ).flat(),
);

function checkCode({ text, language }: Block): void {
  const code = text.replaceAll(/^\s*\.\.\.\s*$/gm, '');
  transformSync(code, { loader: language === 'ts' ? 'ts' : 'js', logLevel: 'silent' });
  for (const [, names = ''] of code.matchAll(
    /(?:import|const)\s+(?:type\s+)?\{([^}]*)\}\s*(?:from|=\s*require\()\s*['"]otel-setup['"]/g,
  )) {
    const strange = names
      .split(',')
      .map(
        (name) =>
          name
            .replace(/^\s*type\s/, '')
            .split(/\sas\s|:/)[0]
            ?.trim() ?? '',
      )
      .filter((name) => name !== '' && !exported.has(name));
    assert.deepEqual(strange, [], 'otel-setup exports no such name');
  }
}

it('every block of TypeScript or JavaScript parses and imports what is exported', () => {
  assert.deepEqual(problems(failing(/^(?:ts|js|cjs)$/, checkCode)), []);
});

it('a page with each of these faults is caught', () => {
  const page = readPage(
    'docs/made-up.md',
    [
      '# A page [of](x.md) `code`',
      '[gone](gone.md) [no heading](../README.md#nowhere) [itself](#a-page-of-code)',
      '`LOG_ROOT`, `OTEL_BLRP_*`, `npm run tset`, `npx otel-setup doctor --rout alloy`',
      '```ts',
      "import { start } from 'otel-setup';",
      '```',
      '```json',
      '{ a: 1 }',
      '```',
    ].join('\n'),
  );
  const broken = links(page).filter(({ text }) => isBroken(page, text));
  assert.deepEqual(
    broken.map(({ text, line }) => `${line} ${text}`),
    ['1 x.md', '2 gone.md', '2 ../README.md#nowhere'],
  );
  const names = find(page.prose, variable);
  assert.deepEqual(
    names.filter(({ text }) => !isKnown(text)).map(({ text }) => text),
    ['LOG_ROOT'],
  );
  assert.equal(failing(/^ts$/, checkCode)(page).length, 1);
  assert.equal(failing(/^json$/, ({ text }) => JSON.parse(text))(page).length, 1);
  const [words = []] = typed(page).flatMap(({ text }) => wordsOf(text, 'otel-setup'));
  return unknownWords(words).then((told) => assert.equal(told, 'doctor has no --rout'));
});
