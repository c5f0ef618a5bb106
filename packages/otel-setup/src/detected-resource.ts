// The resource of the pipeline: what the configuration says, and what OpenTelemetry's detectors find besides.

import {
  type Resource,
  type ResourceDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { Config } from './config/config.ts';
import type { Notice } from './errors.ts';
import { reasonOf } from './reason.ts';
import { isThenable } from './thenable.ts';
import type { Clock, Timer } from './world.ts';

const maxDetectMs = 2_000;

export interface DetectOptions {
  readonly configured: Config['resource'];
  readonly detectors: readonly ResourceDetector[];
  readonly clock: Clock;
  readonly notice: (notice: Notice) => void;
}

/**
 * What is configured beats what is found; of two detectors the later one does. Values that are still
 * promises join when all have settled, after 2 s at the latest. A detector that fails costs a notice.
 */
export function detectResource(options: DetectOptions): Resource {
  const { configured, detectors } = options;
  const found: Record<string, unknown> = {};
  const waiting = new Waiting(options);
  for (const detector of detectors) {
    for (const [key, value] of detect(detector, options)) {
      found[key] = isThenable(value) ? waiting.bounded(detector, value) : value;
    }
  }
  waiting.begin();
  const isFallback = String(configured['service.name']).startsWith('unknown_service');
  const named = isFallback ? { 'service.name': found['service.name'] } : {};
  const attributes = { ...found, ...configured, ...withoutUndefined(named) };
  return resourceFromAttributes(attributes as never);
}

function detect(detector: ResourceDetector, { notice }: DetectOptions): [string, unknown][] {
  try {
    const detected = detector.detect({ detectors: [] });
    if (isThenable(detected)) {
      // As in SDK 1.x. Without these two its failure would end the process.
      detected.then(
        () => notice(failure(detector, 'its detect() is asynchronous, as in SDK 1.x')),
        (error: unknown) => notice(failure(detector, reasonOf(error))),
      );
      return [];
    }
    return Object.entries(detected.attributes ?? {});
  } catch (error) {
    notice(failure(detector, reasonOf(error)));
    return [];
  }
}

function withoutUndefined(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** The values that come later, and the one timer that ends the wait for all of them. */
class Waiting {
  readonly #options: DetectOptions;
  readonly #late = new Map<ResourceDetector, number>();
  readonly #failed = new Set<ResourceDetector>();
  #pending = 0;
  #timer: Timer | undefined;
  #giveUp: () => void = () => undefined;
  readonly #over: Promise<undefined>;

  constructor(options: DetectOptions) {
    this.#options = options;
    this.#over = new Promise((resolve) => {
      this.#giveUp = () => resolve(undefined);
    });
  }

  bounded(detector: ResourceDetector, value: PromiseLike<unknown>): Promise<unknown> {
    this.#pending++;
    this.#late.set(detector, (this.#late.get(detector) ?? 0) + 1);
    const settled = Promise.resolve(value).then(
      (found) => {
        this.#settle(detector);
        return found;
      },
      (error: unknown) => {
        this.#settle(detector);
        this.#fail(detector, reasonOf(error));
        return undefined;
      },
    );
    return Promise.race([settled, this.#over]);
  }

  begin(): void {
    if (this.#pending === 0) {
      return;
    }
    this.#timer = this.#options.clock.setTimeout(() => {
      for (const [detector, count] of this.#late) {
        if (count > 0) {
          this.#fail(detector, `no answer within ${maxDetectMs / 1_000} s`);
        }
      }
      this.#giveUp();
    }, maxDetectMs);
    this.#timer.unref();
  }

  #settle(detector: ResourceDetector): void {
    this.#late.set(detector, (this.#late.get(detector) ?? 1) - 1);
    this.#pending--;
    if (this.#pending === 0 && this.#timer !== undefined) {
      this.#options.clock.clearTimeout(this.#timer);
    }
  }

  #fail(detector: ResourceDetector, reason: string): void {
    if (!this.#failed.has(detector)) {
      this.#failed.add(detector);
      this.#options.notice(failure(detector, reason));
    }
  }
}

function failure(detector: ResourceDetector, reason: string): Notice {
  const name = detector.constructor?.name || 'without a name';
  return {
    code: 'OTEL_SETUP_RESOURCE_DETECTOR',
    level: 'warn',
    message: `The resource detector ${name} failed (${reason}): records go without what it would have found. Mend it, or take it out of init({ resourceDetectors }).`,
  };
}
