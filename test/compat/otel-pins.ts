// The exact versions of the OpenTelemetry packages that must move together, read from and written
// into the text of a package.json.

/** Package name to version, for every @opentelemetry dependency of one package.json. */
export type Pins = ReadonlyMap<string, string>;

const pin = /"(@opentelemetry\/[^"]+)":(\s*)"[\^~]?(\d[^"]*)"/g;

export function readPins(packageJson: string): Pins {
  return new Map(
    [...packageJson.matchAll(pin)].map(([, name = '', , version = '']) => [name, version]),
  );
}

/** The same text with every pin on an old version moved to its new one, made exact; the rest stays. */
export function movePins(packageJson: string, moves: Pins): string {
  return packageJson.replace(pin, (found, name: string, space: string) => {
    const version = moves.get(name);
    return version === undefined ? found : `"${name}":${space}"${version}"`;
  });
}

export interface Line {
  readonly from: string;
  readonly to: string;
}

/**
 * Which packages move: those of the stable line (sdk-logs and its like) and those of the experimental
 * line (the exporters), recognised by the version they are on now. Others have a rhythm of their own.
 */
export function planMoves(
  pins: Pins,
  lines: readonly Line[],
): { moves: Pins; others: readonly string[] } {
  const moves = new Map<string, string>();
  const others: string[] = [];
  for (const [name, version] of pins) {
    const line = lines.find(({ from }) => from === version);
    if (line) moves.set(name, line.to);
    else others.push(`${name} ${version}`);
  }
  return { moves, others };
}
