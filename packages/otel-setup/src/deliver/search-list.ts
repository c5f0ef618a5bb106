// The full names that a host name may stand for, as /etc/resolv.conf has them tried: Kubernetes and
// Compose answer for `alloy` and `alloy.monitoring` only with a suffix.

const mostDots = 15;

/** In their order. `text` is the content of resolv.conf, '' where there is none. */
export function candidatesOf(name: string, text: string): readonly string[] {
  if (name.endsWith('.')) return [name];
  let suffixes: readonly string[] = [];
  let enoughDots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === 'search' || keyword === 'domain') suffixes = words;
    if (keyword === 'options') enoughDots = ndotsIn(words) ?? enoughDots;
  }
  const longer = suffixes
    .map((suffix) => suffix.replace(/\.$/, ''))
    .filter((suffix) => suffix !== '')
    .map((suffix) => `${name}.${suffix}`);
  const isFull = name.split('.').length - 1 >= enoughDots;
  return isFull ? [name, ...longer] : [...longer, name];
}

function ndotsIn(words: readonly string[]): number | undefined {
  const digits = words.map((word) => /^ndots:(\d+)$/.exec(word)?.[1]).findLast(Boolean);
  return digits === undefined ? undefined : Math.min(mostDots, Number(digits));
}
