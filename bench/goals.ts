// The figures and what they may be. A ratio is to the stock pipeline in the same run; `overNone` first takes off what
// the same load costs without any logging.

type Goal = { readonly record: number; readonly memory: number };

export interface Row {
  readonly label: string;
  /** Question and figure. */
  readonly figure: `${string}.${string}`;
  readonly unit: string;
  readonly kind: 'ratio' | 'absolute' | 'lost';
  readonly overNone?: boolean;
  /** Missing: told, not judged. */
  readonly goal?: Goal;
}

const same = (goal: number): Goal => ({ record: goal, memory: goal });

export const rows: readonly Row[] = [
  {
    label: 'main-thread CPU a record',
    figure: 'cpu.mainUs',
    unit: 'µs',
    kind: 'ratio',
    goal: { record: 0.45, memory: 0.3 },
  },
  {
    label: 'process CPU a record',
    figure: 'cpu.processUs',
    unit: 'µs',
    kind: 'ratio',
    goal: { record: 0.55, memory: 0.38 },
  },
  {
    label: '`logger.info` p50',
    figure: 'latency.p50Us',
    unit: 'µs',
    kind: 'ratio',
    goal: { record: 0.7, memory: 0.45 },
  },
  { label: '`logger.info` p99', figure: 'latency.p99Us', unit: 'µs', kind: 'ratio' },
  { label: '`logger.info` p99.9', figure: 'latency.p999Us', unit: 'µs', kind: 'ratio' },
  {
    label: 'p99 event-loop delay added at 5,000 records/s',
    figure: 'loop-delay.p99Ms',
    unit: 'ms',
    kind: 'ratio',
    overNone: true,
    goal: { record: 0.3, memory: 0.15 },
  },
  {
    label: 'peak memory over no logging, burst of 100,000',
    figure: 'memory.peakMiB',
    unit: 'MiB',
    kind: 'ratio',
    overNone: true,
    goal: same(1),
  },
  {
    label: 'bytes on the wire a record',
    figure: 'wire.bytes',
    unit: 'B',
    kind: 'ratio',
    goal: same(0.075),
  },
  {
    label: 'cold start (import and init)',
    figure: 'cold-start.ms',
    unit: 'ms',
    kind: 'ratio',
    goal: same(1),
  },
  { label: 'cold start, process CPU', figure: 'cold-start.cpuMs', unit: 'ms', kind: 'ratio' },
  { label: 'the first call', figure: 'cold-start.firstCallMs', unit: 'ms', kind: 'ratio' },
  {
    label: 'a call below the level',
    figure: 'disabled.us',
    unit: 'µs',
    kind: 'absolute',
    goal: same(0.2),
  },
  {
    label: 'lost in a burst of 100,000, a loop turn every 100',
    figure: 'loss.burst',
    unit: '',
    kind: 'lost',
    goal: same(0),
  },
  {
    label: 'lost in a burst of 100,000 without a loop turn',
    figure: 'loss.tight',
    unit: '',
    kind: 'lost',
    goal: same(0),
  },
  {
    label: 'lost in an outage at 2,000/s',
    figure: 'loss.outage',
    unit: '',
    kind: 'lost',
    goal: same(0),
  },
  {
    label: 'lost of 1,000 at `process.exit`',
    figure: 'loss.exit',
    unit: '',
    kind: 'lost',
    goal: same(0),
  },
  {
    label: 'lost of 1,000 at an uncaught throw',
    figure: 'loss.throw',
    unit: '',
    kind: 'lost',
    goal: same(0),
  },
  {
    label: 'lost of 1,000 at SIGTERM',
    figure: 'loss.sigterm',
    unit: '',
    kind: 'lost',
    goal: same(0),
  },
];
