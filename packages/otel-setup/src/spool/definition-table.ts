// Resources and scopes by number: the same number for byte-equal ones.

import type { Definition } from '../record/batch.ts';

export interface KnownDefinition extends Definition {
  readonly id: number;
  /** Equal for definitions with byte-equal resources. */
  readonly resourceKey: number;
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export class DefinitionTable {
  readonly list: KnownDefinition[] = [];
  readonly #ids = new Map<string, number>();
  readonly #resourceKeys = new Map<string, number>();
  // Callers define the same object again and again; its bytes are looked at once.
  readonly #seen = new WeakMap<Definition, number>();

  define(definition: Definition): number {
    const seen = this.#seen.get(definition);
    if (seen !== undefined) return seen;
    const id = this.#intern(definition.resource, definition.scope);
    this.#seen.set(definition, id);
    return id;
  }

  #intern(resource: Uint8Array, scope: Uint8Array): number {
    const resourceText = keyOf(resource);
    const key = `${resource.length}:${resourceText}${keyOf(scope)}`;
    const present = this.#ids.get(key);
    if (present !== undefined) return present;
    const resourceKey = this.#resourceKeys.get(resourceText) ?? this.#resourceKeys.size;
    this.#resourceKeys.set(resourceText, resourceKey);
    const id = this.list.length;
    this.list.push({
      id,
      resourceKey,
      resource: Uint8Array.from(resource),
      scope: Uint8Array.from(scope),
    });
    this.#ids.set(key, id);
    return id;
  }
}

/** The payload of a definition's frame: u32 length of the resource | resource | scope. */
export function definitionPayload(definition: Definition): Buffer {
  const { resource, scope } = definition;
  const payload = Buffer.allocUnsafe(4 + resource.length + scope.length);
  payload.writeUInt32LE(resource.length, 0);
  payload.set(resource, 4);
  payload.set(scope, 4 + resource.length);
  return payload;
}

export function readDefinition(payload: Buffer): Definition | undefined {
  if (payload.length < 4) return undefined;
  const scopeAt = 4 + payload.readUInt32LE(0);
  if (scopeAt > payload.length) return undefined;
  return { resource: payload.subarray(4, scopeAt), scope: payload.subarray(scopeAt) };
}
