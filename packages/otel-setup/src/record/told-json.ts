// What an object's `toJSON` gives. Nobody waits for a promise: one that is rejected must not end the process.

import { types } from 'node:util';

export function toldJson(value: object, toJSON: (key: string) => unknown): unknown {
  const told = toJSON.call(value, '');
  if (types.isPromise(told)) {
    Promise.prototype.then.call(told, undefined, () => undefined);
  }
  return told;
}
