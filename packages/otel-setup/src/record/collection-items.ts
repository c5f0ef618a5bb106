// What a Map or a Set holds, read by the built-in iterators whatever a subclass puts over them.

export function setItems(set: Set<unknown>, max: number): unknown[] {
  const items: unknown[] = [];
  for (const item of Set.prototype.values.call(set)) {
    if (items.push(item) === max) {
      break;
    }
  }
  return items;
}

export function mapEntries(map: Map<unknown, unknown>, max: number): [unknown, unknown][] {
  const entries: [unknown, unknown][] = [];
  for (const entry of Map.prototype.entries.call(map)) {
    if (entries.push(entry) === max) {
      break;
    }
  }
  return entries;
}

/** Every key is a primitive, and so has a text of its own. */
export function haveNames(entries: readonly [unknown, unknown][]): boolean {
  return entries.every(([key]) => typeof key !== 'function' && (typeof key !== 'object' || !key));
}
