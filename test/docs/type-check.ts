// The pages' code as files that the compiler reads: what a fragment takes from its surroundings is declared before it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Found, find, type Page, root } from './page.ts';

export interface Piece {
  readonly place: string;
  readonly text: string;
  readonly ending: '.ts' | '.mjs' | '.cjs';
}

/** The blocks, and in the prose each whole `init({ ... })`, `stats()...`, `flush()` and `shutdown()`. */
export function piecesOf(page: Page): Piece[] {
  const blocks = page.blocks
    .filter(({ language }) => /^(?:ts|js|cjs)$/.test(language))
    .map(({ language, text, line }): Piece => {
      const isModule = /^\s*import |\bimport\.meta\b/m.test(text);
      const ending = language === 'ts' ? '.ts' : isModule ? '.mjs' : '.cjs';
      return { place: `${page.path}:${line}`, text, ending };
    });
  const whole =
    /^(?:init\(\{.*\}\)|(?:init\(\)\.)?stats\(\)[\w.]*|(?:await )?(?:flush|shutdown)\(.*\));?$/;
  const seen = new Set<string>();
  const isNew = ({ text }: Found) => whole.test(text) && !seen.has(text) && Boolean(seen.add(text));
  const inline = find(page.prose, /(?<!`)`([^`\n]+)`(?!`)/g)
    .filter(isNew)
    .map(({ text, line }): Piece => ({ place: `${page.path}:${line}`, text, ending: '.ts' }));
  return [...blocks, ...inline];
}

const option = (name: string) =>
  `declare const ${name}: NonNullable<Parameters<typeof import('otel-setup').init>[0]>['${name}'];`;

/** What a fragment may use without saying where it comes from. */
const surroundings: Readonly<Record<string, string>> = {
  logger: "declare const logger: import('winston').Logger;",
  init: "import { init } from 'otel-setup';",
  stats: "declare const stats: import('otel-setup').Telemetry['stats'];",
  flush: "declare const flush: import('otel-setup').Telemetry['flush'];",
  shutdown: "declare const shutdown: import('otel-setup').Telemetry['shutdown'];",
  placeOrder:
    'declare function placeOrder(id: number, env: Record<string, string>): Promise<void>;',
  torture: "import { torture } from '../../../test/torture/torture.ts';",
  sized: "import { sized } from '../../../test/torture/settings.ts';",
};
/** The same for a file of JavaScript, which declares nothing. */
const inJavaScript: Readonly<Record<string, string>> = {
  logger:
    "const logger = /** @type {import('winston').Logger} */ (/** @type {unknown} */ (undefined));",
};

/** Packages that pages name and the repository does not install. */
const packages = `declare module '@opentelemetry/resource-detector-aws' {
  export const awsEcsDetector: import('@opentelemetry/resources').ResourceDetector;
}
declare module '@opentelemetry/exporter-metrics-otlp-proto' {
  import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
  export const OTLPMetricExporter: new (options: { url: string }) => PushMetricExporter;
}
`;

/** The piece with what it lacks before its first line, in one line. */
function complete({ text, ending }: Piece): string {
  const used = (name: string) => new RegExp(`(?<![.\\w'])${name}\\b(?!\\w*:)`).test(text);
  const declares = (name: string) =>
    new RegExp(`(?:import|const|function)\\s*[^=;]*\\b${name}\\b`).test(text);
  const known = ending === '.ts' ? surroundings : inJavaScript;
  const before = Object.keys(known).filter((name) => used(name) && !declares(name));
  // In init({ name }) the name is an option, and a variable of the reader's.
  const [, shorthand] = /^init\(\{ (\w+) \}\);?$/.exec(text) ?? [];
  const isOption = shorthand !== undefined && !(shorthand in known);
  const lines = [...before.map((name) => known[name]), ...(isOption ? [option(shorthand)] : [])];
  return `${lines.join(' ')}\n${text}\n`;
}

const settings = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    declaration: false,
    isolatedDeclarations: false,
    allowJs: true,
    checkJs: true,
    verbatimModuleSyntax: false,
    moduleDetection: 'force',
  },
};

/** What the compiler has against the pieces, each with its place; one run for all. */
export function compile(pieces: readonly Piece[]): string[] {
  // Within the repository, so that the packages are found.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'pages-'));
  try {
    const names = pieces.map((piece, index) => {
      const name = `piece-${index}${piece.ending}`;
      writeFileSync(join(folder, name), complete(piece));
      return name;
    });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'packages.d.ts'), packages);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ ...settings, files: ['packages.d.ts', ...names] }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [tsc, '-p', folder, '--pretty', 'false'],
      {
        encoding: 'utf8',
        cwd: folder,
      },
    );
    return `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith(' '))
      .map((line) =>
        line.replace(
          /^.*?piece-(\d+)\.\w+\((\d+),\d+\)/,
          (_whole, index: string, at: string) =>
            `${pieces[Number(index)]?.place} (its line ${Number(at) - 1})`,
        ),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
