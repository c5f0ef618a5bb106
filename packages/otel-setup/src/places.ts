// Hot path: runs on the caller's thread for every record.
// What the records of one resource and scope share: their definition in the spool, and what its copies leave them of Loki's limits.

import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { encodeDefinition } from './encode/encode-definition.ts';
import type { PlainEncoder } from './encode/plain-encoder.ts';
import type { Definition } from './record/batch.ts';
import type { Changed } from './record/fit-record.ts';
import type { FromEmitted } from './record/from-emitted.ts';
import type { Limits } from './record/limits.ts';
import { fitResource, fitScope, indexLabels, limitsFor } from './record/resource.ts';
import type { ToRecord } from './record/to-record.ts';

export interface Place {
  /** Its number in the spool. */
  readonly definition: number;
  readonly toRecord: ToRecord;
  readonly fromEmitted: FromEmitted;
  /** For calls of which no record needs to be made. */
  readonly plain: PlainEncoder;
  /** False once the resource has grown: detectors were at work when this was made. */
  isCurrent: boolean;
}

export interface PlaceOptions {
  readonly limits: { readonly attributeCount: number; readonly attributeValueLength: number };
  toRecord(limits: Limits): ToRecord;
  fromEmitted(limits: Limits): FromEmitted;
  plain(limits: Limits): PlainEncoder;
  define(definition: Definition): number;
  readonly changed: Changed;
  /** Attributes that would have become index labels of records whose stream is chosen already. */
  lateLabels(names: readonly string[]): void;
}

export class Places {
  readonly #options: PlaceOptions;
  readonly #known = new WeakMap<Resource, WeakMap<InstrumentationScope, Place>>();
  /** The index labels that a resource had at first: they do not change, or a stream would split. */
  readonly #labels = new WeakMap<Resource, ReadonlySet<string>>();

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  of(resource: Resource, scope: InstrumentationScope): Place {
    let byScope = this.#known.get(resource);
    if (byScope === undefined) {
      byScope = new WeakMap();
      this.#known.set(resource, byScope);
    }
    let place = byScope.get(scope);
    if (place?.isCurrent !== true) {
      place = this.#make(resource, scope);
      byScope.set(scope, place);
    }
    return place;
  }

  #make(resource: Resource, scope: InstrumentationScope): Place {
    const { changed, define, limits: configured, toRecord, fromEmitted, plain } = this.#options;
    const shared = fitResource(this.#attributesOf(resource));
    const fitted = fitScope(scope);
    if (shared.changed.length > 0) {
      changed('resource_changed', 1, shared.changed);
    }
    if (fitted.changed.length > 0) {
      changed('scope_changed', 1, fitted.changed);
    }
    const { attributes } = shared;
    const definition = define(
      encodeDefinition({ attributes, schemaUrl: resource.schemaUrl }, { ...scope, ...fitted }),
    );
    const limits = limitsFor([shared.copies, fitted.copies], configured);
    const place: Place = {
      definition,
      toRecord: toRecord(limits),
      fromEmitted: fromEmitted(limits),
      plain: plain(limits),
      isCurrent: true,
    };
    whenSettled(resource, () => {
      place.isCurrent = false;
    });
    return place;
  }

  #attributesOf(resource: Resource): (readonly [string, unknown])[] {
    const given = rawAttributes(resource);
    const known = this.#labels.get(resource);
    if (known === undefined) {
      const settled = given.filter(([, value]) => !(value instanceof Promise));
      this.#labels.set(resource, new Set(settled.map(([key]) => key)));
      return settled;
    }
    const isLate = ([key, value]: readonly [string, unknown]) =>
      indexLabels.has(key) && !known.has(key) && value !== undefined;
    const late = given.filter(isLate).map(([key]) => key);
    if (late.length > 0) {
      this.#options.lateLabels(late);
    }
    return given.filter((attribute) => !isLate(attribute));
  }
}

/** `attributes` of a resource whose detectors are at work tells `diag` of an error. */
function rawAttributes(resource: Resource): readonly (readonly [string, unknown])[] {
  return typeof resource.getRawAttributes === 'function'
    ? resource.getRawAttributes()
    : Object.entries((resource as Pick<Resource, 'attributes'>).attributes);
}

function whenSettled(resource: Resource, run: () => void): void {
  if (resource.asyncAttributesPending === true) {
    // It never rejects; one of a foreign make that does has nothing more to give.
    resource.waitForAsyncAttributes?.().then(run, () => undefined);
  }
}
