// The pages as a test reads them: prose, fenced blocks, links, anchors, and the variables that may be named.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** `<!-- needs an account -->`, `<!-- needs docker -->`, `<!-- needs a cluster -->` */
export type Need = 'account' | 'docker' | 'cluster';

export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** It cannot be run without this: the line before it says so. */
  readonly needs: Need | undefined;
}

export interface Page {
  readonly path: string;
  /** The page with every fenced block blanked; lines keep their numbers. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

const folders = [
  '*.md',
  'docs/**/*.md',
  'deploy/**/*.md',
  'packages/*/README.md',
  'test/**/*.md',
  'bench/*.md',
  '.github/*.md',
];

export function readPages(): Page[] {
  const paths = folders.flatMap((pattern) => globSync(pattern, { cwd: root }));
  return paths
    .filter((path) => !path.includes('node_modules'))
    .sort()
    .map((path) => readPage(path, readFileSync(join(root, path), 'utf8')));
}

const fenced = /^[ \t]*(`{3,})[ \t]*(\S*)[^\n]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm;

export function readPage(path: string, text: string): Page {
  const blocks: Block[] = [];
  const prose = text.replace(
    fenced,
    (whole, _fence, language: string, body: string, at: number) => {
      const before = text.slice(0, at).split('\n');
      const [, needs] =
        /^<!-- needs (?:an? )?(account|docker|cluster) -->$/.exec(before.at(-2)?.trim() ?? '') ??
        [];
      blocks.push({ language, text: body, line: before.length, needs: needs as Need | undefined });
      return whole.replace(/[^\n]+/g, '');
    },
  );
  if (/^[ \t]*```/m.test(prose)) throw new Error(`${path}: a block is never closed`);
  return { path, prose, blocks };
}

export interface Found {
  readonly text: string;
  readonly line: number;
}

export function find(text: string, pattern: RegExp, firstLine = 1): Found[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    text: match[1] ?? match[0],
    line: firstLine + text.slice(0, match.index).split('\n').length - 1,
  }));
}

/** Targets of links; what stands in backticks is no link. */
export function links({ prose }: Page): Found[] {
  const withoutCode = prose.replace(/`[^`\n]*`/g, (code) => '`'.repeat(code.length));
  return find(withoutCode, /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors({ prose }: Page): Set<string> {
  const slugs = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6}\s+(.+?)\s*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    let name = slug;
    for (let count = 1; slugs.has(name); count += 1) name = `${slug}-${count}`;
    slugs.add(name);
  }
  return slugs;
}

/** What a reader would type: code in the prose, and blocks for the shell. */
export function typed(page: Page): Found[] {
  const code = find(page.prose, /`([^`\n]+)`/g);
  const shell = page.blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text, line }) =>
      text.split('\n').map((each, index) => ({ text: each, line: line + 1 + index })),
    );
  return [...code, ...shell];
}

/** Names that pages may give though the SDK does not read them, by the reason. */
export const othersVariables: Readonly<Record<string, string>> = {
  GRAFANA_CLOUD_LOKI_URL: 'the doctor reads a record back with it',
  GRAFANA_CLOUD_LOKI_USER: 'the doctor reads a record back with it',
  GRAFANA_CLOUD_READ_TOKEN: 'the doctor reads a record back with it',
  LOKI_HOST: 'a habit of applications with winston-loki',
  LOKI_QUERY_URL: 'npm run smoke reads its records back with it',
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: "OpenTelemetry's auto-instrumentations read it",
  LOKI_BIN: 'the tests find the program with it',
  ALLOY_BIN: 'the tests find the program with it',
  ALLOY_LOG_FILES: 'deploy/alloy/small.alloy reads it',
  LOKI_PUSH_PORT: 'deploy/alloy/small.alloy reads it',
};
