// Hot path: runs on the caller's thread for every record that a sampling rule looks at.
// Which records a sampling rule keeps: the verdict of otelcol.processor.probabilistic_sampler in its mode
// `proportional`, so that all of a trace is kept or none of it, wherever it is judged.

import { hash } from 'node:crypto';
import type { HrTime } from '@opentelemetry/api';
import type { MadeRecord } from '../made-record.ts';

/** The collector works with 56 bits, which are 14 hexadecimal digits, and rounds to 4 that matter. */
const bits = 56;
const digits = 14;
const precision = 4;

export function createSampler(rate: number): (record: MadeRecord) => boolean {
  const threshold = samplingThreshold(rate);
  return ({ spanContext, hrTime }) =>
    spanContext === undefined
      ? isAtLeast(timeRandomness(hrTime), 0, threshold)
      : isAtLeast(spanContext.traceId, spanContext.traceId.length - digits, threshold);
}

/**
 * The least randomness that is kept, as hexadecimal digits without the zeros behind them.
 * ProbabilityToThresholdWithPrecision in open-telemetry/opentelemetry-collector-contrib pkg/sampling.
 */
export function samplingThreshold(rate: number): string {
  const fraction = samplingPercentage(rate) / 100;
  if (fraction >= 1) {
    return '';
  }
  const extra = Math.max(leadingDigits(fraction), leadingDigits(1 - fraction));
  const shift = BigInt(4 * (digits - Math.min(digits, precision + extra)));
  const half = shift === 0n ? 0n : 1n << (shift - 1n);
  const exact = 2n ** BigInt(bits) - BigInt(Math.round(fraction * 2 ** bits));
  const rounded = ((exact + half) >> shift) << shift;
  return rounded.toString(16).padStart(digits, '0').replace(/0+$/, '');
}

/** The collector keeps its percentage in 32 bits. */
function samplingPercentage(rate: number): number {
  return Math.fround(rate * 100);
}

/** Whole hexadecimal digits of zeros behind the point. */
function leadingDigits(fraction: number): number {
  let zeros = 0;
  for (let rest = fraction; rest < 0.5 && zeros < bits; rest *= 2) {
    zeros++;
  }
  return Math.floor(zeros / 4);
}

/**
 * A record outside of any trace has nothing in common with others: its timestamp, which no other record of its
 * process shares, is as good as chance, and gives the same verdict again in Alloy.
 */
function timeRandomness([seconds, nanos]: HrTime): string {
  const time = BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanos));
  return hash('sha256', time.toString());
}

/** Whether the hexadecimal number at `from` is not below the threshold. */
function isAtLeast(text: string, from: number, threshold: string): boolean {
  for (let i = 0; i < threshold.length; i++) {
    // A trace id in capital letters is the same one.
    const digit = text.charCodeAt(from + i) | 0x20;
    const least = threshold.charCodeAt(i);
    if (digit !== least) {
      return digit > least;
    }
  }
  return true;
}
