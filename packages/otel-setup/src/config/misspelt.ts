// One wrong keystroke: a letter too many, too few, another one, or two swapped.

export function isOneEditAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  if (a.length === b.length) {
    const swapped = a[start] === b[start + 1] && a[start + 1] === b[start];
    return (
      a.slice(start + 1) === b.slice(start + 1) ||
      (swapped && a.slice(start + 2) === b.slice(start + 2))
    );
  }
  return a.length > b.length
    ? a.slice(start + 1) === b.slice(start)
    : a.slice(start) === b.slice(start + 1);
}

/** The one word meant, or undefined where none or several are near. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const near = words.filter((candidate) => isOneEditAway(word, candidate));
  return near.length === 1 ? near[0] : undefined;
}
