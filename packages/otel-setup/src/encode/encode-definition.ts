// Resource and scope, encoded once: the part of a request that all its records share.

import type { Definition } from '../record/batch.ts';
import type { AnyValue } from '../record/log-record.ts';
import { encodeKeyValue, KeyPrefixes } from './encode-value.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

export interface ResourceLike {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl?: string | undefined;
}

export interface ScopeLike {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

/** Throws nothing: an attribute without a value, or one that is still a promise, is left out. */
export function encodeDefinition(resource: ResourceLike, scope: ScopeLike): Definition {
  return { resource: encodeResource(resource), scope: encodeScope(scope) };
}

function encodeResource(resource: ResourceLike): Uint8Array {
  const writer = new ProtobufWriter();
  writer.byte(0x0a);
  const start = writer.open();
  encodeAttributes(writer, 0x0a, resource.attributes);
  writer.reserve(2);
  writer.byte(0x10);
  writer.byte(0);
  writer.close(start);
  encodeSchemaUrl(writer, resource.schemaUrl);
  return writer.copyFrom(0);
}

function encodeScope(scope: ScopeLike): Uint8Array {
  const writer = new ProtobufWriter();
  writer.byte(0x0a);
  const start = writer.open();
  writer.byte(0x0a);
  writer.text(scope.name);
  if (scope.version) {
    writer.reserve(2);
    writer.byte(0x12);
    writer.text(scope.version);
  }
  encodeAttributes(writer, 0x1a, scope.attributes ?? {});
  if (scope.droppedAttributesCount) {
    writer.reserve(8);
    writer.byte(0x20);
    writer.varint(scope.droppedAttributesCount);
  }
  writer.close(start);
  encodeSchemaUrl(writer, scope.schemaUrl);
  return writer.copyFrom(0);
}

function encodeSchemaUrl(writer: ProtobufWriter, schemaUrl: string | undefined): void {
  if (schemaUrl) {
    writer.reserve(2);
    writer.byte(0x1a);
    writer.text(schemaUrl);
  }
}

function encodeAttributes(
  writer: ProtobufWriter,
  tag: number,
  attributes: Readonly<Record<string, unknown>>,
): void {
  const keys = new KeyPrefixes();
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && !(value instanceof Promise)) {
      encodeKeyValue(writer, tag, keys.get(key), value as AnyValue);
    }
  }
}
