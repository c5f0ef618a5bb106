// Figures of the pages that the code owns: defaults and limits, wherever a page says them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { type Page, readPage, readPages, root } from './page.ts';

interface Figure {
  readonly name: string;
  /** Of packages/otel-setup/src, and where in it the number stands: a product, perhaps. */
  readonly source: readonly [string, RegExp];
  /** The number's unit as the page has it, as so many of the code's. */
  readonly unit?: number;
  /** How pages say it. */
  readonly says: RegExp;
  /** @default docs/** and READMEs */
  readonly only?: RegExp;
}

const [KiB, MiB, second, day] = [1024, 1024 ** 2, 1_000, 86_400_000];

const figures: readonly Figure[] = [
  {
    name: 'the cap of the spool',
    source: ['spool/usage.ts', /onKubernetes \? \d+ : (\d+)\)/],
    says: /(?:disk cap \(|, |\| |`)(\d+) ?MiB`?[;,] `?128/g,
  },
  {
    name: 'the cap on Kubernetes',
    source: ['spool/usage.ts', /onKubernetes \? (\d+) :/],
    says: /`?(\d+) ?MiB`? (?:on Kubernetes|is the default on Kubernetes)/g,
  },
  {
    name: 'the cap on a tmpfs',
    source: ['spool/usage.ts', /return (\d+) \* mebibyte/],
    says: /`?(\d+) ?MiB`? on a tmpfs/g,
  },
  {
    name: 'the ring in memory',
    source: ['spool/own-spool.ts', /defaultRingBytes = ([\d *]+)/],
    unit: MiB,
    says: /(?:memory \(|ring of (?:at most )?|holds \(|wait in )(\d+) MiB/g,
  },
  {
    name: 'a segment',
    source: ['spool/own-spool.ts', /largestSegment = ([\d *]+)/],
    unit: KiB,
    says: /(?:Segments are |when that has )(\d+) KiB/g,
  },
  {
    name: 'days in quarantine',
    source: ['spool/quarantine.ts', /maxAgeMs = ([\d_ *]+)/],
    unit: day,
    says: /(?:quarantine for|kept for|kept aside for) (\d+) days/g,
  },
  {
    name: 'bytes in quarantine',
    source: ['spool/quarantine.ts', /^const maxBytes = ([\d_ *]+)/m],
    unit: MiB,
    says: /7 days or (\d+) MiB/g,
  },
  {
    name: 'the end of a process',
    source: ['lifecycle/lifecycle.ts', /naturalMs: (\d+)/],
    unit: second,
    says: /(?:up to 0\.5 s or|[Aa]t most|needs up to|in up to|for at most|within the first|what) (\d+) s(?:econds)?(?: are added| of it|; the rest|\.| of SIGTERM| send|, 0)/g,
    only: /README|guarantees\.md|platforms|fly|kubernetes/,
  },
  {
    name: 'process.exit',
    source: ['lifecycle/lifecycle.ts', /exitMs: (\d+)/],
    unit: second,
    says: /(?:up to |signal, |worker thread, )(\d\.\d) s(?= or 2 s| at `process\.exit`| at most)/g,
  },
  {
    name: 'flush()',
    source: ['lifecycle/finish.ts', /FLUSH_MS = ([\d_]+)/],
    unit: second,
    says: /(?<=^\| `flush` \|.*Default )(\d+) s/gm,
  },
  {
    name: 'shutdown()',
    source: ['lifecycle/finish.ts', /SHUTDOWN_MS = ([\d_]+)/],
    unit: second,
    says: /(?<=^\| `shutdown` \|.*Default )(\d+) s/gm,
  },
  {
    name: 'one attempt',
    source: ['config/load-config.ts', /timeoutMs \?\? ([\d_]+)/],
    says: /milliseconds of one attempt \| (\d+)/g,
  },
  {
    name: 'the body of a record',
    source: ['record/resource.ts', /lineBytes: (\d+ \* \d+)/],
    unit: KiB,
    says: /body: (\d+) KiB/g,
  },
  {
    name: 'the attributes of a record',
    source: ['record/resource.ts', /attributeBytes: (\d+ \* \d+) - /],
    unit: KiB,
    says: /attributes: (\d+) KiB/g,
  },
  {
    name: 'the entries of a record',
    source: ['record/resource.ts', /attributeCount, (\d+) - /],
    says: /\| (\d+) entries: each leaf|attributeCountLimit` \| number \| (\d+)/g,
  },
  {
    name: 'levels of a value',
    source: ['record/render-value.ts', /maxDepth = (\d+)/],
    says: /(?:deeper than|At most) (\d+) levels/g,
  },
  {
    name: 'values of a record',
    source: ['record/render-value.ts', /maxValues = ([\d_]+)/],
    says: /([\d,]+) values(?= in one record|, 256)/g,
  },
  {
    name: 'characters of one text',
    source: ['record/text-budget.ts', /maxLength = ([\d_]+)/],
    unit: KiB,
    says: /(\d+) Ki characters of one text/g,
  },
  {
    name: 'characters of all texts',
    source: ['record/text-budget.ts', /maxTotal = ([\d_]+)/],
    unit: KiB,
    says: /and (\d+) Ki of all/g,
  },
  {
    name: 'fields',
    source: ['record/draft.ts', /maxFields = ([\d_]+)/],
    says: /more than ([\d,]+) fields/g,
  },
  {
    name: 'the name of an event',
    source: ['record/fit-record.ts', /maxEventNameBytes = (\d+)/],
    says: /event name: (\d+) bytes/g,
  },
  {
    name: 'the text of a severity',
    source: ['record/fit-record.ts', /maxSeverityTextBytes = (\d+)/],
    says: /severity text: (\d+) bytes/g,
  },
  {
    name: 'the value of a label',
    source: ['record/resource.ts', /maxLabelBytes = ([\d_]+)/],
    says: /label value: ([\d,]+) bytes/g,
  },
  {
    name: 'labels',
    source: ['record/resource.ts', /maxLabels = (\d+)/],
    says: /\| (\d+) labels besides/g,
  },
  {
    name: 'attributes of a resource',
    source: ['record/resource.ts', /resourceRoom = \{ entries: (\d+)/],
    says: /resource: (\d+) copied attributes/g,
  },
  {
    name: 'bytes of a resource',
    source: ['record/resource.ts', /resourceRoom = \{ entries: \d+, bytes: ([\d *]+)/],
    unit: KiB,
    says: /resource: \d+ copied attributes, (\d+) KiB/g,
  },
  {
    name: 'attributes of a scope',
    source: ['record/resource.ts', /scopeRoom = \{ entries: (\d+)/],
    says: /scope: (\d+) attributes/g,
  },
  {
    name: 'time of detectors',
    source: ['detected-resource.ts', /maxDetectMs = ([\d_]+)/],
    unit: second,
    says: /does not wait for them, and have (\d+) s/g,
  },
  {
    name: 'what is read of an answer',
    source: ['deliver/http-post.ts', /maxBodyBytes: number = ([\d *]+)/],
    unit: KiB,
    says: /What a server answers is cut at (\d+) KiB/g,
  },
  {
    name: 'an idle connection',
    source: ['deliver/sender.ts', /idleMs = (\d+)/],
    unit: second,
    says: /closed after (\d+) s without one/g,
  },
  {
    name: 'a slow write',
    source: ['spool/disk.ts', /slowWriteMs = (\d+)/],
    says: /writes take more than (\d+) ms/g,
  },
  {
    name: 'a disk that is full',
    source: ['spool/disk.ts', /floorShare = 0\.0?(\d+)/],
    says: /less than (\d+) % is free/g,
  },
  {
    name: 'characters that a pattern of JavaScript sees',
    source: ['record/processing/text-pattern.ts', /maxScanned = ([\d_]+)/],
    says: /sees the first ([\d,]+) characters/g,
  },
];

/** A number as code has it: `64 * 1024`, `10_000`. */
function product(text: string): number {
  return text
    .split('*')
    .map((factor) => Number(factor.replaceAll(/[_, ]/g, '')))
    .reduce((all, factor) => all * factor, 1);
}

function ofCode({ source: [path, where], unit = 1 }: Figure): number {
  const text = readFileSync(join(root, 'packages/otel-setup/src', path), 'utf8');
  return product(where.exec(text)?.[1] ?? 'nowhere') / unit;
}

/** Where pages say the figure, and which. */
function said({ says, only }: Figure, pages: readonly Page[]): { place: string; value: number }[] {
  return pages
    .filter(({ path }) => only === undefined || only.test(path))
    .flatMap(({ path, prose }) =>
      Array.from(prose.matchAll(says), ([text, first, second]) => ({
        place: `${path}: ${text}`,
        value: product(first ?? second ?? ''),
      })),
    );
}

const pages = readPages();

function wrong(figure: Figure, among: readonly Page[]): string[] {
  const due = ofCode(figure);
  return said(figure, among)
    .filter(({ value }) => value !== due)
    .map(({ place, value }) => `${place}: ${value}, not ${due}`);
}

for (const figure of figures) {
  it(`${figure.name} is the code's`, () => {
    assert.ok(Number.isFinite(ofCode(figure)), `not found in ${figure.source[0]}`);
    assert.ok(said(figure, pages).length > 0, 'no page says it any more');
    assert.deepEqual(wrong(figure, pages), []);
  });
}

it("the doctor's exit codes are those of its help", () => {
  const help = readFileSync(join(root, 'packages/otel-setup/src/cli/doctor/help.ts'), 'utf8');
  const [line = ''] = /Exit codes: .*/.exec(help) ?? [];
  const page = readFileSync(join(root, 'docs/doctor.md'), 'utf8');
  assert.match(line, /0 .*1 .*2 /);
  assert.ok(page.includes(line.slice(0, -1)), line);
});

const upByOne = (digit: string): string => `${(Number(digit) + 1) % 10}`;

it('each figure that is changed in a page is seen', () => {
  for (const figure of figures) {
    const due = ofCode(figure);
    const changed = pages.map(({ path, prose }) =>
      readPage(
        path,
        prose.replaceAll(figure.says, (text) =>
          [due.toLocaleString('en'), `${due}`].reduce(
            (all, number) => all.replace(number, number.replaceAll(/\d/g, upByOne)),
            text,
          ),
        ),
      ),
    );
    assert.notDeepEqual(wrong(figure, changed), [], figure.name);
  }
});
