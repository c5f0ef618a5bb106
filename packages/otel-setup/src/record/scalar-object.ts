// Objects that stand for one value. The built-in readers are called, never what an instance or a subclass puts over them.

import { types } from 'node:util';

/** How many of so many bytes may be taken. */
type Allow = (bytes: number) => number;

/** A primitive or bytes; undefined for every other object. */
export function scalarOf(value: object, allow: Allow): unknown {
  if (Array.isArray(value)) {
    return undefined;
  }
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'Invalid Date' : Date.prototype.toISOString.call(value);
  }
  if (types.isUint8Array(value)) {
    return bytesOf(typedArrays, value, allow);
  }
  if (types.isDataView(value)) {
    return bytesOf(DataView.prototype, value, allow);
  }
  if (types.isAnyArrayBuffer(value)) {
    return bytesOf(DataView.prototype, new DataView(value), allow);
  }
  if (types.isRegExp(value)) {
    return RegExp.prototype.toString.call(value);
  }
  if (types.isBoxedPrimitive(value)) {
    return unboxed(value);
  }
  return opaque(value);
}

const typedArrays: object = Object.getPrototypeOf(Uint8Array.prototype);

/** `prototype` has the getters. */
function bytesOf(prototype: object, view: ArrayBufferView, allow: Allow): Uint8Array {
  const buffer: ArrayBuffer = Reflect.get(prototype, 'buffer', view);
  const start: number = Reflect.get(prototype, 'byteOffset', view);
  const length: number = Reflect.get(prototype, 'byteLength', view);
  return new Uint8Array(buffer, start, allow(length));
}

function unboxed(value: object): unknown {
  if (types.isNumberObject(value)) {
    return Number.prototype.valueOf.call(value);
  }
  if (types.isStringObject(value)) {
    return String.prototype.valueOf.call(value);
  }
  if (types.isBooleanObject(value)) {
    return Boolean.prototype.valueOf.call(value);
  }
  return types.isBigIntObject(value)
    ? BigInt.prototype.valueOf.call(value)
    : Symbol.prototype.valueOf.call(value);
}

/** What cannot be looked into, or must not be: reading an iterator would use it up. */
function opaque(value: object): string | undefined {
  if (types.isPromise(value)) {
    return '[Promise]';
  }
  if (types.isWeakMap(value)) {
    return '[WeakMap]';
  }
  if (types.isWeakSet(value)) {
    return '[WeakSet]';
  }
  return types.isGeneratorObject(value) ? '[Generator]' : undefined;
}
